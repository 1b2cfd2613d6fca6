package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.nats.NatsSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How a node follows the configuration log. */
public record Sync(
        @JsonProperty(defaultValue = "30s")
        @JsonPropertyDescription(
                "A break of the stream up to this long is nothing; after a longer one the node counts as behind.")
        @DurationMin(millis = 0)
        @DurationMax(hours = 24)
        Duration grace,

        @JsonProperty(defaultValue = "250ms")
        @JsonPropertyDescription(
                "Longest wait for the tail of the log at start, before the node serves what its disk holds.")
        @DurationMin(millis = 0)
        @DurationMax(minutes = 5)
        Duration startupWait,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Serve stored responses only while every purge of the log has been applied.")
        boolean strictPurge,

        @JsonProperty(defaultValue = "64MiB")
        @JsonPropertyDescription(
                "Disk for what sites and functions used while no control plane can be reached; the oldest goes when it is full.")
        @Min(1 << 20)
        @Max(1L << 40)
        long usageBytes,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "NATS servers that the log is read from instead of a direct stream; off when absent. The node's token is exchanged at"
                        + " controlPlane.urls in any case.")
        NatsSettings nats) {}
