package dev.verge.sync.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/** A key pair of Ed25519 (RFC 8032). Its text form shows the public key only. */
public final class SigningPair {
    private final PrivateKey key;
    private final String publicKey;

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
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(message);
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform signs with Ed25519", e);
        }
    }

    /** Whether a signature is that of a message under a public key; false, too, when one of them is no such thing. */
    public static boolean verify(String publicKey, byte[] message, String signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(RawKeys.ED25519.publicKey(publicKey));
            check.update(message);
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether a text is a public key of Ed25519. */
    public static boolean isPublicKey(String text) {
        try {
            RawKeys.ED25519.publicKey(text);
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
