package dev.verge.node.tls;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The keys of one certificate's tickets over QUIC. They belong to the context that the name has chosen: the native library asks that one, not
 * the one that chooses. Used by one thread at a time.
 */
final class QuicTickets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final QuicSslContext context;
    private final Deque<SslSessionTicketKey> keys = new ArrayDeque<>();

    QuicTickets(QuicSslContext context) {
        this.context = context;
    }

    QuicSslContext context() {
        return context;
    }

    /** New tickets are sealed under a new key; those of the last ones are still opened. */
    void rotate() {
        keys.addFirst(new SslSessionTicketKey(
                random(SslSessionTicketKey.NAME_SIZE),
                random(SslSessionTicketKey.HMAC_KEY_SIZE),
                random(SslSessionTicketKey.AES_KEY_SIZE)));
        if (keys.size() > TlsContext.TICKET_KEYS) {
            keys.removeLast();
        }
        context.sessionContext().setTicketKeys(keys.toArray(SslSessionTicketKey[]::new));
    }

    private static byte[] random(int bytes) {
        byte[] value = new byte[bytes];
        RANDOM.nextBytes(value);
        return value;
    }
}
