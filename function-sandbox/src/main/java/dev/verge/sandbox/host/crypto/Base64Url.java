package dev.verge.sandbox.host.crypto;

import java.math.BigInteger;
import java.util.Base64;

/** Base64url without padding, as members of a JSON Web Key are (RFC 7515 §2). */
final class Base64Url {
    private Base64Url() {}

    static byte[] decode(String text) throws CryptoFailure {
        if (text.indexOf('=') >= 0) {
            throw CryptoFailure.data("A member of the key is padded");
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw CryptoFailure.data("A member of the key is not base64url");
        }
    }

    static BigInteger number(String text) throws CryptoFailure {
        return new BigInteger(1, decode(text));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String encode(BigInteger number) {
        return encode(Der.unsigned(number));
    }
}
