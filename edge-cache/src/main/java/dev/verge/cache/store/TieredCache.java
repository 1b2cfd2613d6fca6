package dev.verge.cache.store;

import dev.verge.cache.decision.CacheGroups;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.store.SearchMemory.Candidate;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final StoreParts parts;
    private final CacheMeters meters;
    private final MemoryTier memory;
    private final PurgeMarks marks;
    private final Invalidations invalidations;
    private final @Nullable DiskTier disk;
    private final DiskExecutor executor;
    private final @Nullable Promotion promotion;
    private final Bodies bodies;
    private final Intake intake;
    private final Purges purges;
    private final @Nullable DiskTender tender;
    private volatile boolean closed;

    private TieredCache(StoreParts parts, long firstId) {
        this.parts = parts;
        this.meters = parts.meters();
        this.memory = parts.memory();
        this.marks = parts.marks();
        this.invalidations = parts.invalidations();
        this.disk = parts.disk();
        this.executor = parts.executor();
        DiskTier tier = disk;
        this.promotion = tier == null ? null : new Promotion(parts, tier);
        this.bodies = new Bodies(parts, promotion);
        this.intake = new Intake(parts, firstId);
        this.purges = new Purges(parts, intake);
        registerGauges();
        this.tender = tier == null ? null : new DiskTender(tier);
    }

    /** Opens the cache; everything complete in the folder is usable at once. */
    public static TieredCache open(CacheSettings settings, MeterRegistry registry) throws CacheOpenException {
        return open(settings, registry, PooledByteBufAllocator.DEFAULT, MAX_MARKS);
    }

    static TieredCache open(CacheSettings settings, MeterRegistry registry, ByteBufAllocator allocator, int maxMarks)
            throws CacheOpenException {
        var meters = new CacheMeters(registry);
        var marks = new PurgeMarks(maxMarks);
        @Nullable DiskTier tier = null;
        long firstId = 1;
        if (settings.diskBytes() > 0) {
            var store = new DiskStore(settings.folder(), allocator);
            var index = new DiskIndex(settings.diskBytes(), settings.diskEntries());
            try {
                firstId = store.load(index, marks);
            } catch (IOException unreadable) {
                store.close();
                throw new CacheOpenException(
                        "data folder cannot be read: " + settings.folder() + " (" + unreadable.getMessage() + ")",
                        unreadable);
            }
            tier = new DiskTier(store, index, marks, meters, allocator);
            tier.shrinkToBound();
        }
        var executor = new DiskExecutor("cache-disk", settings.diskThreads(), settings.diskQueue(), meters);
        var memory = new MemoryTier(settings, meters);
        var parts = new StoreParts(
                settings, allocator, meters, memory, marks, new Invalidations(), new SearchMemory(), tier, executor);
        return new TieredCache(parts, firstId);
    }

    private void registerGauges() {
        meters.gauge("verge.cache.memory.bytes", "Bytes in the memory tier", memory::weight);
        meters.gauge("verge.cache.memory.keys", "Keys in the memory tier", memory::keys);
        meters.gauge("verge.cache.marks", "Purge marks kept", marks::size);
        meters.gauge("verge.cache.fills.active", "Responses being received", intake::active);
        meters.gauge("verge.cache.disk.queue", "Disk operations waiting", executor::waiting);
        DiskTier tier = disk;
        if (tier != null) {
            meters.gauge("verge.cache.disk.live.bytes", "Live bytes on disk", tier.index()::liveBytes);
            meters.gauge(
                    "verge.cache.disk.failing",
                    "1 while the disk tier cannot be written",
                    () -> tier.health().mayWrite() ? 0 : 1);
            meters.gauge("verge.cache.disk.entries", "Entries on disk", tier.index()::entries);
        }
    }

    /** What memory knows about a key; null when it knows nothing and the disk may. Never waits, allocates next to nothing. */
    public @Nullable Lookup lookupNow(CacheKey key) {
        Lookup found = peekMemory(key);
        if (found != null) {
            meters.memoryHits.increment();
        }
        return found;
    }

    /**
     * {@link #lookupNow} for who may still ask otherwise, with what of the disk the kernel has in memory. It counts as a hit once
     * {@link #answered} is called, and is to be ended by {@link Lookup#letGo}. Never waits.
     */
    public @Nullable Lookup peek(CacheKey key) {
        Lookup found = peekMemory(key);
        return found == null ? readNow(nothing(key), slots(key), true) : found;
    }

    private @Nullable Lookup peekMemory(CacheKey key) {
        Lookup nothing = nothing(key);
        MemoryEntry entry = memory.get(key);
        if (entry != null && entry.checkedMark() != nothing.epoch()) {
            entry = recheck(key, entry);
        }
        return entry == null ? null : nothing.found(entry);
    }

    private Lookup nothing(CacheKey key) {
        return new Lookup(key, marks.latest(), invalidations.latest(), null);
    }

    private List<Slot> slots(CacheKey key) {
        DiskTier tier = disk;
        return tier == null || closed ? List.of() : tier.find(key);
    }

    private @Nullable Lookup readNow(Lookup nothing, List<Slot> slots, boolean bodyIsUsed) {
        Promotion reading = promotion;
        @Nullable Lookup read = reading == null || slots.isEmpty() ? null : reading.readNow(nothing, slots, bodyIsUsed);
        if (read != null && read.variants().isEmpty()) {
            read.letGo();
            return null;
        }
        return read;
    }

    /** What {@link #peek} found was served: counts as {@link #lookupNow} and {@link #open} do. */
    public void answered(Lookup lookup, StoredResponse response) {
        (lookup.isFromDisk() ? meters.diskHits : meters.memoryHits).increment();
        bodies.used(lookup, response);
    }

    /** What is stored under a key. Never fails; complete at once unless a device has to be waited for. */
    public CompletableFuture<Lookup> lookup(CacheKey key) {
        Lookup now = lookupNow(key);
        if (now != null) {
            return CompletableFuture.completedFuture(now);
        }
        Lookup nothing = nothing(key);
        Promotion reading = promotion;
        List<Slot> slots = slots(key);
        if (reading == null || slots.isEmpty()) {
            return miss(nothing);
        }
        Lookup read = readNow(nothing, slots, false);
        if (read != null) {
            return CompletableFuture.completedFuture(counted(read));
        }
        CompletableFuture<Lookup> answer = new CompletableFuture<>();
        boolean running = executor.tryRun(() -> {
            Lookup found = nothing;
            try {
                found = counted(reading.read(nothing, slots));
            } finally {
                answer.complete(found);
            }
        });
        return running ? answer : miss(nothing);
    }

    private CompletableFuture<Lookup> miss(Lookup nothing) {
        meters.misses.increment();
        return CompletableFuture.completedFuture(nothing);
    }

    private Lookup counted(Lookup read) {
        read.letGo();
        (read.variants().isEmpty() ? meters.misses : meters.diskHits).increment();
        return read;
    }

    /**
     * What is stored under other keys and stands for this one as well, because the stored responses say so (No-Vary-Search); each
     * lookup holds only such responses. Mostly nothing, and then complete at once. What is served from here and found stale is not
     * to be renewed under its key: the request at hand has another one.
     */
    public CompletableFuture<Optional<Lookup>> lookupEquivalent(CacheKey key) {
        return equivalent(key, parts.searches().equivalents(key), 0);
    }

    private CompletableFuture<Optional<Lookup>> equivalent(CacheKey key, List<Candidate> candidates, int next) {
        if (next == candidates.size()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Candidate candidate = candidates.get(next);
        return lookup(candidate.key()).thenCompose(found -> {
            Lookup equivalents = found.onlyFor(key, candidate.variance());
            return equivalents.variants().isEmpty()
                    ? equivalent(key, candidates, next + 1)
                    : CompletableFuture.completedFuture(Optional.of(equivalents));
        });
    }

    /** Compares an entry with marks made since it was last compared. */
    private @Nullable MemoryEntry recheck(CacheKey key, MemoryEntry entry) {
        long now = marks.latest();
        if (marks.latest(key.scope()) <= entry.checkedMark()) {
            entry.checked(now);
            return entry;
        }
        List<Variant> alive = parts.alive(key, entry.variants());
        if (alive.equals(entry.variants())) {
            entry.checked(now);
            return entry;
        }
        memory.update(key, now, current -> parts.alive(key, current));
        return memory.get(key);
    }

    /** The whole body as one direct buffer that the caller releases; null when it is not one piece in memory. */
    public @Nullable ByteBuf bodyNow(Lookup lookup, StoredResponse response) {
        return bodies.whole(lookup, response);
    }

    /** The whole body in memory as direct buffers in order, each of which the caller releases; empty when it is not there. */
    public List<ByteBuf> piecesNow(Lookup lookup, StoredResponse response) {
        return bodies.pieces(lookup, response);
    }

    /** The whole body; empty when it has vanished: then treat the request as a miss. */
    public CompletableFuture<Optional<BodyReader>> open(Lookup lookup, StoredResponse response) {
        return bodies.open(lookup, response, 0, Math.max(0, response.bodyBytes()));
    }

    /**
     * A part of a body; empty when it has vanished: then treat the request as a miss.
     *
     * @param offset 0 to the length of the body
     * @param length so many bytes from there, all within the body
     * @throws IllegalArgumentException when the part is not within the body
     */
    public CompletableFuture<Optional<BodyReader>> open(
            Lookup lookup, StoredResponse response, long offset, long length) {
        return bodies.open(lookup, response, offset, length);
    }

    /**
     * Begins to take in a response.
     *
     * @param lookup the lookup that led to the fetch: purges since then strike what comes of it
     * @param draft from {@code StoreDecision.Store}
     * @param maxBytes a longer body is passed through to readers but not kept
     */
    public Fill insert(Lookup lookup, StoredResponse draft, long maxBytes) {
        return intake.insert(lookup, draft, maxBytes);
    }

    /** Stores the outcome of a successful revalidation: heads that replace those of the same id. */
    public void freshen(Lookup lookup, List<StoredResponse> updated) {
        intake.freshen(lookup, updated);
    }

    /** Removes one stored response, which turned out to be of no use. */
    public void drop(CacheKey key, StoredResponse response) {
        // First: from here on either the writer sees this, or the index has what it wrote.
        intake.drop(response.id());
        bodies.drop(key, response);
    }

    /** Tells the policies that a response without a body was of use; for others {@link #open} does. */
    public void touch(Lookup lookup, StoredResponse response) {
        bodies.touch(lookup, response);
    }

    /** Drops all variants of a key (RFC 9111 §4.4), and what fetches under way would put there. In effect on return. */
    public void invalidate(CacheKey key) {
        var _ = purges.invalidate(key);
    }

    /**
     * {@link #invalidate}, and tells when it lasts.
     *
     * @return completed, at once when the disk has nothing of that key, when a crash of this process no longer brings anything
     *     back, or when the disk turned out to fail; it never fails. Whoever tells a client that something has changed waits
     *     for it
     */
    public CompletableFuture<Void> invalidateLastingly(CacheKey key) {
        return purges.invalidate(key);
    }

    /**
     * Drops what an unsafe request has changed besides its URL (RFC 9875).
     *
     * @param host of the request
     */
    public void invalidateGroups(String scope, String host, CacheGroups.Invalidated changed) {
        switch (changed) {
            case CacheGroups.Invalidated.None none -> {}
            case CacheGroups.Invalidated.Groups groups ->
                purges.invalidateGroups(
                        scope,
                        groups.names().stream()
                                .map(name -> PurgeMark.group(scope, host, name))
                                .toList());
            case CacheGroups.Invalidated.EveryGroup every ->
                purges.invalidateGroups(scope, List.of(PurgeMark.everyGroup(scope, host)));
        }
    }

    /**
     * Purges. Every lookup that begins after this returns sees it; once the future completes it survives a crash and a loss of
     * power. The future fails when the marks could not be written: then they hold until this process ends.
     */
    public CompletableFuture<Void> purge(List<PurgeMark> struck) {
        return purges.purge(struck);
    }

    /** Whether the disk tier works; never waits. */
    public CacheHealth health() {
        DiskTier tier = disk;
        return tier == null ? CacheHealth.WITHOUT_DISK : tier.health().report();
    }

    /** Whether a purge or invalidation since that lookup may strike what a fetch begun then brings. */
    public boolean outdated(Lookup lookup) {
        return purges.outdated(lookup);
    }

    /**
     * Leaves the folder to another process, which may open it once this returns. Everything goes on being served, from memory and,
     * where the other one did not write anew, from the folder; nothing more is written. What is purged or invalidated from here on
     * the other process does not hear of. Blocks.
     */
    public void leaveDisk() {
        DiskTier tier = disk;
        if (tier != null) {
            tier.leave();
        }
    }

    /** Takes the folder back that was left to another process which has ended; it is in use again within some 250 ms. */
    public void takeDiskBack() {
        DiskTier tier = disk;
        if (tier != null) {
            tier.comeBack();
        }
    }

    /** Ends fills, waits for accepted disk work, closes the folder and frees memory. Bodies that readers hold stay valid. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        intake.abortAll();
        DiskTender tending = tender;
        boolean tended = tending == null || tending.close(CLOSE_PATIENCE);
        boolean diskQuiet = executor.close(CLOSE_PATIENCE);
        boolean marksQuiet = purges.close(CLOSE_PATIENCE);
        memory.close();
        DiskTier tier = disk;
        if (tier != null && diskQuiet && marksQuiet && tended) {
            // Closing under a running operation would crash the process; leaving the folder open until exit does not.
            tier.close();
        }
    }
}
