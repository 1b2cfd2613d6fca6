package dev.verge.sync.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Keys of one algorithm of RFC 8410 as text: the 32 bytes of a public one in base64, PKCS#8 in base64 of a private one. */
final class RawKeys {

    private static final int BYTES = 32;

    static final RawKeys ED25519 = new RawKeys("Ed25519", "302a300506032b6570032100");
    static final RawKeys X25519 = new RawKeys("X25519", "302a300506032b656e032100");

    private final String algorithm;
    private final byte[] prefix;

    private RawKeys(String algorithm, String prefix) {
        this.algorithm = algorithm;
        this.prefix = HexFormat.of().parseHex(prefix);
    }

    KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    String text(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, prefix.length, encoded.length));
    }

    static String text(PrivateKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    PublicKey publicKey(String text) {
        try {
            byte[] raw = Base64.getDecoder().decode(text);
            if (raw.length != BYTES) {
                throw new IllegalArgumentException("a public key of " + raw.length + " bytes, not " + BYTES);
            }
            byte[] encoded = Arrays.copyOf(prefix, prefix.length + BYTES);
            System.arraycopy(raw, 0, encoded, prefix.length, BYTES);
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no public key of " + algorithm, e);
        }
    }

    PrivateKey privateKey(String text) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no private key of " + algorithm, e);
        }
    }
}
