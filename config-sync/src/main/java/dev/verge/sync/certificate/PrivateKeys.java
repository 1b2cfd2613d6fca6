package dev.verge.sync.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Private keys of certificates: PKCS#8 in PEM (RFC 7468 §10), and which kinds of keys are taken. */
public final class PrivateKeys {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int RSA_LEAST_BITS = 2048;

    /** A handshake with a longer key costs the node many times as much and makes nobody safer. */
    private static final int RSA_MOST_BITS = 4096;

    private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);
    private static final int LINE = 64;

    private PrivateKeys() {}

    /** What is wrong with a key of this kind, and after a semicolon what to do; null when it is taken. */
    public static @Nullable String mistake(PublicKey key) {
        boolean taken = switch (key) {
            case RSAKey rsa ->
                rsa.getModulus().bitLength() >= RSA_LEAST_BITS
                        && rsa.getModulus().bitLength() <= RSA_MOST_BITS;
            case ECKey ec -> CURVE_BITS.contains(curveBits(ec));
            case EdECKey ed -> ed.getParams().getName().equals("Ed25519");
            default -> false;
        };
        return taken
                ? null
                : "has a key of the kind " + describe(key) + "; use EC (P-256, P-384, P-521), Ed25519, or RSA of "
                        + RSA_LEAST_BITS + " to " + RSA_MOST_BITS + " bits";
    }

    static String describe(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> "RSA " + rsa.getModulus().bitLength();
            case ECKey ec -> "EC " + curveBits(ec);
            case EdECKey ed -> ed.getParams().getName();
            default -> key.getAlgorithm();
        };
    }

    private static int curveBits(ECKey key) {
        return key.getParams().getCurve().getField().getFieldSize();
    }

    /** A key as PKCS#8 in PEM. */
    public static String pem(PrivateKey key) {
        return BEGIN + "\n" + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n"
                + END + "\n";
    }

    /**
     * Reads a key that {@link #pem} wrote.
     *
     * @param of the public key that it belongs to
     * @throws IllegalArgumentException when it is none, or belongs to another one
     */
    public static PrivateKey parse(String pem, PublicKey of) {
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("key: is no PKCS#8 in PEM; write " + BEGIN);
        }
        PrivateKey key;
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            key = KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("key: is no " + describe(of) + " key in PKCS#8", e);
        }
        if (!belongTogether(key, of)) {
            throw new IllegalArgumentException("key: is not the one of the certificate");
        }
        return key;
    }

    /** Whether what one signs, the other verifies. */
    public static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (certified) {
            case RSAKey rsa -> "SHA256withRSA";
            case ECKey ec -> "SHA256withECDSA";
            case EdECKey ed -> "EdDSA";
            default -> null;
        };
        if (algorithm == null) {
            return false;
        }
        byte[] words = "one pair".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(words);
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(words);
            return verifying.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
