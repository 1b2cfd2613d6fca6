package dev.verge.sandbox;

import java.time.Instant;

/**
 * A tick of a schedule.
 *
 * @param cron the schedule as written
 * @param time the tick that it is for
 */
public record ScheduledEvent(String cron, Instant time) {}
