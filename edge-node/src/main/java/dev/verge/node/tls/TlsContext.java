package dev.verge.node.tls;

import dev.verge.sync.document.ClientCertificates;
import dev.verge.sync.document.TlsOptions.TlsVersion;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL set up for one set of terms, shared by all event loops.
 *
 * <p>Tickets (RFC 8446 §4.6.1, RFC 5077) are sealed under keys of this context alone, so what one site has verified is never resumed at
 * another. Sessions are kept by clients, not here; early data is never taken (RFC 8446 §8 leaves its replay to the server).
 */
final class TlsContext {
    /** Forward secret and authenticated only (RFC 9325 §4.2). The order counts for TLS 1.2; in 1.3 the client's own does. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** A session lives as long as the oldest key that can open its ticket. */
    static final int TICKET_KEYS = 3;

    static final int ROTATE_SECONDS = 3600;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SslContext context;
    private final @Nullable QuicTickets quic;
    private final Deque<OpenSslSessionTicketKey> ticketKeys = new ArrayDeque<>();

    /**
     * Made ahead: takes milliseconds.
     *
     * @param withQuic whether the same certificate is to be shown over QUIC too
     * @throws GeneralSecurityException when the TLS library cannot serve with it
     */
    TlsContext(TlsTerms terms, List<X509Certificate> chain, PrivateKey key, boolean withQuic)
            throws GeneralSecurityException, IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        new OpenSslCachingX509KeyManagerFactory(new OneKeyManager(chain, key).factory()))
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .protocols(protocols(terms.minVersion()))
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout((TICKET_KEYS - 1L) * ROTATE_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1));
        ClientCertificates clients = terms.clients();
        if (clients == null) {
            builder.trustManager(ClientTrust.NOBODY);
        } else {
            builder.trustManager(ClientTrust.of(clients))
                    .clientAuth(
                            clients.mode() == ClientCertificates.Mode.REQUIRED
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL);
        }
        context = builder.build();
        quic = withQuic ? new QuicTickets(QuicTls.context(new OneKeyManager(chain, key))) : null;
        rotate();
    }

    /** The same certificate over QUIC; null where it is not spoken. */
    @Nullable
    QuicSslContext quic() {
        return quic == null ? null : quic.context();
    }

    private static String[] protocols(TlsVersion oldest) {
        return switch (oldest) {
            case TLS_1_2 -> new String[] {"TLSv1.3", "TLSv1.2"};
            case TLS_1_3 -> new String[] {"TLSv1.3"};
        };
    }

    /** New tickets are sealed under a new key; those of the last ones are still opened. */
    synchronized void rotate() {
        if (quic != null) {
            quic.rotate();
        }
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            ticketKeys.addFirst(new OpenSslSessionTicketKey(
                    random(OpenSslSessionTicketKey.NAME_SIZE),
                    random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                    random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
            if (ticketKeys.size() > TICKET_KEYS) {
                ticketKeys.removeLast();
            }
            sessions.setSessionCacheEnabled(false);
            sessions.setTicketKeys(ticketKeys.toArray(OpenSslSessionTicketKey[]::new));
        }
    }

    private static byte[] random(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return value;
    }

    /** A handler for one connection; null when this context has been given up meanwhile. */
    @Nullable
    SslHandler handler(ByteBufAllocator buffers) {
        try {
            return context.newHandler(buffers);
        } catch (IllegalReferenceCountException givenUp) {
            return null;
        }
    }

    /** Connections made with it go on; new ones take another. */
    void release() {
        ReferenceCountUtil.release(context);
    }
}
