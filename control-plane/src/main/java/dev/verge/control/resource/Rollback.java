package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;

/**
 * Body of a rollback.
 *
 * @param version the earlier version to return to
 */
public record Rollback(
        @Min(1) @JsonPropertyDescription("The earlier version to return to.")
        int version) {}
