package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a purge has come.
 *
 * @param id the purge
 * @param site the site it was ordered for
 * @param revision its log position
 * @param state {@code done} when every connected node has done it and at least one has, or when no node is known
 * @param nodes one line for each known node; those away stay pending until they return
 */
public record PurgeState(String id, String site, long revision, State state, List<NodeLine> nodes) {

    /** Whether a connected node is still to answer. */
    public enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("done")
        DONE
    }

    /**
     * One node's part.
     *
     * @param node the node's name
     * @param state done, pending, or refused
     * @param reason why the node refused; null unless refused
     * @param connected whether the node has a stream open now
     * @param doneAt when the node acknowledged it; null while pending, or when that moment is no longer remembered
     */
    public record NodeLine(
            String node,
            NodeDone state,
            boolean connected,
            @Nullable String reason,
            @Nullable Instant doneAt) {}

    /** What a node has done with a purge. */
    public enum NodeDone {
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("done")
        DONE,
        @JsonProperty("refused")
        REFUSED
    }
}
