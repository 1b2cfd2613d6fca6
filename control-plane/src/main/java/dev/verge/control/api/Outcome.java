package dev.verge.control.api;

import org.jspecify.annotations.Nullable;

/**
 * What a change came to.
 *
 * @param reply to answer with
 * @param revision the log position it caused; null when nodes need not know
 * @param change what changed, for the audit; null when nothing did
 */
public record Outcome(
        Reply reply, @Nullable Long revision, @Nullable String change) {

    /** A change that nodes hear of. */
    public static Outcome logged(Reply reply, long revision, String change) {
        return new Outcome(reply, revision, change);
    }

    /** A change that stays here. */
    public static Outcome kept(Reply reply, String change) {
        return new Outcome(reply, null, change);
    }

    /** All was as wanted already. */
    public static Outcome unchanged(Reply reply) {
        return new Outcome(reply, null, null);
    }
}
