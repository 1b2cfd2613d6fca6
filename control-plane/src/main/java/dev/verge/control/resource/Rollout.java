package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that goes to some nodes first, or is watched.
 *
 * @param state {@code staged}: at the nodes of its groups, waiting; {@code watching}: everywhere, taken back if it goes wrong; {@code done},
 *     {@code aborted}, {@code rolled-back}, {@code superseded}: over
 * @param versions what it gives the traffic to
 * @param before what had the traffic
 * @param groups the nodes that have it first; empty when all had it at once
 * @param continueAt when it goes everywhere by itself; null: when it is told to, or it is there already
 * @param reason why it was taken back or does not go on; null when there is none
 * @param endedAt null while it goes on
 */
public record Rollout(
        String state,
        List<Share> versions,
        List<Share> before,
        List<String> groups,
        @Nullable Instant continueAt,
        @Nullable RollbackOn rollbackOn,
        @Nullable String reason,
        Instant startedAt,
        @Nullable Instant endedAt) {}
