package dev.verge.sandbox.host.crypto;

import java.security.SecureRandom;

/** Unpredictable bytes. */
public final class Randomness {
    private static final SecureRandom SOURCE = new SecureRandom();

    private Randomness() {}

    /**
     * Fresh bytes.
     *
     * @param count at least 0
     */
    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        SOURCE.nextBytes(bytes);
        return bytes;
    }

    static SecureRandom source() {
        return SOURCE;
    }
}
