package dev.verge.sandbox.host.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC (RFC 2104), and what is derived with it: HKDF (RFC 5869) and PBKDF2 (RFC 8018 §5.2). */
public final class Macs {
    /** Most bytes that PBKDF2 gives at once. */
    public static final int MAX_PBKDF2_BYTES = 1 << 16;

    private static final int STEP_BYTES = 1 << 20;
    private static final int ITERATIONS_A_LOOK = 512;

    private Macs() {}

    private static Mac mac(Hash hash, byte[] key) throws GeneralSecurityException {
        String name = "Hmac" + hash.javaName;
        Mac mac = Mac.getInstance(name);
        // A key is filled up with zeros, so one zero is the empty key, which the JDK has no form for.
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, name));
        return mac;
    }

    /** The code of a message. */
    public static byte[] sign(Hash hash, byte[] key, byte[] data) throws GeneralSecurityException {
        Mac mac = mac(hash, key);
        for (int at = 0; at < data.length; at += STEP_BYTES) {
            Stop.ifAsked();
            mac.update(data, at, Math.min(STEP_BYTES, data.length - at));
        }
        return mac.doFinal();
    }

    /** Whether a code is a message's; takes as long for a wrong one. */
    public static boolean verify(Hash hash, byte[] key, byte[] code, byte[] data) throws GeneralSecurityException {
        return MessageDigest.isEqual(sign(hash, key, data), code);
    }

    /**
     * HKDF, extract and expand.
     *
     * @param length in bytes, at most 255 times the hash's
     */
    public static byte[] hkdf(Hash hash, byte[] key, byte[] salt, byte[] info, int length)
            throws GeneralSecurityException, CryptoFailure {
        if (length < 0 || length > 255 * hash.bytes) {
            throw CryptoFailure.operation("HKDF gives at most 255 times the hash's length");
        }
        Mac mac = mac(hash, sign(hash, salt, key));
        byte[] out = new byte[length];
        byte[] block = new byte[0];
        for (int at = 0, count = 1; at < length; at += block.length, count++) {
            Stop.ifAsked();
            mac.update(block);
            mac.update(info);
            mac.update((byte) count);
            block = mac.doFinal();
            System.arraycopy(block, 0, out, at, Math.min(block.length, length - at));
        }
        return out;
    }

    /**
     * PBKDF2. Takes as long as the iterations ask for, and can be stopped.
     *
     * @param iterations at least 1
     * @param length in bytes, at most {@link #MAX_PBKDF2_BYTES}
     */
    public static byte[] pbkdf2(Hash hash, byte[] password, byte[] salt, long iterations, int length)
            throws GeneralSecurityException, CryptoFailure {
        if (iterations < 1 || length < 0 || length > MAX_PBKDF2_BYTES) {
            throw CryptoFailure.operation(
                    "PBKDF2 needs an iteration, and gives at most " + MAX_PBKDF2_BYTES + " bytes");
        }
        Mac mac = mac(hash, password);
        byte[] out = new byte[length];
        byte[] round = new byte[hash.bytes];
        for (int at = 0, count = 1; at < length; at += hash.bytes, count++) {
            mac.update(salt);
            mac.update(new byte[] {(byte) (count >>> 24), (byte) (count >>> 16), (byte) (count >>> 8), (byte) count});
            mac.doFinal(round, 0);
            byte[] block = round.clone();
            for (long i = 1; i < iterations; i++) {
                if (i % ITERATIONS_A_LOOK == 0) {
                    Stop.ifAsked();
                }
                mac.update(round);
                mac.doFinal(round, 0);
                for (int k = 0; k < block.length; k++) {
                    block[k] ^= round[k];
                }
            }
            System.arraycopy(block, 0, out, at, Math.min(block.length, length - at));
        }
        return out;
    }
}
