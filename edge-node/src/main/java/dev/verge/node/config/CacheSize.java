package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** Bounds of the two cache tiers of a node. */
public record CacheSize(
        @JsonProperty(defaultValue = "256MiB")
        @JsonPropertyDescription(
                "Bytes of stored responses kept in memory. What is kept beside bodies takes a fifth of the heap at most:"
                        + " 107 MB, some 90,000 responses, with the ordinary one.")
        @Min(1 << 20)
        @Max(1L << 42)
        long memoryBytes,

        @JsonProperty(defaultValue = "4GiB")
        @JsonPropertyDescription(
                "Bytes of stored responses kept on disk, in the data folder. Their index takes a quarter of the heap at most:"
                        + " 1,150,000 responses with the ordinary one.")
        @Min(16 << 20)
        @Max(1L << 50)
        long diskBytes) {}
