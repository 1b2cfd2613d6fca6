package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;

/** How the log reaches the nodes besides direct streams, which there always are. */
public record SyncSettings(
        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "NATS servers that the log is published on, for nodes that have them in sync.nats; off when absent.")
        NatsSettings nats,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What is kept there.")
        StreamSettings stream) {

    /** Direct streams only. */
    public static SyncSettings direct() {
        return new SyncSettings(NatsSettings.OFF, StreamSettings.defaults());
    }
}
