package dev.verge.sandbox.host.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import javax.crypto.KeyAgreement;
import org.jspecify.annotations.Nullable;

/** What is done with keys on curves: ECDSA and ECDH, EdDSA and XDH. */
public final class Ec {
    private Ec() {}

    private static PrivateKey secret(@Nullable PrivateKey key) throws CryptoFailure {
        if (key == null) {
            throw CryptoFailure.operation("The key is not a private one");
        }
        return key;
    }

    private static Signature ecdsa(Hash hash) throws GeneralSecurityException {
        return Signature.getInstance(hash.javaName + "withECDSAinP1363Format");
    }

    /** ECDSA: r and s, each as long as the curve's numbers. */
    public static byte[] sign(EcKey key, Hash hash, byte[] data) throws GeneralSecurityException, CryptoFailure {
        return sign(ecdsa(hash), secret(key.privateKey), data);
    }

    /** Whether an ECDSA signature is a message's. */
    public static boolean verify(EcKey key, Hash hash, byte[] signed, byte[] data) throws GeneralSecurityException {
        return signed.length == 2 * key.curve.bytes && verify(ecdsa(hash), key.publicKey, signed, data);
    }

    /** EdDSA (RFC 8032), without a context. */
    public static byte[] sign(OkpKey key, byte[] data) throws GeneralSecurityException, CryptoFailure {
        return sign(Signature.getInstance(key.kind.webName()), secret(key.privateKey), data);
    }

    /** Whether an EdDSA signature is a message's. */
    public static boolean verify(OkpKey key, byte[] signed, byte[] data) throws GeneralSecurityException {
        return signed.length == 2 * key.kind.bytes
                && !key.kind.isSmallOrder(key.point())
                && !key.kind.isSmallOrder(signed)
                && verify(Signature.getInstance(key.kind.webName()), key.publicKey, signed, data);
    }

    private static byte[] sign(Signature signature, PrivateKey key, byte[] data) throws GeneralSecurityException {
        signature.initSign(key, Randomness.source());
        signature.update(data);
        return signature.sign();
    }

    private static boolean verify(Signature signature, PublicKey key, byte[] signed, byte[] data)
            throws GeneralSecurityException {
        try {
            signature.initVerify(key);
            signature.update(data);
            return signature.verify(signed);
        } catch (SignatureException | InvalidKeyException e) {
            return false;
        }
    }

    /** The secret that both sides of a Diffie-Hellman exchange know; a failure when it is the same with any key. */
    public static byte[] agree(EcKey own, EcKey other) throws GeneralSecurityException, CryptoFailure {
        return agree("ECDH", secret(own.privateKey), other.publicKey);
    }

    /** As above, on Montgomery curves (RFC 7748). */
    public static byte[] agree(OkpKey own, OkpKey other) throws GeneralSecurityException, CryptoFailure {
        return agree(own.kind.webName(), secret(own.privateKey), other.publicKey);
    }

    private static byte[] agree(String name, PrivateKey own, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(name);
        agreement.init(own);
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }
}
