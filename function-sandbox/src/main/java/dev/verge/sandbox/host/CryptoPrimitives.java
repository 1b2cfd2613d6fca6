package dev.verge.sandbox.host;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The host's functions for cryptography and randomness. */
final class CryptoPrimitives {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final List<String> DIGESTS = List.of("SHA-1", "SHA-256", "SHA-384", "SHA-512", "MD5");

    /** Adds them under the names the scripts of the web API know. */
    void addTo(Map<String, Object> host) {
        Bindings.add(host, "uuid", a -> UUID.randomUUID().toString());
        Bindings.add(host, "random", a -> {
            byte[] bytes = new byte[Math.min(a[0].asInt(), 65536)];
            RANDOM.nextBytes(bytes);
            return ByteBuffer.wrap(bytes);
        });
        Bindings.add(host, "digest", a -> {
            String algorithm = a[0].asString();
            return ByteBuffer.wrap(
                    digest(DIGESTS.contains(algorithm) ? algorithm : "SHA-256", Bindings.bytes(a[1], a[2], a[3])));
        });
    }

    private static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
