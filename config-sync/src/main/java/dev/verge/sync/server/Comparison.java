package dev.verge.sync.server;

import java.time.Instant;

/**
 * What came of comparing a node's stored state with the log.
 *
 * @param at when
 * @param differing parts of it that were not as the log has them, of {@value dev.verge.sync.compare.StateSums#PARTS}
 */
public record Comparison(Instant at, int differing) {}
