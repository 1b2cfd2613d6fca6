package dev.verge.node.rules;

import java.util.List;

/** What the response rules say. */
public record ResponsePlan(FieldChanges fields, List<String> matched) {
    static final ResponsePlan NOTHING = new ResponsePlan(FieldChanges.NONE, List.of());

    public ResponsePlan {
        matched = List.copyOf(matched);
    }
}
