package dev.verge.node.tls;

import dev.verge.sync.certificate.CertificateChain;
import dev.verge.sync.certificate.PrivateKeys;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the TLS port can serve with. All of it is made ahead, when configuration comes into force, and swapped by one reference; a
 * handshake only looks up. Thread-safe.
 */
public final class TlsContexts implements AutoCloseable {
    /** How often tickets get a new key, in seconds. */
    public static final int ROTATE_SECONDS = TlsContext.ROTATE_SECONDS;

    private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);

    /** New terms are prepared before they can be looked up, and old ones given up after: the second look finds them. */
    private static final int MOST_LOOKS = 10;

    private final CertificateChain ownChain;
    private final PrivateKey ownKey;
    private final TlsContext own;
    private final boolean withQuic;
    private volatile Map<TlsTerms, TlsContext> contexts = Map.of();

    /**
     * Only the node's own certificate so far. Blocks: reads its files.
     *
     * @param withQuic whether HTTP/3 is to be served with the same
     * @throws IOException when the node's own certificate cannot be served with
     */
    public TlsContexts(OwnCertificate certificate, boolean withQuic) throws IOException {
        this.withQuic = withQuic;
        try {
            ownChain = CertificateChain.parse(Files.readString(certificate.chain()));
            ownKey = PrivateKeys.parse(
                    Files.readString(certificate.key()), ownChain.leaf().getPublicKey());
            own = new TlsContext(TlsTerms.OWN, ownChain.certificates(), ownKey, withQuic);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("cannot serve with the node's own certificate: " + e.getMessage(), e);
        }
    }

    /** The node's own certificate. */
    public CertificateChain own() {
        return ownChain;
    }

    /** Makes what is wanted and not there yet. Blocks for milliseconds for each: not on an event loop. */
    public synchronized void prepare(Set<TlsTerms> wanted) {
        Map<TlsTerms, TlsContext> next = new HashMap<>(contexts);
        for (TlsTerms terms : wanted) {
            if (!terms.equals(TlsTerms.OWN) && !next.containsKey(terms)) {
                next.put(terms, make(terms));
            }
        }
        contexts = Map.copyOf(next);
    }

    /** Gives up what is not wanted any more; its connections go on. */
    public synchronized void retain(Set<TlsTerms> wanted) {
        Map<TlsTerms, TlsContext> before = contexts;
        Map<TlsTerms, TlsContext> next = new HashMap<>(before);
        next.keySet().retainAll(wanted);
        contexts = Map.copyOf(next);
        before.forEach((terms, context) -> {
            if (!next.containsKey(terms)) {
                context.release();
            }
        });
    }

    private TlsContext make(TlsTerms terms) {
        ServedCertificate certificate = terms.certificate();
        try {
            return certificate == null
                    ? new TlsContext(terms, ownChain.certificates(), ownKey, withQuic)
                    : new TlsContext(terms, certificate.chain().certificates(), certificate.key(), withQuic);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            if (certificate == null) {
                throw new IllegalStateException("the node's own certificate served before", e);
            }
            LOG.error(
                    "certificate {} cannot be served with, the node's own answers instead: {}",
                    certificate,
                    e.toString());
            return make(terms.withOwnCertificate());
        }
    }

    /** A handler for one connection, and the terms it stands for. */
    public record Offer(TlsTerms terms, SslHandler handler) {}

    /**
     * A handler for a connection on the terms that hold now.
     *
     * @param current looks the terms up; asked again when they changed under the call
     */
    public Offer offer(Supplier<TlsTerms> current, ByteBufAllocator buffers) {
        for (int look = 0; look < MOST_LOOKS; look++) {
            TlsTerms terms = current.get();
            TlsContext context = terms.equals(TlsTerms.OWN) ? own : contexts.get(terms);
            SslHandler handler = context == null ? null : context.handler(buffers);
            if (handler != null) {
                return new Offer(terms, handler);
            }
        }
        throw new IllegalStateException("the terms of TLS change faster than a handshake begins");
    }

    /** What a QUIC connection is made with, and the terms that it stands for. */
    record QuicOffer(TlsTerms terms, QuicSslContext context) {}

    /**
     * What a QUIC connection is made with on the terms that hold now, but for client certificates, which are not asked for there: a host
     * that wants them is misdirected.
     */
    QuicOffer quicOffer(Supplier<TlsTerms> current) {
        for (int look = 0; look < MOST_LOOKS; look++) {
            TlsTerms terms = current.get();
            TlsContext context = terms.equals(TlsTerms.OWN) ? own : contexts.get(terms);
            QuicSslContext quic = context == null ? null : context.quic();
            if (quic != null) {
                return new QuicOffer(terms.withoutClients(), quic);
            }
        }
        throw new IllegalStateException("the terms of TLS change faster than a handshake begins");
    }

    /** Gives tickets new keys; called every {@link #ROTATE_SECONDS}. */
    public synchronized void rotate() {
        own.rotate();
        contexts.values().forEach(TlsContext::rotate);
    }

    @Override
    public synchronized void close() {
        retain(Set.of());
        own.release();
    }
}
