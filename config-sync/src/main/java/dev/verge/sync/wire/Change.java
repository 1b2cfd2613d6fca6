package dev.verge.sync.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.LogEntry;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A change of one key in a commit; without value it is removed, or its value is for other nodes. */
public record Change(
        @JsonPropertyDescription("Key.") @Size(min = 1, max = LogEntry.MAX_KEY_LENGTH)
        String key,

        @JsonPropertyDescription("Entry as JSON text.") @Nullable
        String value,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Nodes that it is for.")
        Placement placement,

        @JsonProperty(defaultValue = "") @JsonPropertyDescription("What the value is hashed with.") @Size(max = 100)
        String salt,

        @JsonPropertyDescription("Hash of a value that is for other nodes.") @Size(max = 100) @Nullable
        String withheld) {}
