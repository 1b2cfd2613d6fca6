package dev.verge.balancer.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an {@code https} origin.
 *
 * @param sni server name to ask for and to verify; null: the host of the origin's URL
 * @param verify whether the certificate must be valid for that name
 * @param ca PEM of the only authorities to believe; null: the platform's
 * @param clientCertificate name of the certificate that the origin gets to see; null: none
 */
public record OriginTls(
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Server name asked for and verified; absent: the host of the origin's URL.")
        @Nullable
        String sni,

        @JsonProperty(defaultValue = "true")
        @JsonPropertyDescription("Whether the origin's certificate must be valid for that name.")
        boolean verify,

        @Size(min = 1, max = 65_536)
        @JsonPropertyDescription(
                "PEM of the authorities, one or more, that alone may have signed the origin's certificate; absent: the public ones.")
        @Nullable
        String ca,

        @Pattern(
                regexp = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
                message = "a name of lower-case letters, digits and hyphens, at most 63")
        @JsonPropertyDescription(
                "Name of an uploaded certificate to show to the origin when it asks for one; absent: none.")
        @Nullable
        String clientCertificate) {

    /** What applies when an {@code https} origin says nothing. */
    public static final OriginTls DEFAULT = new OriginTls(null, true, null, null);

    public OriginTls {
        if (ca != null) {
            if (!verify) {
                throw new IllegalArgumentException("ca: is of no use with verify: false; remove one of them");
            }
            requireCertificates(ca);
        }
    }

    private static void requireCertificates(String pem) {
        try (var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw new IllegalArgumentException("ca: holds no certificate; write PEM, -----BEGIN CERTIFICATE-----");
            }
        } catch (CertificateException | IOException e) {
            throw new IllegalArgumentException(
                    "ca: is not PEM of X.509 certificates; write -----BEGIN CERTIFICATE-----", e);
        }
    }
}
