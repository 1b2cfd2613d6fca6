package dev.verge.node.tls;

import dev.verge.sync.document.ClientCertificates;
import dev.verge.sync.document.TlsOptions.TlsVersion;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a connection is made, by the name that the client asks for.
 *
 * @param certificate shown; null: the node's own
 * @param minVersion oldest version spoken
 * @param clients what clients must show; null: nothing
 */
public record TlsTerms(
        @Nullable ServedCertificate certificate,
        TlsVersion minVersion,
        @Nullable ClientCertificates clients) {

    /** For names that no site has, and for clients that name none. */
    public static final TlsTerms OWN = new TlsTerms(null, TlsVersion.TLS_1_2, null);

    /** The same with the node's own certificate. */
    TlsTerms withOwnCertificate() {
        return new TlsTerms(null, minVersion, clients);
    }

    /** The same for a connection on which no client is asked for a certificate. */
    TlsTerms withoutClients() {
        return clients == null ? this : new TlsTerms(certificate, minVersion, null);
    }

    /** {@code ACCOUNT/NAME} of the certificate, whichever upload it is of; null for the node's own. */
    public @Nullable String certificateName() {
        return certificate == null ? null : certificate.scope();
    }
}
