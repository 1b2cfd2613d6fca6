package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.FunctionManifest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

/**
 * One version of a function and its share.
 *
 * @param sha256 of the bundle, lower-case hex: the blob that holds its code
 */
public record Deployed(
        @JsonPropertyDescription("Version number.") @Min(1) int version,

        @JsonPropertyDescription("Share of the traffic.") @Min(0) @Max(100)
        int percent,

        @JsonPropertyDescription("Hash of the code.")
        @Pattern(regexp = "[0-9a-f]{64}", message = "64 lower-case hex digits")
        String sha256,

        @JsonPropertyDescription("How to run it.") FunctionManifest manifest) {}
