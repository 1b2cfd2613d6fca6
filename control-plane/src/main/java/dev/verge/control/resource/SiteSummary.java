package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;

/**
 * A site in a list.
 *
 * @param site its name
 * @param version the version being served
 * @param revision the log position of its last change
 * @param hosts its host patterns
 * @param changedAt when that version became the current one
 */
public record SiteSummary(String site, int version, long revision, List<String> hosts, Instant changedAt) {}
