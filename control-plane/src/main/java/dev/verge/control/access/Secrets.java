package dev.verge.control.access;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Makes tokens and ids. */
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 12;

    private Secrets() {}

    /**
     * A token of 256 random bits. Its hash needs no salt and no slow function: what has 256 bits of its own cannot be guessed from it.
     *
     * @param prefix says what it is when it turns up where it should not, such as {@code vrg}
     */
    public static String token(String prefix) {
        return prefix + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(TOKEN_BYTES));
    }

    /** An id of 96 random bits, in hex: nobody else's can be guessed. */
    public static String id() {
        return HexFormat.of().formatHex(bytes(ID_BYTES));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
