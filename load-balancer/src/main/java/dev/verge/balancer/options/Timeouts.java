package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Time-outs towards origins, each on its own. */
public record Timeouts(
        @JsonProperty(defaultValue = "3s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Time to establish a connection to an origin, TLS included, per try.")
        Duration connect,

        @JsonProperty(defaultValue = "15s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Time from the request being sent to the first byte of the response head.")
        Duration firstByte,

        @JsonProperty(defaultValue = "10s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Longest pause between two pieces of a body.")
        Duration betweenBytes,

        @JsonProperty(defaultValue = "60s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Time for all tries up to the response head.")
        Duration total,

        @JsonProperty(defaultValue = "5m")
        @DurationMin(millis = 1)
        @DurationMax(hours = 24)
        @JsonPropertyDescription("Longest silence on upgraded connections, event streams and gRPC.")
        Duration idleStream,

        @JsonProperty(defaultValue = "60s")
        @DurationMin(millis = 1)
        @DurationMax(hours = 1)
        @JsonPropertyDescription("Time an unused connection to an origin is kept.")
        Duration idleConnection,

        @JsonProperty(defaultValue = "1s")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 1)
        @JsonPropertyDescription("Time a request may wait for a connection when maxConnections are in use.")
        Duration queue) {

    public Timeouts {
        if (total.compareTo(connect) < 0) {
            throw new IllegalArgumentException(
                    "total: " + total + " is shorter than connect " + connect + "; make it at least as long");
        }
    }
}
