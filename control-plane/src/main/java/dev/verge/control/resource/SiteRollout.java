package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A document of a site that goes to some nodes first.
 *
 * @param state {@code staged}: at the nodes of its groups, waiting; {@code done}: everywhere; {@code aborted}, {@code rolled-back},
 *     {@code superseded}: over
 * @param version what it brings
 * @param before the version that the other nodes have, and all again when it is taken back
 * @param groups the nodes that have it first
 * @param continueAt when it goes everywhere by itself; null: when it is told to, or it is over
 * @param reason why it was taken back, or does not go on; null when there is none
 * @param endedAt null while it goes on
 */
public record SiteRollout(
        String state,
        int version,
        int before,
        List<String> groups,
        @Nullable Instant continueAt,
        @Nullable String reason,
        Instant startedAt,
        @Nullable Instant endedAt) {

    /** It waits at the nodes of its groups. */
    public static final String STAGED = "staged";
}
