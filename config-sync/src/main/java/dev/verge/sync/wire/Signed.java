package dev.verge.sync.wire;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;

/** A signature of the control plane. */
public record Signed(
        @JsonPropertyDescription("Number of the key.") @Min(1)
        int key,

        @JsonPropertyDescription("The signature, base64.") @Size(max = 100)
        String signature) {}
