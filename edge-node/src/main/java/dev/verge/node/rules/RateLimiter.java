package dev.verge.node.rules;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets, one per limited key. A bucket is one number, the time at which it will be full again (the generic cell rate algorithm).
 * Each limit has a table of its own, so a flood under one takes nothing from another; the slots of all of them are bounded, whatever
 * clients send. Keys are known by a salted hash: nobody can choose one that meets another's bucket.
 */
public final class RateLimiter {

    /** Slots of all tables together, beside the smallest table that each limit has: 64 MiB. */
    public static final int MAX_SLOTS = 4 * 1024 * 1024;

    /** Limits that have buckets at a time. Owners write them, not clients. */
    public static final int MAX_LIMITS = 10_000;

    private static final int SALT_BYTES = 16;

    /** A bucket is full again after a day at the most, unless its burst is larger than what comes back in one. */
    private static final Duration UNUSED = Duration.ofDays(2);

    private final byte[] salt = new byte[SALT_BYTES];
    private final AtomicInteger slots = new AtomicInteger();
    private final Cache<RateCheck.Rule, RateTable> tables = Caffeine.newBuilder()
            .maximumSize(MAX_LIMITS)
            .expireAfterAccess(UNUSED)
            .removalListener((RateCheck.@Nullable Rule rule, @Nullable RateTable table, RemovalCause cause) -> {
                if (table != null) {
                    slots.addAndGet(RateTable.SMALLEST - table.retire());
                }
            })
            .build();

    public RateLimiter() {
        new SecureRandom().nextBytes(salt);
    }

    /** Slots of all tables, beside the smallest ones. */
    int slots() {
        return slots.get();
    }

    /**
     * Takes a token.
     *
     * @param nanoTime now, on the clock of {@link System#nanoTime}
     * @return null when there was one; else how long until there is
     */
    public @Nullable Duration retryAfter(RateCheck check, long nanoTime) {
        long perToken = check.perTokenNanos();
        RateTable table = tables.get(check.rule(), _ -> new RateTable());
        return table.take(hash(check.by()), perToken, perToken * check.burst(), nanoTime, this::reserve);
    }

    private boolean reserve(int more) {
        if (slots.addAndGet(more) <= MAX_SLOTS) {
            return true;
        }
        slots.addAndGet(-more);
        return false;
    }

    private long hash(String by) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            long hash = ByteBuffer.wrap(digest.digest(by.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
