package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * How much an account may use of all nodes together. Each node counts for itself and has a part of it, which the control plane hands out.
 * Null: no quota.
 */
public record AccountQuotas(
        @Nullable
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription("Requests a second to all sites, over all nodes; more are answered with 429.")
        Integer requestsPerSecond,

        @Nullable
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription(
                "Runs of functions that may begin in a second, over all nodes; more are answered with 429.")
        Integer functionRunsPerSecond,

        @Nullable
        @DurationMin(millis = 1)
        @DurationMax(hours = 24)
        @JsonPropertyDescription(
                "CPU time of functions in a minute, over all nodes; while it is used up, runs are answered with 429.")
        Duration functionCpuPerMinute,

        @Nullable
        @Min(1)
        @Max(100_000)
        @JsonPropertyDescription("Runs of functions at the same time, over all nodes; more are answered with 429.")
        Integer concurrentFunctions) {

    /** No quota at all. */
    public static final AccountQuotas NONE = new AccountQuotas(null, null, null, null);
}
