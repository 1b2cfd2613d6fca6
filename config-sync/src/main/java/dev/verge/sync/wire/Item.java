package dev.verge.sync.wire;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.log.LogEntry;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;

/** An entry of a snapshot. */
public record Item(
        @JsonPropertyDescription("Commit that set it.") @Min(1)
        long revision,

        @JsonPropertyDescription("Key.") @Size(min = 1, max = LogEntry.MAX_KEY_LENGTH)
        String key,

        @JsonPropertyDescription("Entry as JSON text.") String value) {}
