package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a node did not use an origin.
 *
 * @param id names it
 * @param origin its URL
 * @param state {@code down} by active checks, or {@code ejected} after failed requests
 * @param reason what was wrong with the last probe; null when none was made or it was good
 * @param since when the control plane heard of it
 * @param until when it was over, or the node fell silent; null while it lasts
 */
public record Outage(
        String id,
        String node,
        String site,
        String pool,
        String origin,
        OriginHealth state,
        @Nullable String reason,
        Instant since,
        @Nullable Instant until) {}
