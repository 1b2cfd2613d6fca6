package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import dev.verge.sync.server.SyncServerOptions;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How the log reaches the nodes besides direct streams, which there always are. */
public record SyncSettings(
        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "NATS servers that the log is published on, for nodes that have them in sync.nats; off when absent.")
        NatsSettings nats,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What is kept there.")
        StreamSettings stream,

        @JsonProperty(defaultValue = "5m")
        @DurationMin(seconds = 1)
        @DurationMax(days = 1)
        @JsonPropertyDescription(
                "How often what each node has stored is compared with the log; a node whose state differs takes it anew.")
        Duration compare) {

    /** Direct streams only. */
    public static SyncSettings direct() {
        return new SyncSettings(
                NatsSettings.OFF,
                StreamSettings.defaults(),
                SyncServerOptions.defaults().compare());
    }
}
