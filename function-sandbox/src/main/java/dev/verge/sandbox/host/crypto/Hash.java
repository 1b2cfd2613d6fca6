package dev.verge.sandbox.host.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.spec.MGF1ParameterSpec;

/** The digests (Web Cryptography §30), and MD5, which functions elsewhere have for old checksums. */
public enum Hash {
    SHA_1("SHA-1", "SHA1", 20),
    SHA_256("SHA-256", "SHA256", 32),
    SHA_384("SHA-384", "SHA384", 48),
    SHA_512("SHA-512", "SHA512", 64),
    MD5("MD5", "MD5", 16);

    private static final int STEP_BYTES = 1 << 20;

    private final String webName;
    final String javaName;
    final int bytes;

    Hash(String webName, String javaName, int bytes) {
        this.webName = webName;
        this.javaName = javaName;
        this.bytes = bytes;
    }

    /**
     * By the name that the standard has for it.
     *
     * @throws CryptoFailure when there is none
     */
    public static Hash of(String webName) throws CryptoFailure {
        for (Hash hash : values()) {
            if (hash.webName.equals(webName)) {
                return hash;
            }
        }
        throw CryptoFailure.notSupported("There is no such hash");
    }

    /** A digest to be fed in pieces. */
    public MessageDigest begin() {
        try {
            return MessageDigest.getInstance(webName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + webName, e);
        }
    }

    /** The digest of all of it. */
    public byte[] digest(byte[] data) {
        MessageDigest digest = begin();
        update(digest, data);
        return digest.digest();
    }

    /** Feeds a digest. */
    public static void update(MessageDigest digest, byte[] data) {
        for (int at = 0; at < data.length; at += STEP_BYTES) {
            Stop.ifAsked();
            digest.update(data, at, Math.min(STEP_BYTES, data.length - at));
        }
    }

    MGF1ParameterSpec mask() {
        return new MGF1ParameterSpec(webName);
    }
}
