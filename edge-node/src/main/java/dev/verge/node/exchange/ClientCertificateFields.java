package dev.verge.node.exchange;

import dev.verge.cache.http.HttpFields;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code Client-Cert} and {@code Client-Cert-Chain} (RFC 9440): the client's verified certificate, as origins, functions and the cache see
 * it. What a client, or a proxy in front, says there itself never counts (§4).
 */
public final class ClientCertificateFields {
    public static final String CERTIFICATE = "client-cert";
    public static final String CHAIN = "client-cert-chain";

    /** A longer chain is not handed on: heads have bounds, and whoever needs it has its authorities. */
    private static final int MAX_CHAIN_CHARACTERS = 16 << 10;

    private ClientCertificateFields() {}

    /** The fields without what was claimed. */
    public static HttpFields without(HttpFields client) {
        return client.without(name -> {
            String read = FieldRules.asOriginsRead(name);
            return read.equals(CERTIFICATE) || read.equals(CHAIN);
        });
    }

    /** The fields, which make no claim, with what was verified. */
    public static HttpFields with(HttpFields cleared, @Nullable ClientTls tls) {
        List<X509Certificate> certificates = tls == null ? List.of() : tls.certificates();
        if (certificates.isEmpty()) {
            return cleared;
        }
        HttpFields.Builder fields = cleared.toBuilder().add(CERTIFICATE, binary(certificates.getFirst()));
        String chain = certificates.stream()
                .skip(1)
                .map(ClientCertificateFields::binary)
                .collect(Collectors.joining(", "));
        if (!chain.isEmpty() && chain.length() <= MAX_CHAIN_CHARACTERS) {
            fields.add(CHAIN, chain);
        }
        return fields.build();
    }

    /** A byte sequence of RFC 8941 §3.3.5. */
    private static String binary(X509Certificate certificate) {
        try {
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read has its bytes", e);
        }
    }
}
