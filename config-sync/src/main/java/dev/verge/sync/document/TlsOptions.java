package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** How the site is served over TLS. */
public record TlsOptions(
        @JsonPropertyDescription(
                "Name of an uploaded certificate; the node's own when absent. `auto` is not available yet.")
        @Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}", message = "the name of a certificate")
        @Nullable
        String certificate,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Answer http requests with a redirect to https.")
        boolean redirectHttp,

        @JsonProperty(defaultValue = "1.2") @JsonPropertyDescription("Oldest TLS version.")
        TlsVersion minVersion) {

    /** Versions of TLS. */
    public enum TlsVersion {
        @JsonProperty("1.2")
        TLS_1_2,
        @JsonProperty("1.3")
        TLS_1_3
    }
}
