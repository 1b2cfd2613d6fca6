package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Passive ejection: an origin that keeps failing real requests rests for a while.
 *
 * @param consecutive5xx failures in a row of any kind (5xx, refused, reset, timed out); 0 switches this off
 * @param consecutiveGatewayFailures failures in a row that are 502, 503, 504 or no answer at all; 0 switches this off
 */
public record Outlier(
        @JsonProperty(defaultValue = "5")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("5xx answers or failed tries in a row that eject an origin; 0: off.")
        int consecutive5xx,

        @JsonProperty(defaultValue = "5")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("502, 503, 504 or failed tries in a row that eject an origin; 0: off.")
        int consecutiveGatewayFailures,

        @JsonProperty(defaultValue = "10s")
        @DurationMin(millis = 100)
        @DurationMax(hours = 1)
        @JsonPropertyDescription(
                "Each such time without an ejection takes one step of the back-off away; success and latency are judged once in it.")
        Duration interval,

        @JsonProperty(defaultValue = "30s")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        @JsonPropertyDescription("Length of the first ejection; the second in a row lasts twice as long, and so on.")
        Duration baseEjection,

        @JsonProperty(defaultValue = "300s")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        @JsonPropertyDescription("Longest ejection.")
        Duration maxEjection,

        @JsonProperty(defaultValue = "50")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "Share of the pool that may be ejected at once; does not apply to refused or reset connections.")
        int maxEjectedPercent,

        @JsonProperty(defaultValue = "0")
        @Min(0)
        @Max(100)
        @JsonPropertyDescription(
                "An origin that answered fewer of its requests in one interval well than this percentage is ejected; 0: off.")
        int minSuccessPercent,

        @JsonProperty(defaultValue = "0")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription(
                "An origin whose average time to the first byte in one interval is more than this many times that of the others is ejected; 0: off.")
        int maxLatencyFactor,

        @JsonProperty(defaultValue = "50")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription(
                "Requests in one interval below which an origin is judged neither by success nor by latency.")
        int minRequests) {

    public Outlier {
        if (maxLatencyFactor == 1) {
            throw new IllegalArgumentException(
                    "maxLatencyFactor: 1 would eject whoever is slower than the others; write 2 or more");
        }
        if (maxEjection.compareTo(baseEjection) < 0) {
            throw new IllegalArgumentException("maxEjection: " + maxEjection + " is shorter than baseEjection "
                    + baseEjection + "; make it at least as long");
        }
    }
}
