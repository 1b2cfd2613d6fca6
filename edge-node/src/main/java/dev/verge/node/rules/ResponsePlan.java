package dev.verge.node.rules;

import java.util.List;

/**
 * What the response rules say.
 *
 * @param expressionErrors how many expressions could not be evaluated
 */
public record ResponsePlan(FieldChanges fields, List<String> matched, int expressionErrors) {
    static final ResponsePlan NOTHING = new ResponsePlan(FieldChanges.NONE, List.of(), 0);

    public ResponsePlan {
        matched = List.copyOf(matched);
    }
}
