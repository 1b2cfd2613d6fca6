package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** How the site is served over TLS. */
public record TlsOptions(
        @JsonPropertyDescription(
                "Name of an uploaded certificate; the node's own when absent. `auto` is not available yet.")
        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE)
        @Nullable
        String certificate,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("Answer http requests with a redirect (308) to https.")
        boolean redirectHttp,

        @JsonProperty(defaultValue = "1.2") @JsonPropertyDescription("Oldest TLS version.")
        TlsVersion minVersion,

        @JsonPropertyDescription("Certificates that clients show; none are asked for when absent.") @Nullable
        ClientCertificates clientCertificates) {

    /** Versions of TLS. */
    public enum TlsVersion {
        @JsonProperty("1.2")
        TLS_1_2,
        @JsonProperty("1.3")
        TLS_1_3
    }
}
