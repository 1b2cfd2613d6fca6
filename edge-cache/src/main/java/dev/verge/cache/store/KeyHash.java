package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The first 64 bits of SHA-256 of a key: where the index looks for it. Nobody can aim a key at another one's place, and the full key
 * is compared anyway; who makes two keys of his own meet there gains nothing.
 */
final class KeyHash {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    });

    private KeyHash() {}

    static long of(CacheKey key) {
        byte[] digest = DIGEST.get().digest(key.text().getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.wrap(digest).getLong();
    }
}
