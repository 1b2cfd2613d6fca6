package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.store.EntryCodec.Entry;
import dev.verge.cache.store.PurgeMarks.Compaction;
import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Target;
import dev.verge.cache.store.PurgeMarks.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Memory over disk. Lookups find variants, {@link #open} finds a body, {@link #insert} takes one in; purges strike by marks.
 *
 * <p>A failing disk makes entries disappear and fills stay in memory; it never fails a caller.
 */
public final class TieredCache implements AutoCloseable {
    /** Variants under one key; the oldest go first. */
    public static final int MAX_VARIANTS = 64;
    /** Purge marks kept, see {@link PurgeMarks}. */
    static final int MAX_MARKS = 100_000;

    private static final int MARK_QUEUE = 10_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final CacheSettings settings;
    private final ByteBufAllocator allocator;
    private final CacheMeters meters;
    private final MemoryTier memory;
    private final PurgeMarks marks;
    private final Invalidations invalidations = new Invalidations();
    private final @Nullable DiskTier disk;
    private final DiskExecutor executor;
    /** Marks are written in order, and never dropped for lack of room before ordinary work. */
    private final DiskExecutor markExecutor;

    private final AtomicLong nextId;
    private final Set<Fill> fills = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private TieredCache(
            CacheSettings settings,
            ByteBufAllocator allocator,
            CacheMeters meters,
            PurgeMarks marks,
            @Nullable DiskTier disk,
            long firstId) {
        this.settings = settings;
        this.allocator = allocator;
        this.meters = meters;
        this.memory = new MemoryTier(settings, meters);
        this.marks = marks;
        this.disk = disk;
        this.executor = new DiskExecutor("cache-disk", settings.diskThreads(), settings.diskQueue(), meters);
        this.markExecutor = new DiskExecutor("cache-marks", 1, MARK_QUEUE, meters);
        this.nextId = new AtomicLong(firstId);
        registerGauges();
    }

    /** Opens the cache; everything complete in the folder is usable at once. */
    public static TieredCache open(CacheSettings settings, MeterRegistry registry) throws CacheOpenException {
        return open(settings, registry, PooledByteBufAllocator.DEFAULT, MAX_MARKS);
    }

    static TieredCache open(CacheSettings settings, MeterRegistry registry, ByteBufAllocator allocator, int maxMarks)
            throws CacheOpenException {
        var meters = new CacheMeters(registry);
        var marks = new PurgeMarks(maxMarks);
        if (settings.diskBytes() == 0) {
            return new TieredCache(settings, allocator, meters, marks, null, 1);
        }
        DiskFiles files = DiskFiles.open(settings.folder());
        var store = new DiskStore(files, allocator);
        var index = new DiskIndex(settings.diskBytes());
        long firstId;
        try {
            firstId = store.load(index, marks);
        } catch (RocksDBException unreadable) {
            store.close();
            throw new CacheOpenException(
                    "data folder cannot be read: " + settings.folder() + " (" + unreadable.getMessage() + ")",
                    unreadable);
        }
        var tier = new DiskTier(store, index, meters);
        // A smaller bound than last time holds from the start.
        tier.shrinkToBound();
        return new TieredCache(settings, allocator, meters, marks, tier, firstId);
    }

    private void registerGauges() {
        meters.gauge("verge.cache.memory.bytes", "Bytes in the memory tier", memory::weight);
        meters.gauge("verge.cache.memory.keys", "Keys in the memory tier", memory::keys);
        meters.gauge("verge.cache.marks", "Purge marks kept", marks::size);
        meters.gauge("verge.cache.fills.active", "Responses being received", fills::size);
        meters.gauge("verge.cache.disk.queue", "Disk operations waiting", executor::waiting);
        DiskTier tier = disk;
        if (tier != null) {
            meters.gauge("verge.cache.disk.live.bytes", "Live bytes on disk", tier.index()::liveBytes);
            meters.gauge("verge.cache.disk.entries", "Entries on disk", tier.index()::entries);
        }
    }

    // ---- Looking up
    // -------------------------------------------------------------------------------------------------------

    /** What memory knows about a key; null when it knows nothing and the disk may. Never waits, allocates next to nothing. */
    public @Nullable Lookup lookupNow(CacheKey key) {
        long epoch = marks.latest();
        long invalidation = invalidations.latest();
        MemoryEntry entry = memory.get(key);
        if (entry != null && entry.checkedMark() != epoch) {
            entry = recheck(key, entry);
        }
        if (entry == null) {
            return null;
        }
        meters.memoryHits.increment();
        return new Lookup(key, epoch, invalidation, entry);
    }

    /** What is stored under a key. Never fails; complete at once unless the disk has to be read. */
    public CompletableFuture<Lookup> lookup(CacheKey key) {
        Lookup now = lookupNow(key);
        if (now != null) {
            return CompletableFuture.completedFuture(now);
        }
        var nothing = new Lookup(key, marks.latest(), invalidations.latest(), null);
        DiskTier tier = disk;
        List<Slot> slots = tier == null || closed ? List.of() : tier.find(key);
        if (tier == null || slots.isEmpty()) {
            return miss(nothing);
        }
        CompletableFuture<Lookup> answer = new CompletableFuture<>();
        boolean running = executor.tryRun(() -> answer.complete(load(tier, key, slots)));
        return running ? answer : miss(nothing);
    }

    private CompletableFuture<Lookup> miss(Lookup nothing) {
        meters.misses.increment();
        return CompletableFuture.completedFuture(nothing);
    }

    /** On the disk executor: brings the heads of a key into memory. */
    private Lookup load(DiskTier tier, CacheKey key, List<Slot> slots) {
        long epoch = marks.latest();
        long invalidation = invalidations.latest();
        List<Variant> found = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            Entry entry = tier.read(key, slot);
            if (entry != null) {
                slot.touch();
                found.add(
                        new Variant(entry.response(), entry.epoch(), new Chunks(entry.firstChunk()), slot, null, null));
            }
        }
        // What came to memory meanwhile is newer; what was removed meanwhile stays so.
        memory.update(key, epoch, current -> current.isEmpty() ? alive(key, found) : current);
        MemoryEntry entry = memory.get(key);
        if (entry == null) {
            // Pushed out again at once, or nothing alive: answer from what was read.
            List<Variant> alive = alive(key, found);
            entry = alive.isEmpty() ? null : MemoryEntry.of(key, alive, epoch, 0);
        }
        (entry == null ? meters.misses : meters.diskHits).increment();
        return new Lookup(key, epoch, invalidation, entry);
    }

    /** Compares an entry with marks made since it was last compared. */
    private @Nullable MemoryEntry recheck(CacheKey key, MemoryEntry entry) {
        long now = marks.latest();
        List<Variant> alive = alive(key, entry.variants());
        if (alive.equals(entry.variants())) {
            entry.checked(now);
            return entry;
        }
        memory.update(key, now, current -> alive(key, current));
        return memory.get(key);
    }

    /** Those variants that no mark strikes; struck ones leave the disk as well. */
    private List<Variant> alive(CacheKey key, List<Variant> variants) {
        List<Variant> alive = new ArrayList<>(variants.size());
        for (Variant variant : variants) {
            Verdict verdict = marks.verdict(key, variant.response().tags(), variant.epoch());
            Slot slot = variant.slot();
            if (verdict == Verdict.DEAD) {
                removeFromDisk(slot);
            } else if (slot == null || disk == null || !disk.index().isRemoved(slot) || variant.body() != null) {
                alive.add(verdict == Verdict.STALE ? variant.softPurged() : variant);
            }
        }
        return alive;
    }

    private void removeFromDisk(@Nullable Slot slot) {
        DiskTier tier = disk;
        if (tier != null && slot != null) {
            DiskIndex.Removal removal = tier.index().remove(slot);
            if (removal != DiskIndex.Removal.NOTHING) {
                executor.tryRun(() -> tier.finish(slot, removal));
            }
        }
    }

    // ---- Bodies
    // -----------------------------------------------------------------------------------------------------------

    /** The whole body as one direct buffer that the caller releases; null when it is not one piece in memory. */
    public @Nullable ByteBuf bodyNow(Lookup lookup, StoredResponse response) {
        Variant variant = lookup.find(response);
        Body body = variant == null ? null : variant.body();
        if (variant == null || body == null || body.pieces() != 1 || !body.tryRetain()) {
            return null;
        }
        try {
            touch(variant);
            return body.wholeSlice();
        } finally {
            body.release();
        }
    }

    /** The whole body; empty when it has vanished: then treat the request as a miss. */
    public CompletableFuture<Optional<BodyReader>> open(Lookup lookup, StoredResponse response) {
        return open(lookup, response, 0, Math.max(0, response.bodyBytes()));
    }

    /**
     * A part of a body; empty when it has vanished: then treat the request as a miss.
     *
     * @param offset 0 to the length of the body
     * @param length so many bytes from there, all within the body
     */
    public CompletableFuture<Optional<BodyReader>> open(
            Lookup lookup, StoredResponse response, long offset, long length) {
        if (offset < 0 || length < 0 || offset + length > response.bodyBytes()) {
            throw new IllegalArgumentException("offset, length: " + offset + " + " + length + " is outside a body of "
                    + response.bodyBytes() + " bytes");
        }
        Variant asked = lookup.find(response);
        MemoryEntry current = memory.get(lookup.key());
        Variant latest = current == null ? null : current.find(response.id());
        for (Variant variant : new @Nullable Variant[] {asked, latest}) {
            BodyReader reader = variant == null ? null : inMemory(variant, offset, length);
            if (reader != null) {
                return CompletableFuture.completedFuture(Optional.of(reader));
            }
        }
        DiskTier tier = disk;
        Variant variant = latest != null ? latest : asked;
        Slot slot = variant == null ? null : variant.slot();
        if (variant == null || tier == null || slot == null || !tier.index().pin(slot)) {
            forget(lookup.key(), response.id());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletableFuture<Optional<BodyReader>> answer = new CompletableFuture<>();
        boolean running =
                executor.tryRun(() -> answer.complete(fromDisk(tier, lookup.key(), variant, slot, offset, length)));
        if (!running) {
            unpin(tier, slot);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return answer;
    }

    private @Nullable BodyReader inMemory(Variant variant, long offset, long length) {
        Body body = variant.body();
        if (body != null && body.tryRetain()) {
            touch(variant);
            return new MemoryReader(body, offset, length);
        }
        Fill fill = variant.fill();
        return fill == null ? null : fill.reader(offset, length).orElse(null);
    }

    /** The disk's policy must see what memory answers, or what is hottest would look cold to it. */
    private static void touch(Variant variant) {
        Slot slot = variant.slot();
        if (slot != null) {
            slot.touch();
        }
    }

    /** On the disk executor, with the slot pinned. */
    private Optional<BodyReader> fromDisk(
            DiskTier tier, CacheKey key, Variant variant, Slot slot, long offset, long length) {
        slot.touch();
        if (variant.response().bodyBytes() <= memoryObjectBytes()) {
            Body body = wholeBody(tier, variant, slot);
            unpin(tier, slot);
            if (body == null) {
                forget(key, variant.response().id());
                return Optional.empty();
            }
            memory.update(
                    key,
                    marks.latest(),
                    current -> withBody(current, variant.response().id(), body));
            return Optional.of(new MemoryReader(body, offset, length));
        }
        var reader = new DiskReader(this, tier, slot, variant, offset, length);
        if (length > 0 && !reader.prefetch()) {
            reader.close();
            forget(key, variant.response().id());
            return Optional.empty();
        }
        return Optional.of(reader);
    }

    private static @Nullable Body wholeBody(DiskTier tier, Variant variant, Slot slot) {
        long bytes = variant.response().bodyBytes();
        int count = variant.chunks().count(bytes);
        List<ByteBuf> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuf piece = tier.readChunk(slot.id, i, variant.chunks().length(i, bytes));
            if (piece == null) {
                pieces.forEach(ByteBuf::release);
                tier.corrupt(slot);
                return null;
            }
            pieces.add(piece);
        }
        return new Body(pieces);
    }

    private static List<Variant> withBody(List<Variant> current, long id, Body body) {
        return current.stream()
                .map(variant -> variant.response().id() == id ? variant.withBody(body) : variant)
                .toList();
    }

    /** A variant whose body is gone is gone. */
    private void forget(CacheKey key, long id) {
        memory.update(key, marks.latest(), current -> {
            List<Variant> rest = new ArrayList<>(current);
            boolean found = rest.removeIf(variant -> variant.response().id() == id);
            return found ? rest : current;
        });
    }

    // ---- Taking in
    // --------------------------------------------------------------------------------------------------------

    /**
     * Begins to take in a response.
     *
     * @param lookup the lookup that led to the fetch: purges since then strike what comes of it
     * @param draft from {@code StoreDecision.Store}
     * @param maxBytes a longer body is passed through to readers but not kept
     */
    public Fill insert(Lookup lookup, StoredResponse draft, long maxBytes) {
        var fill = new Fill(this, lookup, draft.withId(nextId.getAndIncrement()), maxBytes);
        fills.add(fill);
        return fill;
    }

    /** The body is complete: the next lookup finds it, on disk or not yet. */
    void publish(Fill fill, @Nullable Body body) {
        var variant = new Variant(
                fill.response(), fill.lookup().epoch(), fill.layout(), null, body, disk == null ? null : fill);
        boolean struck = invalidations.strikes(fill.lookup());
        List<Variant> base = struck ? List.of() : fill.lookup().stored();
        long mark = marks.latest();
        memory.update(fill.key(), mark, current -> {
            // Without anything in memory, the other variants are those that the lookup saw, as far as they still live.
            List<Variant> all = new ArrayList<>(alive(fill.key(), current.isEmpty() ? base : current));
            all.removeIf(other -> {
                boolean replaced =
                        other.response().vary().sameSelection(variant.response().vary());
                if (replaced) {
                    removeFromDisk(other.slot());
                }
                return replaced;
            });
            while (all.size() >= MAX_VARIANTS) {
                removeFromDisk(all.removeFirst().slot());
            }
            if (!struck) {
                all.add(variant);
            }
            return alive(fill.key(), all);
        });
        if (body != null) {
            body.release();
        }
        if (!mayCommit(fill)) {
            dropped();
        } else if (disk == null) {
            meters.fillsStored.increment();
        }
    }

    /** Whether nothing has struck the fill since its lookup. */
    boolean mayCommit(Fill fill) {
        StoredResponse response = fill.response();
        long epoch = fill.lookup().epoch();
        return marks.verdict(fill.key(), response.tags(), epoch) != Verdict.DEAD
                && !invalidations.strikes(fill.lookup());
    }

    /** The entry is on disk. */
    void persisted(Fill fill, Slot slot) {
        meters.fillsStored.increment();
        long id = slot.id;
        boolean[] wanted = {mayCommit(fill)};
        memory.update(fill.key(), marks.latest(), current -> {
            List<Variant> changed = new ArrayList<>(current);
            changed.replaceAll(variant -> variant.response().id() == id ? variant.onDisk(slot) : variant);
            boolean found = changed.stream().anyMatch(variant -> variant.slot() == slot);
            // Replaced by a newer one while it was being written. An unknown key only means that memory let go of it.
            wanted[0] &= found || current.isEmpty();
            return found ? changed : current;
        });
        if (!wanted[0]) {
            removeFromDisk(slot);
        }
    }

    void ended(Fill fill) {
        fills.remove(fill);
    }

    void dropped() {
        meters.fillsDropped.increment();
    }

    /** Stores the outcome of a successful revalidation: heads that replace those of the same id. */
    public void freshen(Lookup lookup, List<StoredResponse> updated) {
        CacheKey key = lookup.key();
        List<Variant> changedOnDisk = new ArrayList<>();
        memory.update(key, marks.latest(), current -> {
            changedOnDisk.clear();
            List<Variant> before = current.isEmpty() ? alive(key, lookup.stored()) : current;
            List<Variant> after = new ArrayList<>(before);
            after.replaceAll(variant -> {
                for (StoredResponse response : updated) {
                    if (response.id() == variant.response().id()) {
                        Variant changed = variant.withResponse(response, lookup.epoch());
                        changedOnDisk.add(changed);
                        return changed;
                    }
                }
                return variant;
            });
            return alive(key, after);
        });
        DiskTier tier = disk;
        for (Variant variant : changedOnDisk) {
            Slot slot = variant.slot();
            if (tier != null && slot != null) {
                slot.epoch = variant.epoch();
                var entry = new Entry(
                        key,
                        variant.response(),
                        variant.epoch(),
                        variant.chunks().first());
                executor.tryRun(() -> tier.update(slot, entry));
            }
        }
    }

    // ---- Taking out
    // -------------------------------------------------------------------------------------------------------

    /** Drops all variants of a key (RFC 9111 §4.4), and what fetches under way would put there. In effect on return. */
    public void invalidate(CacheKey key) {
        invalidations.add(key);
        DiskTier tier = disk;
        if (tier != null) {
            tier.find(key).forEach(this::removeFromDisk);
        }
        memory.remove(key);
    }

    /**
     * Purges. Every lookup that begins after this returns sees it; once the future completes it survives a crash and a loss of
     * power. The future fails when the marks could not be written: then they hold until this process ends.
     */
    public CompletableFuture<Void> purge(List<PurgeMark> struck) {
        List<Kept> kept = new ArrayList<>(struck.size());
        for (PurgeMark mark : struck) {
            kept.add(marks.add(mark));
        }
        CompletableFuture<Void> durable = new CompletableFuture<>();
        boolean running = markExecutor.tryRun(() -> writeMarks(kept, durable));
        if (!running) {
            durable.completeExceptionally(new IllegalStateException("too many purges are waiting for the disk"));
        }
        return durable;
    }

    private void writeMarks(List<Kept> kept, CompletableFuture<Void> durable) {
        DiskTier tier = disk;
        try {
            List<Kept> all = new ArrayList<>(kept);
            List<Target> dropped = List.of();
            if (marks.isFull()) {
                Compaction compaction = marks.compact(oldestEpoch());
                dropped = compaction.dropped();
                all.removeIf(mark -> compaction.dropped().contains(mark.target()));
                all.addAll(compaction.kept());
            }
            if (tier != null) {
                tier.store().putMarks(all, dropped, marks.latest());
            }
            durable.complete(null);
        } catch (RocksDBException failure) {
            meters.diskErrors.increment();
            durable.completeExceptionally(failure);
        }
    }

    private long oldestEpoch() {
        long oldest = memory.oldestEpoch(marks.latest());
        for (Fill fill : fills) {
            oldest = Math.min(oldest, fill.lookup().epoch());
        }
        DiskTier tier = disk;
        return tier == null ? oldest : tier.index().oldestEpoch(oldest);
    }

    /** Whether a purge or invalidation since that lookup may strike what a fetch begun then brings. */
    public boolean outdated(Lookup lookup) {
        return marks.outdated(lookup.key(), lookup.epoch()) || invalidations.strikes(lookup);
    }

    // ---- For the parts of this package
    // ------------------------------------------------------------------------------------

    @Nullable
    DiskTier disk() {
        return disk;
    }

    ByteBufAllocator allocator() {
        return allocator;
    }

    long memoryObjectBytes() {
        return settings.memoryObjectBytes();
    }

    boolean runOnDisk(Runnable task) {
        return executor.tryRun(task);
    }

    void unpin(DiskTier tier, Slot slot) {
        if (tier.index().unpin(slot)) {
            executor.tryRun(() -> tier.delete(slot));
        }
    }

    /** Ends fills, waits for accepted disk work, closes the folder and frees memory. Bodies that readers hold stay valid. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        fills.forEach(Fill::abort);
        boolean diskQuiet = executor.close(CLOSE_PATIENCE);
        boolean marksQuiet = markExecutor.close(CLOSE_PATIENCE);
        memory.close();
        DiskTier tier = disk;
        if (tier != null && diskQuiet && marksQuiet) {
            // Closing under a running operation would crash the process; leaving the folder open until exit does not.
            tier.store().close();
        }
    }
}
