package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Bounds on what clients may send to a node and hold of it. */
public record Limits(
        @JsonProperty(defaultValue = "8KiB")
        @JsonPropertyDescription("Longest request line; a longer one is answered 414.")
        @Min(256)
        @Max(1 << 20)
        long requestLineBytes,

        @JsonProperty(defaultValue = "32KiB")
        @JsonPropertyDescription("All request header fields together; more is answered 431.")
        @Min(512)
        @Max(1 << 20)
        long headerBytes,

        @JsonProperty(defaultValue = "128")
        @JsonPropertyDescription(
                "Most field lines of a request, of its header and of its trailer each; more is answered 431.")
        @Min(8)
        @Max(10_000)
        int headerFields,

        @JsonProperty(defaultValue = "1GiB")
        @JsonPropertyDescription("Longest request body; a longer one is answered 413.")
        @Min(0)
        @Max(1L << 42)
        long bodyBytes,

        @JsonProperty(defaultValue = "65536")
        @JsonPropertyDescription("Client connections open at once; further ones are closed when they arrive.")
        @Min(1)
        @Max(10_000_000)
        int connections,

        @JsonProperty(defaultValue = "100")
        @JsonPropertyDescription("Concurrent HTTP/2 streams a connection may have.")
        @Min(1)
        @Max(10_000)
        int streamsPerConnection,

        @JsonProperty(defaultValue = "10s")
        @JsonPropertyDescription("Time a client has to send a request's header section, counted from its first byte.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 1)
        Duration headerTimeout,

        @JsonProperty(defaultValue = "75s")
        @JsonPropertyDescription("Time a connection may wait between two requests.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        Duration keepAlive,

        @JsonProperty(defaultValue = "60s")
        @JsonPropertyDescription("Time without a byte in either direction after which a request under way is given up.")
        @DurationMin(millis = 10)
        @DurationMax(hours = 24)
        Duration idle,

        @JsonProperty(defaultValue = "30s")
        @JsonPropertyDescription("Time that requests under way have to finish when the node drains.")
        @DurationMin(millis = 0)
        @DurationMax(hours = 24)
        Duration drain) {
    public Limits {
        if (requestLineBytes > headerBytes) {
            throw new IllegalArgumentException("requestLineBytes: " + requestLineBytes + " is more than headerBytes ("
                    + headerBytes + "); lower it or raise headerBytes");
        }
    }
}
