package dev.verge.deploy.nginx;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The pools of one site: of {@code upstream} blocks and of addresses in {@code proxy_pass}, each with the time-outs of its locations. */
final class Pools {
    private static final Duration LONGEST_TOTAL = Duration.ofMinutes(1);
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

    private final Map<String, Directive> upstreams;
    private final Notes notes;
    private final Map<String, Map<String, Object>> pools = new LinkedHashMap<>();

    /** @param upstreams the blocks by their names */
    Pools(Map<String, Directive> upstreams, Notes notes) {
        this.upstreams = upstreams;
        this.notes = notes;
    }

    Map<String, Map<String, Object>> all() {
        return pools;
    }

    /**
     * The pool of a {@code proxy_pass}, made where it is not there yet.
     *
     * @param scope of the location, for what else is said of its origins
     * @return its name; empty when the address cannot be an origin, which is told of
     */
    Optional<String> pool(Directive pass, Scope scope) {
        String address = pass.argument(0);
        if (address.contains("$")) {
            notes.tell(pass, "an origin that depends on the request: name each in a pool, and choose by rules");
            return Optional.empty();
        }
        URI url = uri(address);
        if (url == null || url.getRawAuthority() == null) {
            notes.tell(pass, "is no http or https address of a host: sockets and names without a scheme are not taken");
            return Optional.empty();
        }
        String scheme = url.getScheme();
        String authority = url.getRawAuthority();
        @Nullable Directive upstream = upstreams.get(authority);
        Map<String, Object> pool = new LinkedHashMap<>();
        if (upstream == null) {
            pool.put("origins", List.of(Map.of("url", scheme + "://" + authority)));
        } else if (!fromUpstream(upstream, scheme, pool)) {
            notes.tell(pass, "upstream " + authority + " has no server that can be an origin");
            return Optional.empty();
        }
        hostHeader(scope, upstream == null ? "" : authority, pool);
        timeouts(scope, pool);
        retries(scope, pool);
        notes.done(pass);
        return Optional.of(named(Terms.name(authority), pool));
    }

    private static @Nullable URI uri(String address) {
        try {
            URI url = URI.create(address);
            return List.of("http", "https").contains(url.getScheme()) ? url : null;
        } catch (IllegalArgumentException | NullPointerException wrong) {
            return null;
        }
    }

    private String named(String name, Map<String, Object> pool) {
        String free = name;
        for (int number = 2; pools.containsKey(free) && !pool.equals(pools.get(free)); number++) {
            free = name + "-" + number;
        }
        pools.put(free, pool);
        return free;
    }

    private boolean fromUpstream(Directive upstream, String scheme, Map<String, Object> pool) {
        notes.done(upstream);
        List<Map<String, Object>> origins = new ArrayList<>();
        Map<String, Object> outlier = new LinkedHashMap<>();
        method(upstream, pool);
        for (Directive each : upstream.inner()) {
            if (each.name().equals("server")) {
                server(each, scheme, origins, outlier);
            }
        }
        pool.put("origins", origins);
        if (!outlier.isEmpty()) {
            pool.put("outlier", outlier);
        }
        return origins.stream().anyMatch(origin -> !origin.containsKey("role"));
    }

    private void method(Directive upstream, Map<String, Object> pool) {
        pool.put("method", "round-robin");
        for (Directive each : upstream.inner()) {
            switch (each.name()) {
                case "least_conn" -> choose(each, pool, "least-requests", null);
                case "ip_hash" -> choose(each, pool, "ip-hash", null);
                case "random" -> choose(each, pool, "random-two", null);
                case "hash" -> {
                    Optional<String> source = hashOn(each.argument(0));
                    if (source.isPresent()) {
                        choose(each, pool, "consistent-hash", source.get());
                    } else {
                        notes.tell(
                                each,
                                "hashes what Verge cannot: path, url, client-ip, header:NAME, cookie:NAME are known; round-robin it is");
                    }
                }
                default -> {}
            }
        }
    }

    private void choose(Directive directive, Map<String, Object> pool, String method, @Nullable String hashOn) {
        notes.done(directive);
        pool.put("method", method);
        if (hashOn != null) {
            pool.put("hashOn", hashOn);
        }
    }

    private static Optional<String> hashOn(String key) {
        return switch (key) {
            case "$request_uri", "$scheme$proxy_host$request_uri", "$host$request_uri" -> Optional.of("url");
            case "$uri" -> Optional.of("path");
            case "$remote_addr", "$binary_remote_addr" -> Optional.of("client-ip");
            default -> Sources.one(key);
        };
    }

    private void server(
            Directive server, String scheme, List<Map<String, Object>> origins, Map<String, Object> outlier) {
        String address = server.argument(0);
        if (address.startsWith("unix:")) {
            notes.tell(server, "an origin behind a Unix socket: let it listen on a loopback port");
            return;
        }
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put("url", scheme + "://" + address);
        notes.done(server);
        for (String option : server.arguments().subList(1, server.arguments().size())) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.contains("=") ? option.substring(0, option.indexOf('=')) : option) {
                case "weight" -> origin.put("weight", number(value));
                case "backup" -> origin.put("role", "backup");
                case "down" -> {
                    notes.tell(server, "marked down: left out");
                    return;
                }
                case "max_fails" -> fails(value, outlier);
                case "fail_timeout" ->
                    Terms.time(value).ifPresent(time -> {
                        outlier.putIfAbsent("interval", Terms.written(time));
                        outlier.putIfAbsent("baseEjection", Terms.written(time));
                    });
                default -> notes.tell(server, "the option " + option + " has no counterpart; the rest is translated");
            }
        }
        origins.add(origin);
    }

    private static void fails(String value, Map<String, Object> outlier) {
        if (value.equals("0")) {
            outlier.put("maxEjectedPercent", 0);
        } else {
            outlier.putIfAbsent("consecutiveGatewayFailures", number(value));
        }
    }

    private static int number(String text) {
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 1;
    }

    /** What nginx sends as {@code Host} is the name in {@code proxy_pass}, unless it is told otherwise. */
    private void hostHeader(Scope scope, String proxied, Map<String, Object> pool) {
        String header = proxied;
        for (Directive each : scope.all("proxy_set_header")) {
            if (each.argument(0).equalsIgnoreCase("host")) {
                Optional<String> value = Terms.template(each.argument(1).replace("$proxy_host", proxied));
                if (value.isPresent()) {
                    notes.done(each);
                    header = value.get();
                } else {
                    notes.tell(each, "holds a variable that Verge does not know; the origin gets its own name");
                }
            }
        }
        if (!header.equals("${host}")) {
            pool.put("hostHeader", header);
        }
    }

    private void timeouts(Scope scope, Map<String, Object> pool) {
        Map<String, Object> timeouts = new LinkedHashMap<>();
        time(scope, "proxy_connect_timeout").ifPresent(time -> timeouts.put("connect", Terms.written(time)));
        Optional<Duration> read = time(scope, "proxy_read_timeout");
        read.ifPresent(time -> {
            timeouts.put("firstByte", Terms.written(time));
            timeouts.put("betweenBytes", Terms.written(time));
            if (time.compareTo(LONGEST_TOTAL) > 0) {
                timeouts.put("total", Terms.written(time));
            }
        });
        scope.one("proxy_send_timeout")
                .ifPresent(each ->
                        notes.tell(each, "timeouts.betweenBytes is for both directions, as proxy_read_timeout says"));
        if (!timeouts.isEmpty()) {
            pool.put("timeouts", timeouts);
        }
    }

    private Optional<Duration> time(Scope scope, String name) {
        return scope.one(name).flatMap(each -> {
            Optional<Duration> time = Terms.time(each.argument(0));
            if (time.isPresent()) {
                notes.done(each);
            } else {
                notes.tell(each, "is no time; write it like 30s");
            }
            return time;
        });
    }

    private void retries(Scope scope, Map<String, Object> pool) {
        Map<String, Object> retries = new LinkedHashMap<>();
        scope.one("proxy_next_upstream").ifPresent(each -> {
            notes.done(each);
            Set<Object> on = new java.util.LinkedHashSet<>();
            for (String condition : each.arguments()) {
                switch (condition) {
                    case "off" -> retries.put("attempts", 1);
                    case "error" -> on.addAll(List.of("connect-failure", "reset"));
                    case "timeout" -> on.add("timeout");
                    case "http_500", "http_502", "http_503", "http_504", "http_429" ->
                        on.add(Integer.parseInt(condition.substring(5)));
                    case "non_idempotent" ->
                        retries.put(
                                "methods",
                                java.util.stream.Stream.concat(
                                                METHODS.stream(), java.util.stream.Stream.of("POST", "PATCH"))
                                        .sorted()
                                        .toList());
                    default -> notes.tell(each, condition + " has no counterpart; the rest is translated");
                }
            }
            if (!on.isEmpty()) {
                retries.put("on", List.copyOf(on));
            }
        });
        scope.one("proxy_next_upstream_tries").ifPresent(each -> {
            notes.done(each);
            if (!each.argument(0).equals("0")) {
                retries.put("attempts", number(each.argument(0)));
            }
        });
        if (!retries.isEmpty()) {
            pool.put("retries", retries);
        }
    }
}
