package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotEmpty;

/**
 * A certificate with its key: for the sites of its account that name it, and for nobody else.
 *
 * @param chain PEM of the certificate and of those between it and an authority, its own first
 * @param privateKey PEM (PKCS#8) of its private key
 */
public record CertificateEntry(
        @JsonPropertyDescription("Owner.") @NotEmpty String account,

        @JsonPropertyDescription("Name of the certificate.") @NotEmpty
        String name,

        @JsonPropertyDescription("The certificates, PEM.") @NotEmpty
        String chain,

        @JsonPropertyDescription("The private key, PEM.") Secret privateKey)
        implements Entry {

    @Override
    public String key() {
        return Keys.certificate(account, name);
    }
}
