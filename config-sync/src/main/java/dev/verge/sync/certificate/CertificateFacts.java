package dev.verge.sync.certificate;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/** What rules may know of a client's certificate, by name. */
public final class CertificateFacts {
    private static final String SUBJECT = "subject";
    private static final String ISSUER = "issuer";
    private static final String SERIAL = "serial";
    private static final String FINGERPRINT = "fingerprint";
    private static final String NOT_AFTER = "notAfter";

    /** All names. */
    public static final List<String> NAMES = List.of(SUBJECT, ISSUER, SERIAL, FINGERPRINT, NOT_AFTER);

    private CertificateFacts() {}

    /**
     * The facts: distinguished names as RFC 2253 writes them, the serial number and the SHA-256 fingerprint as lower-case hex, the end as
     * ISO 8601.
     */
    public static Map<String, String> of(X509Certificate certificate) {
        return Map.of(
                SUBJECT, certificate.getSubjectX500Principal().getName(),
                ISSUER, certificate.getIssuerX500Principal().getName(),
                SERIAL, certificate.getSerialNumber().toString(16),
                FINGERPRINT, new CertificateChain(List.of(certificate)).fingerprint(),
                NOT_AFTER, certificate.getNotAfter().toInstant().toString());
    }
}
