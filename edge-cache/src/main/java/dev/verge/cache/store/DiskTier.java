package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.store.EntryCodec.Entry;
import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Target;
import dev.verge.cache.store.Slot.Place;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The disk tier: rows, blocks and their index kept in step. Failures are counted, logged once in a while and reported as "not there",
 * so that a broken disk costs hits, not answers. Every method but {@link #find}, {@link #readNow}, {@link #readChunkNow} and
 * {@link #unpin} blocks and belongs on the disk executor.
 */
final class DiskTier {
    private final DiskStore store;
    private final DiskIndex index;
    private final PurgeMarks marks;
    private final CacheMeters meters;
    private final DiskHealth health;
    private final ByteBufAllocator allocator;
    private final Object eviction = new Object();
    /** Removed entries whose rows are still to be struck: their blocks stay taken until then. */
    private final Queue<Slot> unstruck = new ConcurrentLinkedQueue<>();

    DiskTier(DiskStore store, DiskIndex index, PurgeMarks marks, CacheMeters meters, ByteBufAllocator allocator) {
        this.store = store;
        this.index = index;
        this.marks = marks;
        this.meters = meters;
        this.health = new DiskHealth(meters);
        this.allocator = allocator;
    }

    DiskIndex index() {
        return index;
    }

    DiskHealth health() {
        return health;
    }

    List<Slot> find(CacheKey key) {
        return index.find(KeyHash.of(key));
    }

    // -------------------------------------------------------------------------------------------------- reading

    /** The metadata of an entry of that key; null when it is missing, damaged or about another key. */
    @Nullable
    Entry read(CacheKey key, Slot slot) {
        try {
            while (true) {
                Place place = index.place(slot);
                @Nullable Entry entry = decoded(store.readHead(place));
                if (entry != null && entry.response().id() == slot.id) {
                    // Two keys may share a hash.
                    return entry.key().equals(key) ? entry : null;
                }
                if (index.isRemoved(slot)) {
                    return null;
                }
                if (index.place(slot).equals(place)) {
                    corrupt(slot);
                    return null;
                }
                // Its head was renewed meanwhile: look at the new one.
            }
        } catch (IOException failure) {
            health.readFailed(failure);
            return null;
        }
    }

    /** The same without waiting: null also when it is not in the kernel's memory. */
    @Nullable
    Entry readNow(CacheKey key, Slot slot) {
        @Nullable Entry entry = decoded(store.readHeadNow(index.place(slot)));
        return entry != null && entry.response().id() == slot.id && entry.key().equals(key) ? entry : null;
    }

    private static @Nullable Entry decoded(byte @Nullable [] head) {
        try {
            return head == null ? null : EntryCodec.decode(head);
        } catch (IOException damaged) {
            return null;
        }
    }

    /** One chunk of a pinned entry; null when it cannot be had. A damaged one removes the entry. */
    @Nullable
    ByteBuf readChunk(Slot slot, Chunks layout, int chunk, int length) {
        try {
            Extents extents = index.place(slot).extents();
            @Nullable ByteBuf bytes = store.readChunk(extents, layout, slot.id, chunk, length);
            if (bytes == null) {
                corrupt(slot);
            } else {
                meters.bytesRead.add(length);
            }
            return bytes;
        } catch (IOException failure) {
            health.readFailed(failure);
            return null;
        }
    }

    /** The same without waiting, pinned or not: null also when it is not in the kernel's memory, or its blocks are another's by now. */
    @Nullable
    ByteBuf readChunkNow(Slot slot, Chunks layout, int chunk, int length) {
        @Nullable ByteBuf bytes = store.readChunkNow(index.place(slot).extents(), layout, slot.id, chunk, length);
        if (bytes != null) {
            meters.bytesRead.add(length);
        }
        return bytes;
    }

    /**
     * One chunk of a fill under way; null when it cannot be had.
     *
     * @param underWay whether the fill still holds its blocks
     */
    @Nullable
    ByteBuf readBack(Extents extents, Chunks layout, long id, int chunk, int length, BooleanSupplier underWay) {
        try {
            @Nullable ByteBuf bytes = store.readChunk(extents, layout, id, chunk, length);
            if (bytes != null) {
                meters.bytesRead.add(length);
            } else if (underWay.getAsBoolean()) {
                meters.corrupt.increment();
            }
            return bytes;
        } catch (IOException failure) {
            health.readFailed(failure);
            return null;
        }
    }

    private void corrupt(Slot slot) {
        meters.corrupt.increment();
        remove(slot);
    }

    // -------------------------------------------------------------------------------------------------- writing

    /**
     * Writes a chunk behind what an entry has.
     *
     * @param chunk begins with room for its checksum
     * @return all blocks of the entry; null when there is no room or the disk fails, and then it has those it had
     */
    @Nullable
    Extents append(Extents before, long id, int chunkIndex, ByteBuf chunk) {
        Chunks.seal(id, chunkIndex, chunk);
        @Nullable Extents more = write(chunk.slice(0, chunk.writerIndex()), 0);
        if (more == null) {
            return null;
        }
        meters.bytesWritten.add(chunk.writerIndex() - Chunks.CHECKSUM_BYTES);
        return before.plus(more);
    }

    /** Evicts until the bound holds, such as after it was lowered. */
    void shrinkToBound() {
        @Nullable Extents nothing = take(0, 0);
        if (nothing != null) {
            index.give(nothing, 0);
        }
    }

    /** Gives back what an unfinished fill took. */
    void discard(Extents extents) {
        index.give(extents, 0);
    }

    /**
     * Writes the head of an entry, makes it visible and adds it to the index.
     *
     * @param body the blocks that hold its chunks
     * @param onlyChunk its only chunk, if that is not written yet
     * @return the slot, pinned; null when there is no room or the disk fails
     */
    @Nullable
    Slot commit(Entry entry, Extents body, @Nullable ByteBuf onlyChunk) {
        byte[] head = EntryCodec.encode(entry);
        long id = entry.response().id();
        @Nullable Extents more;
        if (onlyChunk == null) {
            more = write(Unpooled.wrappedBuffer(head), DiskIndex.ROW_BYTES);
        } else {
            Chunks.seal(id, 0, onlyChunk);
            ByteBuf record = allocator.directBuffer(onlyChunk.writerIndex() + head.length);
            try {
                record.writeBytes(onlyChunk, 0, onlyChunk.writerIndex()).writeBytes(head);
                more = write(record, DiskIndex.ROW_BYTES);
            } finally {
                record.release();
            }
        }
        if (more == null) {
            return null;
        }
        long headAt = onlyChunk == null ? (long) body.blocks() * DataFile.BLOCK_BYTES : onlyChunk.writerIndex();
        var slot = new Slot(
                id, KeyHash.of(entry.key()), entry.epoch(), false, new Place(body.plus(more), headAt, head.length));
        slot.readers = 1;
        if (!attempt("write", () -> store.commit(slot, index))) {
            index.give(more, DiskIndex.ROW_BYTES);
            return null;
        }
        if (onlyChunk != null) {
            meters.bytesWritten.add(onlyChunk.writerIndex() - Chunks.CHECKSUM_BYTES);
        }
        return slot;
    }

    /** Replaces the metadata of an entry that is still there. */
    void update(Slot slot, Entry entry) {
        if (!index.pin(slot)) {
            return;
        }
        // One at a time, and not beside the striking of its row.
        synchronized (slot) {
            @Nullable Extents unused = moveHead(slot, entry);
            if (unused != null) {
                index.give(unused, 0);
            }
        }
        index.unpin(slot);
    }

    /** Returns blocks that are not used any more, or after all. */
    private @Nullable Extents moveHead(Slot slot, Entry entry) {
        byte[] head = EntryCodec.encode(entry);
        @Nullable Extents more = write(Unpooled.wrappedBuffer(head), 0);
        if (more == null) {
            return null;
        }
        Place before = index.place(slot);
        Extents kept = before.extents().upTo(before.extents().blocks() - before.ownHeadBlocks());
        var after = new Place(kept.plus(more), (long) kept.blocks() * DataFile.BLOCK_BYTES, head.length);
        if (index.isRemoved(slot) || !attempt("write", () -> store.move(slot, after, entry.epoch()))) {
            return more;
        }
        @Nullable Extents free = index.move(slot, after, entry.epoch());
        return free == null ? more : free;
    }

    /** Takes blocks for these bytes and writes them; null when there is no room or the disk fails. */
    private @Nullable Extents write(ByteBuf bytes, long charge) {
        @Nullable Extents room = health.mayWrite() ? take(DataFile.blocksFor(bytes.readableBytes()), charge) : null;
        if (room != null && !attempt("write", () -> store.write(room, bytes))) {
            index.give(room, charge);
            return null;
        }
        return room;
    }

    /** Takes blocks, evicting what has to go. */
    private @Nullable Extents take(int count, long charge) {
        @Nullable Extents room = index.take(count, charge);
        if (room != null) {
            return room;
        }
        synchronized (eviction) {
            while (room == null) {
                room = index.take(count, charge);
                @Nullable Slot victim = room == null ? index.evict() : null;
                if (victim != null) {
                    meters.diskEvictions.increment();
                }
                if (room == null && (victim == null || !strike(victim))) {
                    return null;
                }
            }
            return room;
        }
    }

    // ------------------------------------------------------------------------------------------------- removing

    void remove(Slot slot) {
        if (index.remove(slot)) {
            strike(slot);
        }
    }

    /** Remembers a removed entry whose row nobody could strike yet. */
    void strikeLater(Slot slot) {
        unstruck.add(slot);
    }

    /** The blocking half of a removal. */
    boolean strike(Slot slot) {
        boolean gone;
        synchronized (slot) {
            gone = health.mayWrite() && attempt("delete", () -> store.strike(slot.id));
        }
        if (gone) {
            index.unpin(slot);
        } else {
            unstruck.add(slot);
        }
        return gone;
    }

    void unpin(Slot slot) {
        index.unpin(slot);
    }

    /** Writes marks so that they survive a loss of power. */
    void putMarks(List<Kept> kept, List<Target> dropped, long lastNumber) throws IOException {
        try {
            store.putMarks(kept, dropped, lastNumber);
        } catch (IOException failure) {
            health.writeFailed("write a purge", failure);
            throw failure;
        }
    }

    // ------------------------------------------------------------------------------------------------- tending

    /** Called every now and then: does what was left undone, and looks whether a failing disk works again. */
    void tend() {
        if (health.mayTry()) {
            recover();
        }
        for (int left = unstruck.size(); left > 0 && health.mayWrite(); left--) {
            @Nullable Slot slot = unstruck.poll();
            if (slot != null) {
                strike(slot);
            }
        }
    }

    private void recover() {
        try {
            probe();
        } catch (IOException failing) {
            try {
                // RocksDB refuses writes after some failures until it is opened again.
                store.reopen(index, marks);
                probe();
            } catch (IOException stillFailing) {
                health.stillFails(stillFailing);
                return;
            }
        }
        health.works();
    }

    private void probe() throws IOException {
        store.probe();
        @Nullable Extents block = index.borrow();
        if (block != null) {
            try {
                store.write(block, Unpooled.wrappedBuffer(new byte[DataFile.BLOCK_BYTES]));
            } finally {
                index.giveBack(block);
            }
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private boolean attempt(String what, Write write) {
        try {
            write.run();
            return true;
        } catch (IOException failure) {
            health.writeFailed(what, failure);
            return false;
        }
    }

    /** Leaves the folder to another process; what is indexed is read as long as it is intact, and nothing is written. */
    void leave() {
        health.leave();
        store.leave();
    }

    /** The folder is free again: the next {@link #tend} opens it. */
    void comeBack() {
        health.comeBack();
    }

    void close() {
        store.close();
    }
}
