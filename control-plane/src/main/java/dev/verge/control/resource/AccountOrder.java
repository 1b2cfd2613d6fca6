package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;

/**
 * Body for a new account.
 *
 * @param name its name, for good
 */
public record AccountOrder(
        @Pattern(regexp = Names.NAME) @JsonPropertyDescription("Its name, for good.")
        String name) {}
