package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.SearchVariance;
import dev.verge.cache.decision.StoredResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is stored under a key at one moment, and that moment in terms of purges. May be dropped at any time, unless it says otherwise where it comes from. */
public final class Lookup {
    private final CacheKey key;
    private final long epoch;
    private final long invalidation;
    private final @Nullable MemoryEntry entry;
    private final List<StoredResponse> variants;
    private final boolean fromDisk;
    private @Nullable Body held;

    Lookup(CacheKey key, long epoch, long invalidation, @Nullable MemoryEntry entry) {
        this(key, epoch, invalidation, entry, entry == null ? List.of() : entry.responses(), false, null);
    }

    private Lookup(
            CacheKey key,
            long epoch,
            long invalidation,
            @Nullable MemoryEntry entry,
            List<StoredResponse> variants,
            boolean fromDisk,
            @Nullable Body held) {
        this.fromDisk = fromDisk;
        this.held = held;
        this.variants = variants;
        this.key = key;
        this.epoch = epoch;
        this.invalidation = invalidation;
        this.entry = entry;
    }

    public CacheKey key() {
        return key;
    }

    /**
     * The same moment for a key under which nothing can be stored yet: what is put there counts as fetched because of this lookup.
     */
    public Lookup forNew(CacheKey derived) {
        return new Lookup(derived, epoch, invalidation, null);
    }

    /** The same moment with what memory has. */
    Lookup found(MemoryEntry inMemory) {
        return new Lookup(key, epoch, invalidation, inMemory);
    }

    /** The same moment with what the disk has; takes over a reference to the body. */
    Lookup readFromDisk(@Nullable MemoryEntry found, @Nullable Body body) {
        return new Lookup(key, epoch, invalidation, found, found == null ? List.of() : found.responses(), true, body);
    }

    /** Whether the disk was read for it. */
    boolean isFromDisk() {
        return fromDisk;
    }

    /** What was read stays in memory from here on only if memory has a place for it. For who looked it up, once. */
    public void letGo() {
        Body body = held;
        held = null;
        if (body != null) {
            body.release();
        }
    }

    /** Number of the latest purge: what is fetched because of this lookup is struck by every later one that matches. */
    public long epoch() {
        return epoch;
    }

    /** Everything stored under the key, fresh or not. */
    public List<StoredResponse> variants() {
        return variants;
    }

    /** Without the responses that do not stand for the query of the other key, which differs from this one in nothing else. */
    Lookup onlyFor(CacheKey other, SearchVariance variance) {
        boolean equivalent = other.withoutQuery().equals(key.withoutQuery())
                && variance.form(other.query()).equals(variance.form(key.query()));
        List<StoredResponse> standing = equivalent
                ? variants.stream()
                        .filter(each -> each.searchVariance().equals(variance) && each.status() != SearchMemory.PARTIAL)
                        .toList()
                : List.of();
        return new Lookup(key, epoch, invalidation, entry, standing, fromDisk, null);
    }

    /** Number of the latest invalidation of any key. */
    long invalidation() {
        return invalidation;
    }

    List<Variant> stored() {
        return entry == null ? List.of() : entry.variants();
    }

    @Nullable
    Variant find(StoredResponse response) {
        return entry == null ? null : entry.find(response.id());
    }
}
