package dev.verge.control.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Bounds on what callers of the API may send and hold, all in one place. */
public record ApiLimits(
        @JsonProperty(defaultValue = "1MiB")
        @Min(1024)
        @Max(16 * 1024 * 1024)
        @JsonPropertyDescription("Largest site document and JSON body.")
        long documentBytes,

        @JsonProperty(defaultValue = "12MiB")
        @Min(1024)
        @Max(64 * 1024 * 1024)
        @JsonPropertyDescription("Largest function push: its modules (10 MiB at most) with the multipart wrapping.")
        long functionBytes,

        @JsonProperty(defaultValue = "100")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Calls a second that one token may make for long.")
        int callsPerSecond,

        @JsonProperty(defaultValue = "1000")
        @Min(1)
        @Max(10_000_000)
        @JsonPropertyDescription("Calls that one token may make at once.")
        int callBurst,

        @JsonProperty(defaultValue = "256")
        @Min(1)
        @Max(65_536)
        @JsonPropertyDescription("Calls in progress at once; more are answered 503 with Retry-After.")
        int concurrentCalls,

        @JsonProperty(defaultValue = "100")
        @Min(2)
        @Max(10_000)
        @JsonPropertyDescription("Versions kept of each site and function.")
        int keptVersions,

        @JsonProperty(defaultValue = "30s")
        @DurationMin(seconds = 1)
        @DurationMax(minutes = 10)
        @JsonPropertyDescription(
                "Time for a caller to send its whole body, and a second more for each 256 KiB of it that has come.")
        Duration bodyTimeout,

        @JsonProperty(defaultValue = "10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 10)
        @JsonPropertyDescription("Time that calls in progress get to finish when the control plane stops.")
        Duration drain) {

    /** Checks that the burst holds at least one second's calls. */
    public ApiLimits {
        if (callBurst < callsPerSecond) {
            throw new IllegalArgumentException("callBurst: " + callBurst + " is less than callsPerSecond ("
                    + callsPerSecond + "); make it at least that");
        }
    }

    /** Every limit at its default. */
    public static ApiLimits defaults() {
        return new ApiLimits(1 << 20, 12 << 20, 100, 1_000, 256, 100, Duration.ofSeconds(30), Duration.ofSeconds(10));
    }
}
