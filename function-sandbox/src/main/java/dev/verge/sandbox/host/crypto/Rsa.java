package dev.verge.sandbox.host.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;

/** What is done with RSA keys: RSASSA-PKCS1-v1_5, RSA-PSS and RSA-OAEP (RFC 8017). */
public final class Rsa {
    /** Instead of a salt's length: PKCS #1 version 1.5, which has none. */
    public static final int NO_SALT = -1;

    private Rsa() {}

    private static Signature signature(Hash hash, int saltBytes, RsaKey key)
            throws GeneralSecurityException, CryptoFailure {
        if (saltBytes == NO_SALT) {
            return Signature.getInstance(hash.javaName + "withRSA");
        }
        if (saltBytes > (key.bits() + 6) / 8 - hash.bytes - 2) {
            throw CryptoFailure.operation("RSA-PSS: the salt is longer than the key has room for");
        }
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(new PSSParameterSpec(
                hash.javaName.replace("SHA", "SHA-"),
                "MGF1",
                hash.mask(),
                saltBytes,
                PSSParameterSpec.TRAILER_FIELD_BC));
        return signature;
    }

    private static PrivateKey secret(@Nullable PrivateKey key) throws CryptoFailure {
        if (key == null) {
            throw CryptoFailure.operation("RSA: the key is not a private one");
        }
        return key;
    }

    /**
     * The signature of a message.
     *
     * @param saltBytes length of PSS's salt, or {@link #NO_SALT} for PKCS #1 version 1.5
     */
    public static byte[] sign(RsaKey key, Hash hash, int saltBytes, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        Signature signature = signature(hash, saltBytes, key);
        signature.initSign(secret(key.privateKey));
        signature.update(data);
        return signature.sign();
    }

    /** Whether a signature is a message's. */
    public static boolean verify(RsaKey key, Hash hash, int saltBytes, byte[] signed, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        Signature signature = signature(hash, saltBytes, key);
        signature.initVerify(key.publicKey);
        signature.update(data);
        try {
            return signature.verify(signed);
        } catch (SignatureException e) {
            return false;
        }
    }

    /** Encrypts with the public key, or decrypts with the private one. */
    public static byte[] oaep(boolean encrypt, RsaKey key, Hash hash, byte[] label, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        OAEPParameterSpec parameters = new OAEPParameterSpec(
                hash.mask().getDigestAlgorithm(), "MGF1", hash.mask(), new PSource.PSpecified(label));
        if (encrypt) {
            cipher.init(Cipher.ENCRYPT_MODE, key.publicKey, parameters);
        } else {
            cipher.init(Cipher.DECRYPT_MODE, secret(key.privateKey), parameters);
        }
        return cipher.doFinal(data);
    }
}
