package dev.verge.control.resource;

import java.time.Instant;

/**
 * Usage of a node that is missing from a report.
 *
 * @param reason {@code killed}: its process ended without handing over its last second; {@code dropped}: it had no room for more while no
 *     control plane could be reached
 * @param intervals how many never came; 0 when that is not known
 */
public record UsageGap(String node, Instant from, Instant to, String reason, long intervals) {}
