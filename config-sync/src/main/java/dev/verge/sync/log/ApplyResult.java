package dev.verge.sync.log;

import java.util.Map;

/** What became of a commit or snapshot at a node. */
public sealed interface ApplyResult {

    /** In force. */
    record Applied() implements ApplyResult {}

    /**
     * Refused. Of a commit nothing is in force; of a snapshot all but these keys, which keep their last good value.
     *
     * @param reasons key → one line; at least one
     */
    record Refused(Map<String, String> reasons) implements ApplyResult {
        public Refused {
            reasons = Map.copyOf(reasons);
            if (reasons.isEmpty()) {
                throw new IllegalArgumentException("reasons: a refusal names at least one key");
            }
        }
    }

    /** In force. */
    static ApplyResult applied() {
        return new Applied();
    }

    /** Refused for one key. */
    static ApplyResult refused(String key, String reason) {
        return new Refused(Map.of(key, reason));
    }
}
