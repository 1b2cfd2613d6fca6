package dev.verge.node.exchange;

import dev.verge.node.tls.TlsTerms;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a client's connection.
 *
 * @param serverName what the client asked for (SNI), canonical; null when it named none
 * @param terms on which the connection was made
 * @param certificates of the client, its own first, verified; empty when it showed none
 */
public record ClientTls(
        SSLSession session, @Nullable String serverName, TlsTerms terms, List<X509Certificate> certificates) {

    private static final String PREFIX = "TLSv";

    public ClientTls {
        certificates = List.copyOf(certificates);
    }

    /** {@code 1.2} or {@code 1.3}. */
    public String version() {
        String written = session.getProtocol();
        return written.startsWith(PREFIX) ? written.substring(PREFIX.length()) : written;
    }

    /** The client's own certificate; null when it showed none. */
    public @Nullable X509Certificate certificate() {
        return certificates.isEmpty() ? null : certificates.getFirst();
    }
}
