package dev.verge.control.acme;

import dev.verge.sync.certificate.PrivateKeys;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Key pairs for accounts and certificates: EC on P-256, which every authority and client takes. */
final class KeyPairs {
    private static final String ALGORITHM = "EC";

    private KeyPairs() {}

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    /** A pair as text, to be sealed. */
    static String text(KeyPair pair) {
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(pair.getPrivate().getEncoded()) + " "
                + base64.encodeToString(pair.getPublic().getEncoded());
    }

    static KeyPair read(String text) {
        String[] parts = text.split(" ", -1);
        Base64.Decoder base64 = Base64.getDecoder();
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new KeyPair(
                    factory.generatePublic(new X509EncodedKeySpec(base64.decode(parts[1]))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(base64.decode(parts[0]))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored key pair cannot be read", e);
        }
    }

    static String pem(KeyPair pair) {
        return PrivateKeys.pem(pair.getPrivate());
    }
}
