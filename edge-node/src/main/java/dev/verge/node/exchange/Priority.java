package dev.verge.node.exchange;

import dev.verge.cache.decision.StructuredDictionary;
import dev.verge.cache.http.HttpFields;
import java.util.Map;

/**
 * How soon a response is wanted (RFC 9218 §4).
 *
 * @param urgency 0 to 7; 0 is wanted first
 * @param incremental whether its parts are of use as they come, so that it may share with others
 */
public record Priority(int urgency, boolean incremental) {
    /** The field by which clients ask and origins correct. */
    public static final String FIELD = "priority";

    /** What who says nothing gets (RFC 9218 §4.1, §4.2). */
    public static final Priority DEFAULT = new Priority(3, false);

    private static final int LEAST_URGENT = 7;

    /** Refuses what is no urgency. */
    public Priority {
        if (urgency < 0 || urgency > LEAST_URGENT) {
            throw new IllegalArgumentException("urgency " + urgency + " is not 0 to " + LEAST_URGENT);
        }
    }

    /**
     * This priority, changed by what a field says; members that are absent, out of range or of another type change nothing, and neither
     * does a field that is no dictionary (RFC 9218 §4).
     */
    public Priority changedBy(String field) {
        Map<String, Object> members = StructuredDictionary.parse(field);
        if (members == null || members.isEmpty()) {
            return this;
        }
        int said = members.get("u") instanceof Long u && u >= 0 && u <= LEAST_URGENT ? u.intValue() : urgency;
        boolean parts = members.get("i") instanceof Boolean i ? i : incremental;
        return said == urgency && parts == incremental ? this : new Priority(said, parts);
    }

    /** The same with all lines of the field in a message; they are one dictionary. */
    public Priority changedBy(HttpFields fields) {
        String field = fields.combined(FIELD);
        return field == null ? this : changedBy(field);
    }
}
