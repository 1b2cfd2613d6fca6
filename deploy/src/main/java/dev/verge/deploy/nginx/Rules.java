package dev.verge.deploy.nginx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of one document, in order, each under a name of its own. */
final class Rules {
    private static final int LONGEST_STEM = 50;

    private final List<Map<String, Object>> rules = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    void add(String stem, Map<String, Object> when, List<Map<String, Object>> behaviours, boolean goOn) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("name", free(stem));
        if (!when.isEmpty()) {
            rule.put("when", when);
        }
        rule.put("do", behaviours);
        if (goOn) {
            rule.put("continue", true);
        }
        rules.add(rule);
    }

    private String free(String stem) {
        String cut = stem.substring(0, Math.min(stem.length(), LONGEST_STEM));
        String name = cut;
        for (int number = 2; !names.add(name); number++) {
            name = cut + "-" + number;
        }
        return name;
    }

    List<Map<String, Object>> all() {
        return rules;
    }

    /** Conditions that must hold besides others. */
    static Map<String, Object> and(Map<String, Object> when, Map<String, Object> more) {
        Map<String, Object> both = new LinkedHashMap<>(when);
        for (Map.Entry<String, Object> each : more.entrySet()) {
            if (both.putIfAbsent(each.getKey(), each.getValue()) != null) {
                Map<String, Object> apart = new LinkedHashMap<>(when);
                apart.put("any", List.of(more));
                return apart;
            }
        }
        return both;
    }
}
