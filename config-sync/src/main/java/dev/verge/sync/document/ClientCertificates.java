package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.certificate.CertificateChain;
import jakarta.validation.constraints.NotEmpty;

/** Whether clients show certificates, and whose. One that is shown is verified; a client with a bad one gets no connection. */
public record ClientCertificates(
        @JsonPropertyDescription(
                "PEM of the authorities, one or more, that alone may have signed a client's certificate.")
        @NotEmpty
        String ca,

        @JsonProperty(defaultValue = "required")
        @JsonPropertyDescription(
                "optional: clients without one are served, too, and rules may tell them apart; required: they are not, nor is"
                        + " anybody over http.")
        Mode mode) {

    /** How much a certificate is wanted. */
    public enum Mode {
        @JsonProperty("optional")
        OPTIONAL,
        @JsonProperty("required")
        REQUIRED
    }

    public ClientCertificates {
        if (!ca.isEmpty()) {
            try {
                var _ = CertificateChain.certificates(ca);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("ca: " + e.getMessage(), e);
            }
        }
    }
}
