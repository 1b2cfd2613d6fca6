package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;

/** A header field of a request or an answer. */
public record OrderField(
        @JsonPropertyDescription("Name.") @NotEmpty @Size(max = 1_024)
        String name,

        @JsonPropertyDescription("Value.") @Size(max = 16_384)
        String value) {}
