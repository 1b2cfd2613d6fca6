package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A location of a server: which paths it takes, and what is said in it.
 *
 * @param kind as written: empty for a prefix, {@code = ^~ ~ ~*}
 * @param text the path or the expression
 * @param directive the block; the server's own for what no location takes
 */
record Location(String kind, String text, Directive directive, Scope scope) {
    static Location of(Directive directive, Scope server) {
        boolean modified = directive.arguments().size() > 1;
        return new Location(
                modified ? directive.argument(0) : "",
                directive.argument(modified ? 1 : 0),
                directive,
                server.within(directive.inner()));
    }

    boolean isRegex() {
        return kind.startsWith("~");
    }

    private boolean isPrefix() {
        return kind.isEmpty() || kind.equals("^~");
    }

    /** The path pattern of a document; empty for everything. */
    String path() {
        if (isRegex()) {
            return "~" + (kind.equals("~*") ? "(?i)" : "") + Terms.named(text);
        }
        if (kind.equals("=")) {
            return text;
        }
        return text.equals("/") ? "" : text.endsWith("/") ? text + "*" : text + "**";
    }

    /**
     * The order in which a document must try them so that each path goes where nginx sends it: exact ones; prefixes that are final;
     * expressions as they stand in the file; other prefixes, the longest first.
     */
    static List<Location> ordered(List<Location> locations) {
        List<Location> ordered = new ArrayList<>(
                locations.stream().filter(each -> each.kind.equals("=")).toList());
        Comparator<Location> longest =
                Comparator.comparingInt((Location each) -> each.text.length()).reversed();
        locations.stream()
                .filter(each -> each.kind.equals("^~"))
                .sorted(longest)
                .forEach(ordered::add);
        locations.stream().filter(Location::isRegex).forEach(ordered::add);
        locations.stream().filter(each -> each.kind.isEmpty()).sorted(longest).forEach(ordered::add);
        return ordered;
    }

    /**
     * The conditions that a rule of this location needs. A final prefix is not final for what a longer, plain prefix takes.
     *
     * @param all locations of the server
     */
    Map<String, Object> when(List<Location> all) {
        Map<String, Object> when = new LinkedHashMap<>();
        if (!path().isEmpty()) {
            when.put("path", path());
        }
        if (kind.equals("^~")) {
            List<String> longer = all.stream()
                    .filter(each ->
                            each.kind.isEmpty() && each.text.length() > text.length() && each.text.startsWith(text))
                    .map(Location::path)
                    .toList();
            if (!longer.isEmpty()) {
                when.put("not", Map.of("path", longer));
            }
        }
        return when;
    }

    /** Whether a path of the other one may be taken by this one as well; true where that is not known. */
    boolean mayTake(Location other) {
        return !other.kind.equals("=")
                || path().isEmpty()
                || dev.verge.sync.document.PathPattern.parse(path()).matches(other.text);
    }

    /** The rest of a path below this prefix, as a pattern with the group {@code rest}. */
    String rest() {
        return isPrefix() ? "~^" + Terms.quoted(text) + "(?<rest>.*)$" : "";
    }
}
