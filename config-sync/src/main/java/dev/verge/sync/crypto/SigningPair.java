package dev.verge.sync.crypto;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of Ed25519 (RFC 8032). Its text form shows the public key only.
 *
 * <p>Every commit is signed and checked, so it is done by Bouncy Castle: the Java platform's own provider takes fifteen times the CPU for a
 * signature and nine times for a check.
 */
public final class SigningPair {
    private final PrivateKey key;
    private final String publicKey;

    /** Made for the first signature: loading Bouncy Castle is nothing that the start of a node should wait for. */
    private volatile @Nullable Ed25519PrivateKeyParameters signing;

    private SigningPair(PrivateKey key, String publicKey) {
        this.key = key;
        this.publicKey = publicKey;
    }

    /** A new one. */
    public static SigningPair generate() {
        KeyPair pair = RawKeys.ED25519.generate();
        return new SigningPair(pair.getPrivate(), RawKeys.ED25519.text(pair.getPublic()));
    }

    /**
     * Reads what {@link #privateText} and {@link #publicKey} gave.
     *
     * @throws IllegalArgumentException when it is no key
     */
    public static SigningPair parse(String privateText, String publicKey) {
        return new SigningPair(RawKeys.ED25519.privateKey(privateText), publicKey);
    }

    /** The public key: 32 bytes in base64. */
    public String publicKey() {
        return publicKey;
    }

    /** The private key: PKCS#8 in base64. */
    public String privateText() {
        return RawKeys.text(key);
    }

    /** Signs; the signature in base64. */
    public String sign(byte[] message) {
        Ed25519Signer signer = new Ed25519Signer();
        signer.init(true, signing());
        signer.update(message, 0, message.length);
        return Base64.getEncoder().encodeToString(signer.generateSignature());
    }

    private Ed25519PrivateKeyParameters signing() {
        Ed25519PrivateKeyParameters known = signing;
        if (known == null) {
            known = new Ed25519PrivateKeyParameters(((EdECPrivateKey) key)
                    .getBytes()
                    .orElseThrow(() -> new IllegalStateException("a key without bytes")));
            signing = known;
        }
        return known;
    }

    /** Whether a signature is that of a message under a public key; false, too, when one of them is no such thing. */
    public static boolean verify(String publicKey, byte[] message, String signature) {
        try {
            Ed25519Signer check = new Ed25519Signer();
            check.init(false, point(publicKey));
            check.update(message, 0, message.length);
            return check.verifySignature(Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Ed25519PublicKeyParameters point(String publicKey) {
        return new Ed25519PublicKeyParameters(Base64.getDecoder().decode(publicKey));
    }

    /** Whether a text is a public key of Ed25519. */
    public static boolean isPublicKey(String text) {
        try {
            point(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "SigningPair[" + publicKey + "]";
    }
}
