package dev.verge.control.resource;

import java.time.Instant;

/**
 * What came of comparing what a node has stored with the log.
 *
 * @param at when
 * @param differing parts of its state, of 256, that were not what the log says; the node took its state anew then
 */
public record NodeComparison(Instant at, int differing) {}
