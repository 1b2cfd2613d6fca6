package dev.verge.node.pipeline;

import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientTls;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeError.Refused;
import dev.verge.node.tls.TlsTerms;
import dev.verge.sync.document.ClientCertificates;
import dev.verge.sync.document.TlsOptions.TlsVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request may come over the connection that it came over. Clients use one connection for several hosts (RFC 9113 §9.1.1); a
 * host that is not served on the terms of this one is misdirected (421, RFC 9110 §15.5.20), and the client opens another.
 */
final class TlsMatch {
    private static final String TLS_1_3 = "TLSv1.3";

    private TlsMatch() {}

    /**
     * What is wrong, or null.
     *
     * @param host of the request, canonical
     * @param wanted terms that the host is served on
     */
    static @Nullable EdgeError fault(Caller caller, String host, TlsTerms wanted) {
        ClientTls tls = caller.tls();
        ClientCertificates clients = wanted.clients();
        boolean required = clients != null && clients.mode() == ClientCertificates.Mode.REQUIRED;
        if (tls == null) {
            return required ? Refused.CLIENT_CERTIFICATE : null;
        }
        if (wanted.minVersion() == TlsVersion.TLS_1_3
                && !tls.session().getProtocol().equals(TLS_1_3)) {
            return Refused.MISDIRECTED;
        }
        boolean anonymous = tls.serverName() == null && tls.certificates().isEmpty() && !required;
        if (!anonymous && !Objects.equals(clients, tls.terms().clients())) {
            return Refused.MISDIRECTED;
        }
        boolean named = tls.serverName() != null && !tls.serverName().equals(host) && !caller.trusted();
        return named && !Objects.equals(wanted.certificateName(), tls.terms().certificateName())
                ? Refused.MISDIRECTED
                : null;
    }
}
