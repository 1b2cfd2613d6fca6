package dev.verge.control.resource;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.certificate.CertificateChain;
import jakarta.validation.constraints.Size;

/**
 * Body that stores a certificate.
 *
 * @param chain PEM of the certificate and those between it and its authority, its own first
 * @param key PEM of its private key, not encrypted: PKCS#8, or what OpenSSL calls a traditional one
 */
public record CertificateOrder(
        @Size(min = 1, max = CertificateChain.MAX_PEM_LENGTH)
        @JsonPropertyDescription(
                "PEM: the certificate first, then the one that signed it, and so on; the authority's own may be left out.")
        String chain,

        @Size(min = 1, max = LONGEST_KEY)
        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
        @JsonPropertyDescription("PEM of the private key, without a passphrase; never read back.")
        String key) {

    /** Longest key as PEM, in characters. */
    public static final int LONGEST_KEY = 16_384;

    @Override
    public String toString() {
        return "CertificateOrder[***]";
    }
}
