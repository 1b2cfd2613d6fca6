package dev.verge.deploy.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code server} blocks as documents. */
final class Servers {
    private static final int LONGEST_PAGE = 65_536;

    private final Notes notes;
    private final Map<String, Directive> upstreams;
    private final Map<String, Directive> zones;
    private final Path folder;

    Servers(Notes notes, Map<String, Directive> upstreams, Map<String, Directive> zones, Path folder) {
        this.notes = notes;
        this.upstreams = upstreams;
        this.zones = zones;
        this.folder = folder;
    }

    /** One server with what is around it. */
    record Server(Directive directive, Scope scope) {
        /** Whether it does nothing but send clients to https. */
        boolean isRedirectOnly() {
            return directive.inner().stream().noneMatch(each -> each.name().equals("location"))
                    && directive.inner().stream().anyMatch(Servers::toHttps);
        }
    }

    private static boolean toHttps(Directive directive) {
        boolean plain = directive.name().equals("if")
                && directive.text().matches("\\(\\$scheme (=|!=) \"?https?\"?\\)|\\(\\$https = \"\"\\)");
        return Endings.isToHttps(directive)
                || (plain && directive.inner().stream().anyMatch(Endings::isToHttps));
    }

    /** The hosts that a document can name. */
    Set<String> hosts(Directive server) {
        Set<String> hosts = new LinkedHashSet<>();
        for (Directive names : server.inner()) {
            if (!names.name().equals("server_name")) {
                continue;
            }
            notes.done(names);
            for (String name : names.arguments()) {
                if (name.matches("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
                    hosts.add(name.toLowerCase(java.util.Locale.ROOT));
                } else if (name.matches("\\.[A-Za-z0-9].*")) {
                    hosts.add(name.substring(1));
                    hosts.add("*" + name);
                } else {
                    notes.tell(
                            names,
                            "the name " + name + " is no host, nor one with a leading *. : name the hosts themselves");
                }
            }
        }
        return hosts;
    }

    /** A document of the hosts given, which are the server's own or those that no other server has. */
    Map<String, Object> document(Server server, Set<String> hosts, boolean redirectHttp) {
        Map<String, Object> document = new LinkedHashMap<>();
        String name = Terms.name(hosts.iterator().next().replaceFirst("^\\*\\.", ""));
        document.put("site", name);
        document.put("hosts", List.copyOf(hosts));
        notes.done(server.directive());
        boolean redirects = tls(server, name, redirectHttp, document);
        Pools pools = new Pools(upstreams, notes);
        Rules rules = new Rules();
        LocationRules locationRules = new LocationRules(notes, pools, rules, zones);
        before(server, locationRules, rules, redirects);
        Optional<String> last = locations(server, locationRules, rules);
        if (!pools.all().isEmpty()) {
            document.put("pools", pools.all());
        }
        if (pools.all().size() > 1) {
            document.put(
                    "defaultPool", last.orElse(pools.all().keySet().iterator().next()));
        }
        document.put("rules", rules.all());
        Map<Object, Object> pages = errorPages(server.scope());
        if (!pages.isEmpty()) {
            document.put("errorPages", pages);
        }
        return document;
    }

    private boolean tls(Server server, String name, boolean redirectHttp, Map<String, Object> document) {
        Map<String, Object> tls = new LinkedHashMap<>();
        boolean redirects = redirectHttp;
        for (Directive each : server.directive().inner()) {
            switch (each.name()) {
                case "listen" -> listen(each);
                case "ssl_certificate" -> {
                    tls.put("certificate", name);
                    notes.tell(
                            each,
                            "translated as the certificate " + name + "; upload it: verge cert put " + name
                                    + " --chain " + each.argument(0) + " --key FILE");
                }
                case "ssl_certificate_key" ->
                    notes.tell(each, "goes along with the certificate: verge cert put " + name);
                default -> {
                    if (toHttps(each) && !server.isRedirectOnly()) {
                        redirects = true;
                        notes.done(each);
                        each.inner().forEach(notes::done);
                    }
                }
            }
        }
        if (redirects) {
            tls.put("redirectHttp", true);
        }
        server.scope().one("ssl_protocols").ifPresent(each -> {
            notes.done(each);
            if (each.arguments().equals(List.of("TLSv1.3"))) {
                tls.put("minVersion", "1.3");
            } else if (each.arguments().stream().anyMatch(version -> version.matches("SSLv.*|TLSv1(\\.1)?"))) {
                notes.tell(each, "Verge speaks TLS 1.2 and 1.3 alone");
            }
        });
        if (!tls.isEmpty()) {
            document.put("tls", tls);
        }
        return redirects;
    }

    private void listen(Directive listen) {
        String port = listen.argument(0).replaceFirst("^.*:", "");
        if (port.equals("80") || port.equals("443")) {
            notes.done(listen);
        } else {
            notes.tell(listen, "ports are the node's: http.listen and https.listen in node.yaml");
        }
    }

    /** What a server says before any of its locations is chosen. */
    private void before(Server server, LocationRules locationRules, Rules rules, boolean redirects) {
        for (Directive each : server.directive().inner()) {
            if (each.name().equals("rewrite")) {
                locationRules.rewrite(each, "server", Map.of(), List.of(), Map.of());
            } else if (each.name().equals("return") && !(redirects && toHttps(each))) {
                for (Endings.Ending ending : new Endings(notes).of(each)) {
                    rules.add("server", ending.when(), List.of(ending.behaviour()), false);
                }
            }
        }
    }

    private Optional<String> locations(Server server, LocationRules locationRules, Rules rules) {
        List<Location> locations = new ArrayList<>();
        collect(server.directive().inner(), server.scope(), locations);
        List<Location> ordered = Location.ordered(locations);
        Optional<String> root = Optional.empty();
        for (Location location : ordered) {
            Optional<String> pool = locationRules.add(location, locations);
            root = location.path().isEmpty() ? pool : root;
        }
        boolean ended =
                server.directive().inner().stream().anyMatch(each -> each.name().equals("return"));
        if (ordered.stream().noneMatch(each -> each.path().isEmpty()) && !ended) {
            // nginx would look for a file.
            rules.add("no-location", Map.of(), List.of(Map.of("deny", Map.of("status", 404))), false);
        }
        new ResponseRules(notes, rules).add(ordered);
        return root;
    }

    /** Locations within locations take the same paths as beside them, and inherit from those around. */
    private void collect(List<Directive> directives, Scope around, List<Location> into) {
        for (Directive each : directives) {
            if (!each.name().equals("location")) {
                continue;
            }
            Location location = Location.of(each, around);
            if (location.text().startsWith("@")) {
                notes.tell(each, "a named location is for errors and files: see errorPages, and backup origins");
                each.inner().forEach(inner -> notes.tell(inner, "stands in a named location"));
                continue;
            }
            if (unmatched(location)) {
                continue;
            }
            into.add(location);
            collect(each.inner(), location.scope(), into);
        }
    }

    private boolean unmatched(Location location) {
        if (!location.isRegex() && location.text().contains("*")) {
            notes.tell(location.directive(), "a * that stands for itself cannot be in a path");
            return true;
        }
        try {
            if (!location.path().isEmpty()) {
                dev.verge.sync.document.PathPattern.parse(location.path());
            }
            return false;
        } catch (IllegalArgumentException wrong) {
            notes.tell(location.directive(), "its path is not translated: needs " + wrong.getMessage());
            location.scope().here().forEach(each -> notes.tell(each, "its location is not translated"));
            return true;
        }
    }

    private Map<Object, Object> errorPages(Scope scope) {
        Map<Object, Object> pages = new LinkedHashMap<>();
        for (Directive each : scope.all("error_page")) {
            String page = each.arguments().getLast();
            Optional<String> html =
                    page.startsWith("/") && each.arguments().stream().noneMatch(word -> word.startsWith("="))
                            ? scope.one("root").flatMap(root -> read(root.argument(0) + page))
                            : Optional.empty();
            if (html.isEmpty()) {
                notes.tell(each, "the page is not read from here: write it as errorPages: {\"CODE\": {html: …}}");
                continue;
            }
            notes.tell(each, "translated for errors that the node makes; answers of origins pass as they are");
            each.arguments().stream()
                    .filter(word -> word.matches("[45]\\d\\d"))
                    .forEach(code -> pages.put(Integer.parseInt(code), Map.of("html", html.get())));
        }
        return pages;
    }

    private Optional<String> read(String page) {
        try {
            Path file = folder.resolve(page).normalize();
            return Files.isRegularFile(file) && Files.size(file) <= LONGEST_PAGE
                    ? Optional.of(Files.readString(file)).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
