package dev.verge.sync.nats;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What the control plane keeps in JetStream. Nothing of it is needed: the store is the source, and what is missing is sent from there. */
public record StreamSettings(
        @JsonProperty(defaultValue = "24h")
        @JsonPropertyDescription(
                "How long commits are kept on the stream; nodes that were away longer are served from the store.")
        @DurationMin(seconds = 1)
        @DurationMax(days = 365)
        Duration maxAge,

        @JsonProperty(defaultValue = "1GiB")
        @JsonPropertyDescription("Largest size of the stream.")
        @Min(1 << 20)
        @Max(1L << 50)
        long maxBytes,

        @JsonProperty(defaultValue = "1h")
        @JsonPropertyDescription(
                "How long snapshots and blobs are kept in the object store; they are put there anew when asked for.")
        @DurationMin(minutes = 1)
        @DurationMax(days = 365)
        Duration objectsMaxAge,

        @JsonProperty(defaultValue = "8GiB")
        @JsonPropertyDescription("Largest size of the object store.")
        @Min(1 << 20)
        @Max(1L << 50)
        long objectsMaxBytes,

        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription("Copies of both within a cluster of NATS servers: 1, 3 or 5.")
        @Min(1)
        @Max(5)
        int replicas) {

    /** The usual sizes. */
    public static StreamSettings defaults() {
        return new StreamSettings(Duration.ofHours(24), 1L << 30, Duration.ofHours(1), 8L << 30, 1);
    }
}
