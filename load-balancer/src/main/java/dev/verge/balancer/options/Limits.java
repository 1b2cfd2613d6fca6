package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How much of a pool one node may use at a time. */
public record Limits(
        @JsonProperty(defaultValue = "1024")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Connections to the pool's origins at a time.")
        int maxConnections,

        @JsonProperty(defaultValue = "1024")
        @Min(0)
        @Max(1_000_000)
        @JsonPropertyDescription("Requests waiting for a connection at a time.")
        int maxPending,

        @JsonProperty(defaultValue = "1024")
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Requests to the pool at a time, waiting ones included.")
        int maxRequests) {}
