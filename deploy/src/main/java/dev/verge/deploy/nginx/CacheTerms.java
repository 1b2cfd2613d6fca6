package dev.verge.deploy.nginx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a location says of caching, as the {@code cache} of a rule. */
final class CacheTerms {
    /** nginx serves stale for as long as it keeps it; a document says how long. */
    private static final String STALE = "1d";

    private static final Set<String> USUAL = Set.of("200", "301", "302");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)\\}?");

    private final Notes notes;

    CacheTerms(Notes notes) {
        this.notes = notes;
    }

    /** Whether responses are kept at all: only where nginx was told to. */
    boolean isOn(Scope scope) {
        Optional<Directive> zone = scope.one("proxy_cache");
        zone.ifPresent(notes::done);
        return zone.isPresent() && !zone.get().argument(0).equals("off");
    }

    Map<String, Object> cache(Scope scope) {
        Map<String, Object> cache = new LinkedHashMap<>();
        Map<String, Object> ttl = ttl(scope);
        if (!ttl.isEmpty()) {
            cache.put("edgeTtl", ttl);
        }
        scope.one("proxy_cache_key").ifPresent(each -> key(each, cache));
        scope.one("proxy_cache_use_stale").ifPresent(each -> stale(each, cache));
        scope.one("proxy_cache_lock").ifPresent(each -> {
            notes.done(each);
            if (each.argument(0).equals("off")) {
                cache.put("collapse", false);
            }
        });
        return cache;
    }

    private Map<String, Object> ttl(Scope scope) {
        Map<String, Object> byStatus = new LinkedHashMap<>();
        Map<String, Object> ttl = new LinkedHashMap<>();
        for (Directive each : scope.all("proxy_cache_valid")) {
            List<String> codes =
                    each.arguments().subList(0, Math.max(0, each.arguments().size() - 1));
            Optional<Duration> time = Terms.time(
                    each.arguments().isEmpty() ? "" : each.arguments().getLast());
            if (time.isEmpty()) {
                notes.tell(each, "ends with no time");
                continue;
            }
            notes.done(each);
            String written = Terms.written(time.get());
            for (String code : codes.isEmpty() ? USUAL.stream().sorted().toList() : codes) {
                if (code.equals("any")) {
                    for (String kind : List.of("2xx", "3xx", "4xx", "5xx")) {
                        byStatus.putIfAbsent(kind, written);
                    }
                } else {
                    byStatus.put(code, written);
                }
            }
        }
        boolean ignored = scope.one("proxy_ignore_headers").stream()
                .peek(notes::done)
                .anyMatch(each -> each.arguments().contains("Cache-Control")
                        || each.arguments().contains("Expires"));
        if (!byStatus.isEmpty()) {
            ttl.put("mode", ignored ? "override" : "honor");
            ttl.put("byStatus", byStatus);
        }
        return ttl;
    }

    /** Scheme, host, path and query are part of every key here. */
    private void key(Directive key, Map<String, Object> cache) {
        List<String> headers = new ArrayList<>();
        List<String> cookies = new ArrayList<>();
        boolean query = false;
        Matcher variables = VARIABLE.matcher(key.text());
        while (variables.find()) {
            String name = variables.group(1);
            switch (name) {
                case "scheme",
                        "proxy_host",
                        "host",
                        "http_host",
                        "server_name",
                        "request_method",
                        "uri",
                        "document_uri",
                        "is_args" -> {}
                case "request_uri", "args", "query_string" -> query = true;
                default -> {
                    if (name.startsWith("cookie_")) {
                        cookies.add(name.substring("cookie_".length()));
                    } else if (name.startsWith("http_")) {
                        headers.add(name.substring("http_".length()).replace('_', '-'));
                    } else {
                        notes.tell(key, "holds $" + name + ", which cannot be part of a key; the rest is translated");
                    }
                }
            }
        }
        notes.done(key);
        Map<String, Object> options = new LinkedHashMap<>();
        if (!query) {
            options.put("query", Map.of("mode", "ignore"));
        }
        if (!headers.isEmpty()) {
            options.put("headers", headers);
        }
        if (!cookies.isEmpty()) {
            options.put("cookies", cookies);
        }
        if (!options.isEmpty()) {
            cache.put("key", options);
        }
    }

    private void stale(Directive use, Map<String, Object> cache) {
        Map<String, Object> stale = new LinkedHashMap<>();
        if (use.arguments().contains("updating")) {
            stale.put("whileRevalidate", STALE);
        }
        if (use.arguments().stream().anyMatch(word -> !word.equals("updating") && !word.equals("off"))) {
            stale.put("ifError", STALE);
        }
        if (stale.isEmpty()) {
            notes.done(use);
        } else {
            cache.put("stale", stale);
            notes.tell(use, "translated with " + STALE + ", where nginx has no bound: say how long");
        }
    }
}
