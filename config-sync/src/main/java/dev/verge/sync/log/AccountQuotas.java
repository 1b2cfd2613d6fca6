package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * How much an account may use of each node. Every node counts for itself: what all of them allow together is that many times as much.
 * Null: no quota.
 */
public record AccountQuotas(
        @Nullable
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription("Requests a second to all sites, at each node; more are answered with 429.")
        Integer requestsPerSecond,

        @Nullable
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription(
                "Runs of functions that may begin in a second, at each node; more are answered with 429.")
        Integer functionRunsPerSecond,

        @Nullable
        @DurationMin(millis = 1)
        @DurationMax(hours = 24)
        @JsonPropertyDescription(
                "CPU time of functions in a minute, at each node; while it is used up, runs are answered with 429.")
        Duration functionCpuPerMinute,

        @Nullable
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription("Runs of functions at the same time, at each node; more are answered with 429.")
        Integer concurrentFunctions) {

    /** No quota at all. */
    public static final AccountQuotas NONE = new AccountQuotas(null, null, null, null);
}
