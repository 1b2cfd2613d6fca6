package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in the modes of the Web Cryptography API (§24 to §27). */
public final class Aes {
    private static final int BLOCK = 16;
    private static final int FULL_TAG_BITS = 128;
    /** The shortest tag that the JDK knows. */
    private static final int SHORTEST_OWN_TAG_BITS = 96;

    private Aes() {}

    private static Cipher cipher(String mode) throws GeneralSecurityException {
        return Cipher.getInstance("AES/" + mode);
    }

    private static SecretKeySpec key(byte[] key) {
        return new SecretKeySpec(key, "AES");
    }

    /**
     * Cipher block chaining with PKCS#7 padding.
     *
     * @param iv 16 bytes
     */
    public static byte[] cbc(boolean encrypt, byte[] key, byte[] iv, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        if (iv.length != BLOCK) {
            throw CryptoFailure.operation("AES-CBC: the iv must be 16 bytes");
        }
        if (!encrypt && data.length == 0) {
            throw CryptoFailure.operation("AES-CBC: nothing to decrypt");
        }
        Cipher cipher = cipher("CBC/PKCS5Padding");
        cipher.init(encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key(key), new IvParameterSpec(iv));
        return cipher.doFinal(data);
    }

    /**
     * Counter mode: encrypts and decrypts.
     *
     * @param counter 16 bytes
     * @param length bits of the counter that count, 1 to 128; they wrap around, the others stay
     */
    public static byte[] ctr(byte[] key, byte[] counter, int length, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        if (counter.length != BLOCK || length < 1 || length > 8 * BLOCK) {
            throw CryptoFailure.operation("AES-CTR: the counter must be 16 bytes, its length 1 to 128 bits");
        }
        BigInteger values = BigInteger.ONE.shiftLeft(length);
        BigInteger blocks = BigInteger.valueOf((data.length + BLOCK - 1L) / BLOCK);
        if (blocks.compareTo(values) > 0) {
            throw CryptoFailure.operation("AES-CTR: more data than the counter has values");
        }
        BigInteger start = new BigInteger(1, counter);
        BigInteger beforeWrap = values.subtract(start.mod(values));
        if (blocks.compareTo(beforeWrap) <= 0) {
            return ctr(key, counter, data, 0, data.length);
        }
        int split = beforeWrap.intValueExact() * BLOCK;
        byte[] head = ctr(key, counter, data, 0, split);
        byte[] tail = ctr(key, fixed(start.subtract(start.mod(values))), data, split, data.length - split);
        byte[] out = Arrays.copyOf(head, data.length);
        System.arraycopy(tail, 0, out, split, tail.length);
        return out;
    }

    private static byte[] fixed(BigInteger counter) {
        return Der.unsigned(counter, BLOCK);
    }

    private static byte[] ctr(byte[] key, byte[] counter, byte[] data, int offset, int length)
            throws GeneralSecurityException {
        Cipher cipher = cipher("CTR/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key(key), new IvParameterSpec(counter));
        return cipher.doFinal(data, offset, length);
    }

    /**
     * Galois/counter mode; the tag stands behind the ciphertext.
     *
     * @param tagBits 32, 64, 96, 104, 112, 120 or 128
     */
    public static byte[] gcm(boolean encrypt, byte[] key, byte[] iv, byte[] aad, int tagBits, byte[] data)
            throws GeneralSecurityException, CryptoFailure {
        if (iv.length == 0) {
            throw CryptoFailure.operation("AES-GCM: the iv is empty");
        }
        int tagBytes = tagBits / 8;
        if (!encrypt && data.length < tagBytes) {
            throw CryptoFailure.operation("AES-GCM: shorter than its tag");
        }
        if (tagBits >= SHORTEST_OWN_TAG_BITS) {
            return gcm(encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key, iv, aad, tagBits, data, data.length);
        }
        if (encrypt) {
            byte[] full = gcm(Cipher.ENCRYPT_MODE, key, iv, aad, FULL_TAG_BITS, data, data.length);
            return Arrays.copyOf(full, data.length + tagBytes);
        }
        // The keystream is the same both ways, so the ciphertext encrypted is the plaintext; then its tag tells whether
        // it is genuine.
        int length = data.length - tagBytes;
        byte[] plain = Arrays.copyOf(gcm(Cipher.ENCRYPT_MODE, key, iv, aad, FULL_TAG_BITS, data, length), length);
        byte[] again = gcm(Cipher.ENCRYPT_MODE, key, iv, aad, FULL_TAG_BITS, plain, length);
        if (!MessageDigest.isEqual(Arrays.copyOf(again, data.length), data)) {
            throw new AEADBadTagException();
        }
        return plain;
    }

    private static byte[] gcm(int mode, byte[] key, byte[] iv, byte[] aad, int tagBits, byte[] data, int length)
            throws GeneralSecurityException {
        Cipher cipher = cipher("GCM/NoPadding");
        cipher.init(mode, key(key), new GCMParameterSpec(tagBits, iv));
        cipher.updateAAD(aad);
        return cipher.doFinal(data, 0, length);
    }

    /** Key wrap (RFC 3394). */
    public static byte[] kw(boolean wrap, byte[] key, byte[] data) throws GeneralSecurityException, CryptoFailure {
        if (data.length % 8 != 0 || data.length < (wrap ? 16 : 24)) {
            throw CryptoFailure.operation("AES-KW: the length must be a multiple of 8 bytes, and a key at least 16");
        }
        Cipher cipher = cipher("KW/NoPadding");
        cipher.init(wrap ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key(key));
        return cipher.doFinal(data);
    }
}
