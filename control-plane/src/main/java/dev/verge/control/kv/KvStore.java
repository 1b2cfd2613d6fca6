package dev.verge.control.kv;

import dev.verge.control.access.RateLimiter;
import dev.verge.control.api.Problems;
import dev.verge.control.log.LogTable;
import dev.verge.control.reach.NamespaceTable;
import dev.verge.control.resource.KvKey;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Session;
import dev.verge.control.store.StoreException;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.KvEntry;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be written to namespaces, and how it gets into the log: the same for the API and for functions. */
final class KvStore {
    private final Blobs blobs;
    private final KvLimits limits;
    private final Arrivals arrivals;
    private final RateLimiter accountWrites;
    private final RateLimiter accountBytes;
    private final RateLimiter keyWrites = new RateLimiter(1, 1);

    /** Keeps large values in {@code blobs}. */
    KvStore(Blobs blobs, KvLimits limits, MeterRegistry meters) {
        this.blobs = blobs;
        this.limits = limits;
        this.arrivals = new Arrivals(blobs, meters);
        this.accountWrites = new RateLimiter(limits.writesPerSecond(), limits.writesPerSecond());
        this.accountBytes = new RateLimiter(limits.writtenBytes(), limits.writtenBurst());
    }

    /**
     * A change that was made.
     *
     * @param key as it is now
     * @param made whether it was not there before
     * @param revision the log position; null when the key had this very value already
     */
    record Written(KvKey key, boolean made, @Nullable Long revision) {}

    /** Takes one write of an account and of a key, or ends the call with 429. */
    void admit(KvTable.Place place) {
        long now = System.nanoTime();
        long wait = keyWrites.take(Keys.kv(place.account(), place.namespace(), place.key()), now);
        if (wait > 0) {
            throw Problems.tooFast("A key takes one write a second", wait);
        }
        wait = accountWrites.take(place.account(), now);
        if (wait > 0) {
            throw Problems.tooFast("An account makes " + limits.writesPerSecond() + " writes a second", wait);
        }
    }

    /** A value on its way in; to be closed. */
    Arrivals.Arrival arrival(KvTable.Place place) {
        return arrivals.begin(place.account());
    }

    /**
     * The entry of a value that is there; a large one is on the disk as a blob when this returns. Ends the call with 429 when the account
     * writes too many bytes.
     *
     * @param metadata as {@link Metadata#stored} gives it
     */
    KvEntry entry(KvTable.Place place, Arrivals.Arrival value, @Nullable String metadata, @Nullable Instant expiresAt) {
        long wait = accountBytes.take(place.account(), System.nanoTime(), value.length());
        if (wait > 0) {
            throw Problems.tooFast("An account writes " + limits.writtenBytes() + " bytes of values a second", wait);
        }
        String sha256 = value.keep();
        return new KvEntry(
                place.account(),
                place.namespace(),
                place.key(),
                sha256 == null ? Base64.getEncoder().encodeToString(value.inline()) : null,
                sha256,
                value.length(),
                metadata,
                expiresAt == null ? null : expiresAt.getEpochSecond());
    }

    /** The entry of a key, if it has a value that is valid. */
    static Optional<KvEntry> find(Session session, KvTable.Place place, Instant now) {
        String logKey = Keys.kv(place.account(), place.namespace(), place.key());
        return LogTable.current(session, logKey)
                .map(json -> (KvEntry) Entry.decode(logKey, json))
                .filter(entry -> entry.expires() == null || entry.expires() > now.getEpochSecond());
    }

    /** The file of a long value. */
    Path file(String sha256) {
        return blobs.find(sha256)
                .orElseThrow(() -> new StoreException(
                        "the value " + sha256 + " of a key is gone", new IllegalStateException(sha256)));
    }

    /** Writes a value; ends the call with 409 when the account would hold too much. */
    Written put(Session session, KvEntry entry, Instant now) {
        KvTable.Place place = new KvTable.Place(entry.account(), entry.namespace(), entry.name());
        Optional<KvKey> before = KvTable.find(session, place);
        LogTable.Change change =
                LogTable.Change.put(entry, NamespaceTable.placement(session, entry.account(), entry.namespace()));
        if (before.isPresent() && LogTable.current(session, change.key()).equals(Optional.ofNullable(change.json()))) {
            return new Written(before.get(), false, null);
        }
        count(session, place, entry.bytes(), before);
        long revision = LogTable.append(session, List.of(change));
        Long expires = entry.expires();
        KvKey after = new KvKey(
                place.key(),
                entry.bytes(),
                entry.metadata(),
                expires == null ? null : Instant.ofEpochSecond(expires),
                revision,
                now);
        KvTable.put(session, place, after);
        return new Written(after, before.isEmpty(), revision);
    }

    /** Removes a key; answers the log position, or nothing when there is no such key. */
    static Optional<Long> delete(Session session, KvTable.Place place) {
        Optional<KvKey> before = KvTable.find(session, place);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        forget(session, place, before.get());
        String logKey = Keys.kv(place.account(), place.namespace(), place.key());
        return Optional.of(LogTable.append(session, List.of(LogTable.Change.remove(logKey))));
    }

    /** Removes some keys that are no longer valid, in one commit; answers its log position, or nothing when there are none. */
    static Optional<Long> expire(Session session, Instant now, int most) {
        List<KvTable.Place> places = KvTable.expired(session, now, most);
        for (KvTable.Place place : places) {
            KvTable.find(session, place).ifPresent(key -> forget(session, place, key));
        }
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(LogTable.append(
                        session,
                        places.stream()
                                .map(place -> LogTable.Change.remove(
                                        Keys.kv(place.account(), place.namespace(), place.key())))
                                .toList()));
    }

    private static void forget(Session session, KvTable.Place place, KvKey key) {
        KvTable.delete(session, place);
        KvTable.Usage usage = KvTable.usage(session, place.account());
        long bytes = usage.bytes() - size(place, key.sizeBytes());
        KvTable.usage(session, place.account(), new KvTable.Usage(usage.keys() - 1, bytes));
    }

    private void count(Session session, KvTable.Place place, long valueBytes, Optional<KvKey> before) {
        KvTable.Usage usage = KvTable.usage(session, place.account());
        long keys = usage.keys() + (before.isEmpty() ? 1 : 0);
        long bytes = usage.bytes()
                + size(place, valueBytes)
                - before.map(old -> size(place, old.sizeBytes())).orElse(0L);
        if (keys > limits.keys()) {
            throw Problems.conflict(
                    "The account holds " + usage.keys() + " keys, as many as it may; delete some first.");
        }
        if (bytes > limits.totalBytes() && bytes > usage.bytes()) {
            throw Problems.conflict("The account's keys and values would have " + bytes + " bytes, more than the "
                    + limits.totalBytes() + " allowed; delete some first.");
        }
        KvTable.usage(session, place.account(), new KvTable.Usage(keys, bytes));
    }

    private static long size(KvTable.Place place, long valueBytes) {
        return place.key().getBytes(StandardCharsets.UTF_8).length + valueBytes;
    }
}
