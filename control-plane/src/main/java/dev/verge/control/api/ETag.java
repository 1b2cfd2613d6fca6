package dev.verge.control.api;

import java.util.Optional;

/**
 * Entity tags of documents, and the conditions that callers put on them (RFC 9110 §8.8.3, §13.1). The tag names a life of the document
 * and its version, so it never returns to an old value.
 */
public final class ETag {

    /** The condition that something is still what the caller knows. */
    public static final String IF_MATCH = "If-Match";

    /** The condition that it is not what the caller knows; {@code *}: that nothing is there. */
    public static final String IF_NONE_MATCH = "If-None-Match";

    private ETag() {}

    /** The tag of a version. */
    public static String of(String incarnation, int version) {
        return "\"" + incarnation + "-" + version + "\"";
    }

    /**
     * Ends the call when its {@code If-Match} or {@code If-None-Match} does not hold for a change.
     *
     * @param current the tag of what is there; empty when nothing is
     */
    public static void check(Call call, Optional<String> current) {
        Optional<String> ifMatch = call.header(IF_MATCH);
        if (ifMatch.isPresent() && !lists(ifMatch.get(), current)) {
            throw Problems.precondition(
                    current.isPresent()
                            ? "Somebody changed it since: it is at " + current.get()
                                    + " now. Read it again, and repeat your change on that."
                            : "It is not there any more, or never was.");
        }
        Optional<String> ifNoneMatch = call.header(IF_NONE_MATCH);
        if (ifNoneMatch.isPresent() && lists(ifNoneMatch.get(), current)) {
            throw Problems.precondition("It is there already, as " + current.orElse("") + ".");
        }
    }

    /** Whether a read can be answered with 304. */
    public static boolean known(Call call, String current) {
        return call.header(IF_NONE_MATCH)
                .filter(field -> lists(field, Optional.of(current)))
                .isPresent();
    }

    private static boolean lists(String field, Optional<String> current) {
        if (current.isEmpty()) {
            return false;
        }
        for (String part : field.split(",", -1)) {
            String tag = part.strip();
            // If-None-Match compares weakly; our tags are all strong, and a proxy that compressed a body may have made
            // one weak.
            if (tag.equals("*") || tag.equals(current.get()) || tag.equals("W/" + current.get())) {
                return true;
            }
        }
        return false;
    }
}
