package dev.verge.node.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Address validation (RFC 9000 §8.1.2): while the node is busy, a new client is sent away with a token first, and nothing is kept of it
 * until it brings that token back from the same address. A token is a time and the connection id that the client began with, under a
 * MAC that covers its address and port as well. Thread-safe.
 */
final class RetryTokens implements QuicTokenHandler {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final int HEAD_BYTES = MAC_BYTES + Long.BYTES;

    /** Of a connection id (RFC 9000 §17.2). */
    private static final int MAX_ID_BYTES = 20;

    /** Longer than any way there and back. */
    private static final long LIFETIME_SECONDS = Duration.ofSeconds(10).toSeconds();

    private final SecretKeySpec key;
    private final BooleanSupplier busy;
    private final Runnable onRetry;
    private final LongSupplier seconds;

    /**
     * Tokens under a key of their own.
     *
     * @param busy whether clients are to prove their address now
     * @param onRetry told of each one that is sent away
     * @param seconds a clock that never goes back
     */
    RetryTokens(BooleanSupplier busy, Runnable onRetry, LongSupplier seconds) {
        byte[] secret = new byte[MAC_BYTES];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, ALGORITHM);
        this.busy = busy;
        this.onRetry = onRetry;
        this.seconds = seconds;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf originalId, InetSocketAddress address) {
        if (!busy.getAsBoolean()) {
            return false;
        }
        byte[] id = bytes(originalId, originalId.readerIndex(), originalId.readableBytes());
        long now = seconds.getAsLong();
        out.writeBytes(mac(now, id, address)).writeLong(now).writeBytes(id);
        onRetry.run();
        return true;
    }

    /** Where in the token the client's first connection id begins; -1 when it is none of ours, of another address, or too old. */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int idBytes = token.readableBytes() - HEAD_BYTES;
        if (idBytes < 0 || idBytes > MAX_ID_BYTES) {
            return -1;
        }
        int start = token.readerIndex();
        byte[] shown = bytes(token, start, MAC_BYTES);
        long made = token.getLong(start + MAC_BYTES);
        long age = seconds.getAsLong() - made;
        byte[] id = bytes(token, start + HEAD_BYTES, idBytes);
        boolean ours = MessageDigest.isEqual(shown, mac(made, id, address));
        return ours && age >= 0 && age <= LIFETIME_SECONDS ? start + HEAD_BYTES : -1;
    }

    @Override
    public int maxTokenLength() {
        return HEAD_BYTES + MAX_ID_BYTES;
    }

    private byte[] mac(long time, byte[] id, InetSocketAddress address) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(ByteBuffer.allocate(Long.BYTES + Short.BYTES)
                    .putLong(time)
                    .putShort((short) address.getPort())
                    .flip());
            byte[] host = address.getAddress().getAddress();
            mac.update((byte) host.length);
            mac.update(host);
            return Arrays.copyOf(mac.doFinal(id), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] bytes(ByteBuf buffer, int index, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        return bytes;
    }
}
