package dev.verge.deploy.nginx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code limit_req} with its zone, as a {@code rateLimit}. */
final class RateLimits {
    private static final Pattern RATE = Pattern.compile("rate=(\\d{1,9})r/([sm])");

    private RateLimits() {}

    static Optional<Map<String, Object>> of(Directive limit, Map<String, Directive> zones, Notes notes) {
        String name = option(limit, "zone").orElse("");
        Directive zone = zones.get(name);
        if (zone == null) {
            notes.tell(limit, "there is no limit_req_zone " + name);
            return Optional.empty();
        }
        String key = zone.argument(0);
        Optional<String> by = switch (key) {
            case "$host", "$http_host" -> Optional.of("host");
            case "$server_name" -> Optional.of("site");
            default -> Sources.one(key);
        };
        Matcher rate = RATE.matcher(zone.text());
        if (by.isEmpty() || !rate.find()) {
            notes.tell(zone, "counts by what Verge cannot: client-ip, host, site, header:NAME, cookie:NAME are known");
            notes.tell(limit, "its zone is not translated");
            return Optional.empty();
        }
        notes.done(zone);
        int requests = Integer.parseInt(rate.group(1));
        int extra = option(limit, "burst")
                .filter(text -> text.matches("\\d{1,8}"))
                .map(Integer::parseInt)
                .orElse(0);
        Map<String, Object> translated = new LinkedHashMap<>();
        translated.put("requests", requests);
        translated.put("per", rate.group(2).equals("s") ? "1s" : "1m");
        translated.put("burst", rate.group(2).equals("s") ? Math.max(requests, extra + 1) : extra + 1);
        translated.put("by", by.get());
        notes.tell(
                limit,
                limit.arguments().contains("nodelay")
                        ? "translated; what is too much is answered 429"
                        : "translated; what is too much is answered 429 at once, and not delayed");
        return Optional.of(translated);
    }

    /** The zones by their names. */
    static Optional<String> zoneName(Directive zone) {
        return option(zone, "zone").map(text -> text.replaceFirst(":.*", ""));
    }

    private static Optional<String> option(Directive directive, String name) {
        return directive.arguments().stream()
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst();
    }
}
