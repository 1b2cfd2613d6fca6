package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of SHA-256 of a key: its name on disk. Nobody can make two keys collide; the full key is compared anyway. */
record KeyHash(long high, long low) {
    static final int BYTES = 16;

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    });

    static KeyHash of(CacheKey key) {
        byte[] digest = DIGEST.get().digest(key.text().getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        return new KeyHash(bytes.getLong(), bytes.getLong());
    }
}
