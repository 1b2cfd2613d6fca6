package dev.verge.control.resource;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a schedule.
 *
 * @param cron the schedule as it was written
 * @param dueAt the minute it was due
 * @param node that ran it; null when none did
 * @param outcome how it ended; {@code running}, {@code not-run} (no node could), {@code lost} (a node fell silent)
 * @param version that ran; null when none did
 * @param detail why it was not run; null otherwise
 * @param endedAt when the outcome was known; null while running
 */
public record ScheduleRun(
        String cron,
        Instant dueAt,
        @Nullable String node,
        String outcome,
        @Nullable Integer version,
        @Nullable String detail,
        @Nullable Instant endedAt) {}
