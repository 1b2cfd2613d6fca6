package dev.verge.sync.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * A key pair of X25519 that short secrets are sealed to: DHKEM(X25519, HKDF-SHA256) of RFC 9180 §4.1 gives a fresh secret for each,
 * HKDF-SHA256 makes of it and of what the content is for the key of AES-256-GCM. Anybody can seal; who did is not proven by it.
 */
public final class SealingPair {
    private static final int ENCAPSULATION_BYTES = 32;

    private final PrivateKey key;
    private final String publicKey;

    private SealingPair(PrivateKey key, String publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** A new one. */
    public static SealingPair generate() {
        KeyPair pair = RawKeys.X25519.generate();
        return new SealingPair(pair.getPrivate(), RawKeys.X25519.text(pair.getPublic()));
    }

    /**
     * Reads what {@link #privateText} and {@link #publicKey} gave.
     *
     * @throws IllegalArgumentException when it is no key
     */
    public static SealingPair parse(String privateText, String publicKey) {
        return new SealingPair(RawKeys.X25519.privateKey(privateText), publicKey);
    }

    /** The public key: 32 bytes in base64. */
    public String publicKey() {
        return publicKey;
    }

    /** The private key: PKCS#8 in base64. */
    public String privateText() {
        return RawKeys.text(key);
    }

    /** Seals bytes to a public key, for one purpose; in base64. */
    public static String seal(String publicKey, String purpose, byte[] content) {
        try {
            KEM.Encapsulated fresh = KEM.getInstance("DHKEM")
                    .newEncapsulator(RawKeys.X25519.publicKey(publicKey))
                    .encapsulate();
            byte[] sealed = Aead.seal(contentKey(fresh.key(), purpose), new byte[Aead.NONCE_BYTES], purpose, content);
            byte[] head = fresh.encapsulation();
            byte[] whole = Arrays.copyOf(head, head.length + sealed.length);
            System.arraycopy(sealed, 0, whole, head.length, sealed.length);
            return Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has DHKEM", e);
        }
    }

    /**
     * Opens what was sealed to this pair for this purpose.
     *
     * @throws IllegalArgumentException when it was not, or has been changed
     */
    public byte[] open(String purpose, String sealed) {
        try {
            byte[] whole = Base64.getDecoder().decode(sealed);
            if (whole.length < ENCAPSULATION_BYTES) {
                throw new IllegalArgumentException("a sealed value that is too short");
            }
            SecretKey shared = KEM.getInstance("DHKEM")
                    .newDecapsulator(key)
                    .decapsulate(Arrays.copyOf(whole, ENCAPSULATION_BYTES));
            return Aead.open(
                    contentKey(shared, purpose), purpose, Arrays.copyOfRange(whole, ENCAPSULATION_BYTES, whole.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "it was not sealed to this key for " + purpose + ", or has been changed", e);
        }
    }

    private static SecretKey contentKey(SecretKey shared, String purpose) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(shared)
                                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), Aead.KEY_BYTES));
    }

    /** Whether a text is a public key of X25519. */
    public static boolean isPublicKey(String text) {
        try {
            RawKeys.X25519.publicKey(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "SealingPair[" + publicKey + "]";
    }
}
