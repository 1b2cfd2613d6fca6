package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.FunctionManifest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;

/**
 * One version of a function and its share.
 *
 * @param sha256 of the bundle, lower-case hex: the blob that holds its code
 * @param secrets what stands in {@code env} beside the manifest's {@code vars}
 */
public record Deployed(
        @JsonPropertyDescription("Version number.") @Min(1) int version,

        @JsonPropertyDescription("Share of the traffic.") @Min(0) @Max(100)
        int percent,

        @JsonPropertyDescription("Hash of the code.")
        @Pattern(regexp = "[0-9a-f]{64}", message = "64 lower-case hex digits")
        String sha256,

        @JsonPropertyDescription("How to run it.") FunctionManifest manifest,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Secret values by their name in `env`.")
        @Size(max = MAX_SECRETS)
        Map<String, Secret> secrets) {

    /** Most secrets of a function. */
    public static final int MAX_SECRETS = 100;

    public Deployed {
        secrets = Map.copyOf(secrets);
    }

    /** The same version with other secrets. */
    public Deployed withSecrets(Map<String, Secret> others) {
        return new Deployed(version, percent, sha256, manifest, others);
    }

    /** A version without secrets. */
    public Deployed(int version, int percent, String sha256, FunctionManifest manifest) {
        this(version, percent, sha256, manifest, Map.of());
    }
}
