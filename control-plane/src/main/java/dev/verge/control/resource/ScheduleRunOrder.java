package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Size;

/**
 * Body that fires a schedule now.
 *
 * @param cron what the function's event says; one of its schedules or any other text
 */
public record ScheduleRunOrder(
        @Size(min = 1, max = 200) @JsonPropertyDescription("The schedule, as the event's cron.")
        String cron) {}
