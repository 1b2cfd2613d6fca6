package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code allow} and {@code deny}: the first one that fits decides. */
final class Access {
    private Access() {}

    /**
     * Conditions of which one holds exactly for those who are refused: a {@code deny} fits them, and no {@code allow} before it does.
     */
    static List<Map<String, Object>> rules(Scope scope, Notes notes) {
        List<Directive> nearest = nearest(scope);
        List<String> allowed = new ArrayList<>();
        List<Map<String, Object>> refused = new ArrayList<>();
        for (Directive each : nearest) {
            String who = each.argument(0);
            if (who.equals("unix:")) {
                notes.tell(each, "no client comes through a Unix socket");
                continue;
            }
            notes.done(each);
            if (each.name().equals("allow")) {
                if (who.equals("all")) {
                    return refused;
                }
                allowed.add(who);
                continue;
            }
            Map<String, Object> when = new LinkedHashMap<>();
            if (!who.equals("all")) {
                when.put("ip", List.of(who));
            }
            if (!allowed.isEmpty()) {
                when.put("not", Map.of("ip", List.copyOf(allowed)));
            }
            refused.add(when);
            if (who.equals("all")) {
                return refused;
            }
        }
        return refused;
    }

    private static List<Directive> nearest(Scope scope) {
        List<Directive> own = scope.here().stream()
                .filter(each -> each.name().equals("allow") || each.name().equals("deny"))
                .toList();
        Scope around = scope.around();
        return own.isEmpty() && around != null ? nearest(around) : own;
    }
}
