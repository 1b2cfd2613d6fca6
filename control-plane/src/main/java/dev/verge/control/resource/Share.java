package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * A function version and its part of the traffic.
 *
 * @param version an existing version
 * @param percent 0 to 100
 */
public record Share(
        @Min(1) @JsonPropertyDescription("An existing version of the function.")
        int version,

        @Min(0) @Max(100) @JsonPropertyDescription("Its part of the traffic.")
        int percent) {}
