package dev.verge.sync.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that secrets are sealed under on their way to the nodes and on the nodes' disks: one for all nodes, and another one, with the
 * next number, after a node was shut out. Each node gets it sealed to a key of its own.
 *
 * <p>Sealing is deterministic: the nonce is a MAC of name and value (the idea of RFC 8452, a synthetic nonce), so that every control plane
 * makes the same bytes of the same value; what that shows is whether a value was set to what it had been before.
 */
public final class FleetKey {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FORM = "fleet.";

    private final int epoch;
    private final byte[] bytes;
    private final SecretKey key;

    private FleetKey(int epoch, byte[] bytes) {
        if (bytes.length != Aead.KEY_BYTES) {
            throw new IllegalArgumentException("a fleet key of " + bytes.length + " bytes");
        }
        this.epoch = epoch;
        this.bytes = bytes.clone();
        this.key = new SecretKeySpec(derive("seal"), "AES");
    }

    /** A new one. */
    public static FleetKey generate(int epoch) {
        byte[] bytes = new byte[Aead.KEY_BYTES];
        RANDOM.nextBytes(bytes);
        return new FleetKey(epoch, bytes);
    }

    /**
     * Reads what {@link #text} gave.
     *
     * @throws IllegalArgumentException when it is no key
     */
    public static FleetKey parse(int epoch, String text) {
        return new FleetKey(epoch, Base64.getDecoder().decode(text));
    }

    /** Its number, from 1. */
    public int epoch() {
        return epoch;
    }

    /** The key itself in base64. */
    public String text() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The key, sealed to the owner of a public key of X25519. */
    public String sealedTo(String publicKey) {
        return SealingPair.seal(publicKey, purpose(epoch), bytes);
    }

    /**
     * The key that was sealed to a pair.
     *
     * @throws IllegalArgumentException when it was not
     */
    public static FleetKey open(int epoch, SealingPair pair, String sealed) {
        return new FleetKey(epoch, pair.open(purpose(epoch), sealed));
    }

    private static String purpose(int epoch) {
        return "verge fleet key " + epoch;
    }

    /** Seals a value under its name: {@code fleet.EPOCH.BASE64}. */
    public String seal(String name, String value) {
        byte[] content = value.getBytes(StandardCharsets.UTF_8);
        byte[] nonce = Arrays.copyOf(
                mac(
                        derive("nonce"),
                        Statement.of("nonce").text(name).bytes(content).toBytes()),
                Aead.NONCE_BYTES);
        return FORM + epoch + "." + Base64.getEncoder().encodeToString(Aead.seal(key, nonce, name, content));
    }

    /** Whether a text is a sealed value. */
    public static boolean isSealed(String text) {
        return text.startsWith(FORM);
    }

    /**
     * The number of the key that a value is sealed under.
     *
     * @throws IllegalArgumentException when it is no sealed value
     */
    public static int epochOf(String sealed) {
        int dot = sealed.indexOf('.', FORM.length());
        if (!isSealed(sealed) || dot < 0) {
            throw new IllegalArgumentException("no sealed value");
        }
        return Integer.parseInt(sealed, FORM.length(), dot, 10);
    }

    /**
     * Opens what was sealed under this name and key.
     *
     * @throws IllegalArgumentException when it was not, or has been changed
     */
    public String open(String name, String sealed) {
        try {
            byte[] whole = Base64.getDecoder().decode(sealed.substring(sealed.indexOf('.', FORM.length()) + 1));
            return new String(Aead.open(key, name, whole), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it was not sealed under fleet key " + epoch + " as " + name, e);
        }
    }

    private byte[] derive(String use) {
        return mac(bytes, ("verge fleet key: " + use).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] mac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "FleetKey[" + epoch + "]";
    }
}
