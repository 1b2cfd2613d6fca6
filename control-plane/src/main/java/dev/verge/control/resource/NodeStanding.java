package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where one node stands with one document or purge.
 *
 * @param node the node's name
 * @param connected whether the node has a stream open now
 * @param revision the log position that the node has answered for
 * @param state {@code applied}, {@code refused} (the node keeps its last good value) or {@code pending}
 * @param reason why the node refused; null unless refused
 * @param since when the node answered for this revision; null while pending
 */
public record NodeStanding(
        String node,
        boolean connected,
        long revision,
        State state,
        @Nullable String reason,
        @Nullable Instant since) {

    /** What a node did with a change. */
    public enum State {
        @JsonProperty("applied")
        APPLIED,
        @JsonProperty("refused")
        REFUSED,
        @JsonProperty("pending")
        PENDING
    }
}
