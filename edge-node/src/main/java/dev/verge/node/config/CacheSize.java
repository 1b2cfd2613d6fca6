package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Bounds of the two cache tiers of a node. */
public record CacheSize(
        @JsonProperty(defaultValue = "256MiB")
        @JsonPropertyDescription("Bytes of stored responses kept in memory.")
        @Min(1 << 20)
        @Max(1L << 42)
        long memoryBytes,

        @JsonProperty(defaultValue = "4GiB")
        @JsonPropertyDescription("Bytes of stored responses kept on disk, in the data folder.")
        @Min(16 << 20)
        @Max(1L << 50)
        long diskBytes) {}
