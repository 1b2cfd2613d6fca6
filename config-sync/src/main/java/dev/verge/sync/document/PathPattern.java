package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.verge.sync.expression.RegexText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which paths a rule takes: a glob ({@code *} within a segment, {@code **} across, a trailing {@code /*} everything below) or,
 * after {@code ~}, a regular expression that is searched for and whose named groups may be used in templates.
 */
public final class PathPattern {

    private final String text;
    private final @Nullable String exact;
    private final @Nullable String prefix;
    private final @Nullable Pattern regex;

    private PathPattern(String text, @Nullable String exact, @Nullable String prefix, @Nullable Pattern regex) {
        this.text = text;
        this.exact = exact;
        this.prefix = prefix;
        this.regex = regex;
    }

    /** Reads a pattern as owners write it. */
    @JsonCreator
    public static PathPattern parse(String text) {
        if (text.startsWith("~")) {
            return new PathPattern(text, null, null, RegexText.compile(text.substring(1)));
        }
        if (!text.startsWith("/") && !text.startsWith("*")) {
            throw new IllegalArgumentException(
                    "a path that begins with / , or ~ and a regular expression; write /" + text);
        }
        if (text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("a path without query and fragment; match the query with `query`");
        }
        int star = text.indexOf('*');
        if (star < 0) {
            return new PathPattern(text, text, null, null);
        }
        boolean below = text.endsWith("/*");
        if ((below && star == text.length() - 1) || (text.endsWith("**") && star == text.length() - 2)) {
            return new PathPattern(text, null, text.substring(0, star), null);
        }
        String glob = below ? text + "*" : text;
        return new PathPattern(text, null, null, Pattern.compile("^" + RegexText.fromGlob(glob, "[^/]*") + "$"));
    }

    /** The named groups of a match, empty for a glob; null when {@code path} does not match. */
    public @Nullable Map<String, String> match(String path) {
        if (exact != null) {
            return path.equals(exact) ? Map.of() : null;
        }
        if (prefix != null) {
            return path.startsWith(prefix) ? Map.of() : null;
        }
        if (regex == null) {
            throw new IllegalStateException("a path pattern of no kind: " + text);
        }
        Matcher matcher = regex.matcher(path);
        if (!matcher.find()) {
            return null;
        }
        Set<String> names = groups();
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> groups = new HashMap<>();
        for (String name : names) {
            String value = matcher.group(name);
            groups.put(name, value == null ? "" : value);
        }
        return groups;
    }

    /** Whether {@code path} matches. */
    public boolean matches(String path) {
        if (exact != null) {
            return path.equals(exact);
        }
        if (prefix != null) {
            return path.startsWith(prefix);
        }
        return regex != null && regex.matcher(path).find();
    }

    /** Names of the groups that a match gives. */
    public Set<String> groups() {
        return regex == null ? Set.of() : regex.namedGroups().keySet();
    }

    /** As written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
