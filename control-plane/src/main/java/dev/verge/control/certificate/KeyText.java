package dev.verge.control.certificate;

import dev.verge.sync.certificate.PrivateKeys;
import java.io.IOException;
import java.io.StringReader;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/** Private keys in the forms that tools write them in: PKCS#8, PKCS#1 (RSA), SEC 1 (EC), with or without parameters before them. */
final class KeyText {
    /** A file of a key holds little beside it. */
    private static final int MAX_BLOCKS = 8;

    private static final String HOW = "write -----BEGIN PRIVATE KEY-----, without a passphrase";

    private KeyText() {}

    /**
     * Reads a key.
     *
     * @throws IllegalArgumentException with what is wrong and, after a semicolon, what to do; never with what the key is
     */
    static PrivateKey read(String pem) {
        try (PEMParser blocks = new PEMParser(new StringReader(pem))) {
            PrivateKeyInfo key = null;
            for (int i = 0; i < MAX_BLOCKS; i++) {
                Object block = blocks.readObject();
                if (block == null) {
                    break;
                }
                PrivateKeyInfo found = key(block);
                if (found != null && key != null) {
                    throw new IllegalArgumentException("holds more than one key; leave one");
                }
                key = found == null ? key : found;
            }
            if (key == null) {
                throw new IllegalArgumentException("holds no private key; " + HOW);
            }
            // Through its PKCS#8 form, so that the platform's own keys come out.
            return new JcaPEMKeyConverter().getPrivateKey(key);
        } catch (IOException | RuntimeException e) {
            if (e instanceof IllegalArgumentException told
                    && told.getMessage() != null
                    && told.getMessage().contains("; ")) {
                throw told;
            }
            // What the parser says may quote the key.
            throw new IllegalArgumentException("is no private key in PEM; " + HOW);
        }
    }

    private static @Nullable PrivateKeyInfo key(Object block) {
        return switch (block) {
            case PrivateKeyInfo plain -> plain;
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted();
            case PEMEncryptedKeyPair encrypted -> throw encrypted();
            default -> null;
        };
    }

    private static IllegalArgumentException encrypted() {
        return new IllegalArgumentException(
                "is encrypted; take the passphrase off first: openssl pkey -in KEY -out PLAIN-KEY");
    }

    /** The form that is kept. */
    static String pkcs8(PrivateKey key) {
        return PrivateKeys.pem(key);
    }
}
