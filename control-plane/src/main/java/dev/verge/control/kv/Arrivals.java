package dev.verge.control.kv;

import dev.verge.control.api.Problems;
import dev.verge.control.store.BlobDraft;
import dev.verge.control.store.Blobs;
import dev.verge.sync.log.KvEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values on their way in, from callers and from functions alike. A short one is gathered in memory; a longer one goes to a file, and of
 * these a bounded number may be under way.
 */
final class Arrivals {
    /** Long values that may be under way; their files have that many times {@link KvEntry#MAX_BYTES} at most. */
    static final int MOST = 64;

    /** Those of one account: who sends slowly must not keep others waiting. */
    static final int MOST_OF_ACCOUNT = 8;

    private static final int RETRY_SECONDS = 1;

    private final Blobs blobs;
    private final Counter turnedAway;
    private final Map<String, Integer> byAccount = new HashMap<>();
    private int all;

    Arrivals(Blobs blobs, MeterRegistry meters) {
        this.blobs = blobs;
        Gauge.builder("verge.kv.arriving", this, Arrivals::arriving)
                .description("Values above 64 KiB that are being received.")
                .register(meters);
        this.turnedAway = Counter.builder("verge.kv.turned.away")
                .description("Values above 64 KiB that were refused because too many were being received.")
                .register(meters);
    }

    /** A value of an account; to be closed. */
    Arrival begin(String account) {
        return new Arrival(account);
    }

    private synchronized int arriving() {
        return all;
    }

    private synchronized void enter(String account) {
        int own = byAccount.getOrDefault(account, 0);
        if (own >= MOST_OF_ACCOUNT) {
            turnedAway.increment();
            throw Problems.tooFast(
                    "An account has " + MOST_OF_ACCOUNT + " values above " + KvEntry.MAX_INLINE_BYTES
                            + " bytes under way at a time",
                    RETRY_SECONDS);
        }
        if (all >= MOST) {
            turnedAway.increment();
            throw Problems.unavailable(
                    MOST + " values above " + KvEntry.MAX_INLINE_BYTES + " bytes are being received already.",
                    RETRY_SECONDS);
        }
        byAccount.put(account, own + 1);
        all++;
    }

    private synchronized void leave(String account) {
        byAccount.computeIfPresent(account, (name, count) -> count == 1 ? null : count - 1);
        all--;
    }

    /** One value. Used by one thread at a time. */
    final class Arrival implements AutoCloseable {
        private final String account;
        private final ByteArrayOutputStream start = new ByteArrayOutputStream();
        private @Nullable BlobDraft draft;
        private int length;

        private Arrival(String account) {
            this.account = account;
        }

        /** Takes the next bytes; blocks. Ends the call when they are too many, or too many values are under way. */
        void add(byte[] bytes) {
            if (bytes.length > KvEntry.MAX_BYTES - length) {
                throw Problems.tooLarge(KvEntry.MAX_BYTES);
            }
            length += bytes.length;
            if (draft == null && length > KvEntry.MAX_INLINE_BYTES) {
                enter(account);
                try {
                    draft = blobs.draft();
                } finally {
                    if (draft == null) {
                        leave(account);
                    }
                }
                draft.write(start.toByteArray());
                start.reset();
            }
            if (draft == null) {
                start.writeBytes(bytes);
            } else {
                draft.write(bytes);
            }
        }

        /** Bytes that came. */
        int length() {
            return length;
        }

        /** All that came, when it is short. */
        byte[] inline() {
            return start.toByteArray();
        }

        /** Keeps a long value as a blob and answers its hash; null for a short one. */
        @Nullable
        String keep() {
            return draft == null ? null : blobs.keep(draft);
        }

        @Override
        public void close() {
            BlobDraft open = draft;
            if (open != null) {
                draft = null;
                leave(account);
                open.close();
            }
        }
    }
}
