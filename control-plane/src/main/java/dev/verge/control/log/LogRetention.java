package dev.verge.control.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How much of the log's past is kept for nodes that were away. Current state is kept whatever its age. */
public record LogRetention(
        @JsonProperty(defaultValue = "100000")
        @Min(100)
        @Max(100_000_000)
        @JsonPropertyDescription(
                "Latest commits kept one by one. A node further behind gets a snapshot, and drops its cached content.")
        long commits) {

    /** The default. */
    public static LogRetention defaults() {
        return new LogRetention(100_000);
    }
}
