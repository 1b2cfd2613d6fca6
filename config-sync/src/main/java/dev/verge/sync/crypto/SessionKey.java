package dev.verge.sync.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of two ends for one session (AES-256-GCM). Each message has a number of its own that is the nonce, so none can be changed, left out,
 * repeated or put elsewhere without the other end noticing.
 */
public final class SessionKey {
    private static final String PURPOSE = "verge session 1";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;
    private final SecretKey key;

    /** Who a message is from: both ends count their own. */
    public enum Side {
        NODE(0),
        CONTROL_PLANE(1);

        private final int number;

        Side(int number) {
            this.number = number;
        }
    }

    private SessionKey(byte[] bytes) {
        this.bytes = bytes;
        this.key = new SecretKeySpec(bytes, "AES");
    }

    /** A new one. */
    public static SessionKey generate() {
        byte[] bytes = new byte[Aead.KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return new SessionKey(bytes);
    }

    /**
     * Opens what {@link #sealedTo} gave.
     *
     * @throws IllegalArgumentException when it was not sealed to this pair
     */
    public static SessionKey open(SealingPair pair, String sealed) {
        byte[] bytes = pair.open(PURPOSE, sealed);
        if (bytes.length != Aead.KEY_BYTES) {
            throw new IllegalArgumentException("a session key of " + bytes.length + " bytes");
        }
        return new SessionKey(bytes);
    }

    /** The key for the holder of a private key of X25519 alone. */
    public String sealedTo(String publicKey) {
        return SealingPair.seal(publicKey, PURPOSE, bytes);
    }

    /** Seals a message. */
    public byte[] seal(Side from, long number, byte[] content) {
        return Aead.seal(key, nonce(from, number), PURPOSE, content);
    }

    /**
     * Opens a message.
     *
     * @throws IllegalArgumentException when it is not that end's message of that number
     */
    public byte[] open(Side from, long number, byte[] sealed) {
        try {
            if (sealed.length < Aead.NONCE_BYTES
                    || !Arrays.equals(Arrays.copyOf(sealed, Aead.NONCE_BYTES), nonce(from, number))) {
                throw new IllegalArgumentException("it is not message " + number + " of this session");
            }
            return Aead.open(key, PURPOSE, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("message " + number + " was not sealed for this session", e);
        }
    }

    private static byte[] nonce(Side from, long number) {
        return ByteBuffer.allocate(Aead.NONCE_BYTES)
                .putInt(from.number)
                .putLong(number)
                .array();
    }
}
