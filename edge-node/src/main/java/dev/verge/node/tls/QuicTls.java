package dev.verge.node.tls;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.Mapping;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS of QUIC (RFC 9001) on the same certificates as over TCP: always 1.3, never with early data (RFC 8446 §8 leaves its replay to the
 * server), and clients are not asked for certificates, so no session that is resumed stands for one. Thread-safe.
 */
public final class QuicTls implements AutoCloseable {
    /** The protocol's name in ALPN (RFC 9114 §3.1). */
    private static final String HTTP_3 = "h3";

    /** What the handshake on this thread was offered; the TLS library asks and tells of the name without leaving the thread. */
    private static final ThreadLocal<TlsTerms> OFFERED = ThreadLocal.withInitial(() -> TlsTerms.OWN);

    private final Names names;
    private final QuicSslContext context;

    /**
     * TLS for all QUIC connections of a node.
     *
     * @param terms looks up what a host is served on, by what the client wrote as its name; null: it named none
     */
    public QuicTls(TlsContexts contexts, Function<@Nullable String, TlsTerms> terms) {
        names = new Names(contexts, terms);
        context = QuicSslContextBuilder.buildForServerWithSni(names);
    }

    static QuicSslContext context(X509ExtendedKeyManager certificate) {
        X509ExtendedTrustManager nobody = ClientTrust.NOBODY;
        return QuicSslContextBuilder.forServer(certificate, null)
                .trustManager(nobody)
                .applicationProtocols(HTTP_3)
                .earlyData(false)
                .build();
    }

    /** What connections are made with: chooses by the name that the client asks for. */
    public QuicSslContext context() {
        return context;
    }

    /** The terms of the handshake whose name has just been told of on this thread. */
    public static TlsTerms offered() {
        return OFFERED.get();
    }

    /** The native library never lets go of a context that chooses by name: let it hold nothing else. */
    @Override
    public void close() {
        names.chooser = null;
    }

    private static final class Names implements Mapping<String, QuicSslContext> {
        private volatile @Nullable Function<@Nullable String, TlsContexts.QuicOffer> chooser;

        Names(TlsContexts contexts, Function<@Nullable String, TlsTerms> terms) {
            chooser = name -> contexts.quicOffer(() -> terms.apply(name));
        }

        @Override
        public @Nullable QuicSslContext map(@Nullable String name) {
            Function<@Nullable String, TlsContexts.QuicOffer> chooses = chooser;
            if (chooses == null) {
                return null; // the handshake fails
            }
            TlsContexts.QuicOffer offer = chooses.apply(name);
            OFFERED.set(offer.terms());
            return offer.context();
        }
    }
}
