package dev.verge.sync.server;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a node stands to one value of a key.
 *
 * @param revision last revision that it took in
 * @param reason why it was refused; null otherwise
 * @param since when it answered, as far as that is remembered; null while pending
 */
public record NodeAnswer(
        String node,
        boolean connected,
        long revision,
        State state,
        @Nullable String reason,
        @Nullable Instant since) {

    /** Answers. */
    public enum State {
        APPLIED,
        REFUSED,
        PENDING
    }
}
