package dev.verge.deploy.nginx;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code add_header} and {@code expires}: the response rules of a server's locations. */
final class ResponseRules {
    /** Of nginx: the statuses for which it sets fields that are not marked {@code always}. */
    private static final List<String> GOOD = List.of("200", "201", "204", "206", "301-304", "307", "308");

    private static final String FOREVER = "max-age=315360000";

    private final Notes notes;
    private final Rules rules;

    ResponseRules(Notes notes, Rules rules) {
        this.notes = notes;
        this.rules = rules;
    }

    /** What a location sets: on every response, and on those with a good status. */
    private record Fields(Location location, Map<String, Object> always, Map<String, Object> good) {
        boolean isNone() {
            return always.isEmpty() && good.isEmpty();
        }

        boolean sameAs(Fields other) {
            return always.equals(other.always) && good.equals(other.good);
        }
    }

    /** @param ordered the locations in the order of their rules */
    void add(List<Location> ordered) {
        List<Fields> all = new ArrayList<>();
        for (Location location : ordered) {
            Map<String, Object> always = new LinkedHashMap<>();
            Map<String, Object> good = new LinkedHashMap<>();
            fields(location.scope(), always, good);
            expires(location.scope(), good);
            all.add(new Fields(location, always, good));
        }
        List<Object> without = new ArrayList<>();
        for (Fields each : needed(all)) {
            Location location = each.location();
            Map<String, Object> when = location.when(ordered);
            if (each.isNone()) {
                if (!location.path().isEmpty()) {
                    without.add(location.path());
                }
                continue;
            }
            if (!without.isEmpty() && !when.containsKey("not")) {
                when.put("not", Map.of("path", List.copyOf(without)));
            }
            String stem = "fields-" + Terms.name(location.text().equals("/") ? "root" : location.text());
            if (!each.always().isEmpty()) {
                rules.add(
                        stem,
                        when,
                        List.of(Map.of("setResponseHeader", each.always())),
                        !each.good().isEmpty());
            }
            if (!each.good().isEmpty()) {
                Map<String, Object> status = new LinkedHashMap<>(when);
                status.put("status", GOOD);
                rules.add(stem, status, List.of(Map.of("setResponseHeader", each.good())), false);
            }
        }
    }

    /** Without those whose paths fall to the last location, which takes all and says the same. */
    private static List<Fields> needed(List<Fields> all) {
        if (all.isEmpty() || !all.getLast().location().path().isEmpty()) {
            return all;
        }
        Fields last = all.getLast();
        List<Fields> kept = new ArrayList<>(List.of(last));
        for (Fields each : all.subList(0, all.size() - 1).reversed()) {
            boolean falls = kept.stream()
                    .limit(kept.size() - 1L)
                    .noneMatch(later -> later.location().mayTake(each.location()));
            if (!each.sameAs(last) || !falls) {
                kept.addFirst(each);
            }
        }
        return kept;
    }

    private void fields(Scope scope, Map<String, Object> always, Map<String, Object> good) {
        for (Directive each : scope.all("add_header")) {
            Optional<String> value = Terms.template(each.argument(1));
            if (each.argument(1).equals("$upstream_cache_status")) {
                notes.tell(each, "Verge says it in Cache-Status (RFC 9211)");
            } else if (value.isEmpty()) {
                notes.tell(each, "holds a variable that Verge does not know");
            } else {
                notes.done(each);
                (each.argument(2).equals("always") ? always : good).put(each.argument(0), value.get());
            }
        }
    }

    private void expires(Scope scope, Map<String, Object> good) {
        scope.one("expires").ifPresent(each -> {
            String word = each.argument(0);
            Optional<Duration> time = Terms.time(word);
            if (each.arguments().size() != 1 || (time.isEmpty() && !word.matches("off|max|epoch|-\\S+"))) {
                notes.tell(each, "only a time from now, max, epoch and off have a counterpart");
                return;
            }
            notes.done(each);
            if (time.isPresent()) {
                good.put("Cache-Control", "max-age=" + time.get().toSeconds());
            } else if (!word.equals("off")) {
                good.put("Cache-Control", word.equals("max") ? FOREVER : "no-cache");
            }
        });
    }
}
