package dev.verge.cache.store;

import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Target;
import dev.verge.cache.store.Slot.Place;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Rows in RocksDB and blocks in the data file. Every method blocks; callers are on the disk executor.
 *
 * <p>Heads and bodies are written once, into blocks that no row names; then one row ({@code index}: id → where) makes the entry
 * visible. Blocks are used again only after their row is struck. Rows go through the log without fsync, so all of this survives
 * kill −9 in its order; what a loss of power mixes up is found by checksums over id, place and bytes. Purge marks ({@code marks})
 * are synced.
 */
final class DiskStore implements AutoCloseable {

    /** Longer heads are waited for. */
    private static final int HEAD_READ_NOW_BYTES = 16 << 10;

    private static final ThreadLocal<ByteBuffer> HEAD =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(HEAD_READ_NOW_BYTES));

    private final Path folder;
    private final ByteBufAllocator allocator;
    private final DiskRows rows;
    /** Shared for using the files, exclusive for exchanging them. */
    private final ReentrantReadWriteLock exchange = new ReentrantReadWriteLock();

    private @Nullable DiskFiles files;
    /** What is still read while another process has the folder; null otherwise. */
    private @Nullable DataFile leftOpen;

    DiskStore(Path folder, ByteBufAllocator allocator) throws CacheOpenException {
        this.folder = folder;
        this.allocator = allocator;
        this.files = DiskFiles.open(folder);
        this.rows = new DiskRows();
    }

    private interface Use<T extends @Nullable Object> {
        T with(DiskFiles files) throws RocksDBException, IOException;
    }

    private <T extends @Nullable Object> T use(Use<T> use) throws IOException {
        exchange.readLock().lock();
        try {
            DiskFiles open = files;
            if (open == null) {
                throw new RowsException(new IOException("the folder is not open"));
            }
            return use.with(open);
        } catch (RocksDBException failure) {
            throw new RowsException(failure);
        } finally {
            exchange.readLock().unlock();
        }
    }

    private interface Read {
        void from(DataFile data) throws IOException;
    }

    private void read(Read read) throws IOException {
        exchange.readLock().lock();
        try {
            DiskFiles open = files;
            DataFile data = open == null ? leftOpen : open.data();
            if (data == null) {
                throw new IOException("the folder is not open");
            }
            read.from(data);
        } finally {
            exchange.readLock().unlock();
        }
    }

    /**
     * Closes the rows, so that another process can open the folder. Blocks can still be read; those that the other one writes anew
     * are told by their checksums.
     */
    void leave() {
        exchange.writeLock().lock();
        try {
            DiskFiles open = files;
            files = null;
            if (open != null) {
                open.closeRows();
                leftOpen = open.data();
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }

    private void closeLeftOpen() {
        DataFile data = leftOpen;
        leftOpen = null;
        if (data != null) {
            DiskFiles.closeQuietly(data);
        }
    }

    /**
     * Fills index and marks from disk and returns the next free id. A folder that turns out to be damaged is emptied: an entry
     * without its marks could come back from the dead.
     */
    long load(DiskIndex index, PurgeMarks marks) throws IOException {
        try {
            return use(open -> load(open, index, marks));
        } catch (RowsException failure) {
            if (!(failure.getCause() instanceof RocksDBException problem) || !DiskFiles.isDamage(problem)) {
                throw failure;
            }
            index.removeAll();
            exchange(true);
            return use(open -> load(open, index, marks));
        }
    }

    private long load(DiskFiles open, DiskIndex index, PurgeMarks marks) throws RocksDBException, IOException {
        long highest = 0;
        long highestEpoch = 0;
        List<Long> useless = new ArrayList<>();
        @Nullable Slot latest = null;
        ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer row = ByteBuffer.allocateDirect(64 << 10);
        long written = open.data().blocks();
        try (RocksIterator each = open.db().newIterator(open.index())) {
            // The latest first: where two claim a block (after a loss of power), the later one wrote it.
            for (each.seekToLast(); each.isValid(); each.prev()) {
                each.key(key.clear());
                long id = key.getLong();
                int size = each.value(row.clear());
                @Nullable Slot slot = RowCodec.decode(id, size <= row.capacity() ? row : ByteBuffer.wrap(each.value()));
                if (slot == null || slot.place().extents().end() > written || !index.restore(slot)) {
                    useless.add(id);
                } else if (latest == null) {
                    latest = slot;
                }
                highest = Math.max(highest, id);
                highestEpoch = slot == null ? highestEpoch : Math.max(highestEpoch, slot.epoch);
            }
            each.status();
        }
        rows.strikeAll(open, useless);
        if (latest != null) {
            index.continueBehind(latest);
        }
        open.data().limit(index.fileBlocks());
        DiskRows.loadMarks(open, marks);
        // A crash may have kept entries that know a number and lost the mark that had it: it must not be given out
        // again.
        marks.raiseTo(highestEpoch);
        return highest + 1;
    }

    /** Writes whole blocks, the last one filled up with zeros. */
    void write(Extents extents, ByteBuf bytes) throws IOException {
        use(open -> {
            open.data().write(extents, bytes.nioBuffer(bytes.readerIndex(), bytes.readableBytes()));
            return true;
        });
    }

    /** Makes an entry visible to later starts, and to the index when it is there. */
    void commit(Slot slot, DiskIndex index) throws IOException {
        use(open -> {
            rows.put(open, slot, slot.place(), slot.epoch);
            index.add(slot);
            return true;
        });
    }

    /** Moves the head of an entry. */
    void move(Slot slot, Place place, long epoch) throws IOException {
        use(open -> {
            rows.put(open, slot, place, epoch);
            return true;
        });
    }

    /** Makes an entry invisible to later starts; its blocks may be used again. */
    void strike(long id) throws IOException {
        use(open -> {
            rows.strike(open, id);
            return true;
        });
    }

    /** The bytes of a head; null when the file ends before. */
    byte @Nullable [] readHead(Place place) throws IOException {
        byte[] head = new byte[place.headBytes()];
        try {
            read(data -> data.read(place.extents(), place.headAt(), ByteBuffer.wrap(head)));
            return head;
        } catch (EOFException missing) {
            return null;
        }
    }

    /** The bytes of a head without waiting for them; null when that cannot be. */
    byte @Nullable [] readHeadNow(Place place) {
        ByteBuffer head = HEAD.get();
        if (place.headBytes() > head.capacity()
                || !readNow(place.extents(), place.headAt(), head.clear().limit(place.headBytes()))) {
            return null;
        }
        byte[] bytes = new byte[place.headBytes()];
        head.get(0, bytes);
        return bytes;
    }

    private boolean readNow(Extents extents, long offset, ByteBuffer into) {
        if (!exchange.readLock().tryLock()) {
            return false;
        }
        try {
            DiskFiles open = files;
            DataFile data = open == null ? leftOpen : open.data();
            return data != null && data.readNow(extents, offset, into);
        } finally {
            exchange.readLock().unlock();
        }
    }

    private interface Bytes<E extends Exception> {
        /** Fills the buffer; false when it could not. */
        boolean into(ByteBuffer buffer) throws E;
    }

    /** One chunk, checked, owned by the caller; null when it is missing or not what was written. */
    @Nullable
    ByteBuf readChunk(Extents extents, Chunks layout, long id, int index, int length) throws IOException {
        return chunk(id, index, length, buffer -> {
            try {
                read(data -> data.read(extents, layout.place(index), buffer));
                return true;
            } catch (EOFException missing) {
                return false;
            }
        });
    }

    /** The same without waiting for it; null also when that cannot be. */
    @Nullable
    ByteBuf readChunkNow(Extents extents, Chunks layout, long id, int index, int length) {
        return chunk(id, index, length, buffer -> readNow(extents, layout.place(index), buffer));
    }

    private <E extends Exception> @Nullable ByteBuf chunk(long id, int index, int length, Bytes<E> bytes) throws E {
        int size = Chunks.CHECKSUM_BYTES + length;
        ByteBuf buffer = allocator.directBuffer(size, size);
        boolean intact = false;
        try {
            intact = bytes.into(buffer.nioBuffer(0, size))
                    && buffer.getInt(0) == Chunks.checksum(id, index, buffer, Chunks.CHECKSUM_BYTES, length);
            return intact ? buffer.setIndex(Chunks.CHECKSUM_BYTES, size) : null;
        } finally {
            if (!intact) {
                buffer.release();
            }
        }
    }

    /** Writes marks so that they survive a loss of power. */
    void putMarks(List<Kept> kept, List<Target> dropped, long lastNumber) throws IOException {
        use(open -> {
            rows.putMarks(open, kept, dropped, lastNumber);
            return true;
        });
    }

    /** Writes something of no meaning: throws when rows cannot be written. */
    void probe() throws IOException {
        use(open -> {
            rows.probe(open);
            return true;
        });
    }

    /**
     * Opens the folder again after a failure. Rows and index are made to agree, and all marks are written again. A folder found
     * damaged is emptied, and then so is the index.
     */
    void reopen(DiskIndex index, PurgeMarks marks) throws IOException {
        exchange.writeLock().lock();
        try {
            exchange(false);
            DiskFiles open = files;
            if (open == null) {
                throw new IOException("closed");
            }
            if (open.emptied()) {
                index.removeAll();
            }
            try {
                rows.reconcile(open, index.all());
                rows.putMarks(open, marks.all(), List.of(), marks.latest());
            } catch (RocksDBException failure) {
                if (!DiskFiles.isDamage(failure)) {
                    throw new RowsException(failure);
                }
                exchange(true);
                index.removeAll();
                use(emptied -> {
                    rows.putMarks(emptied, marks.all(), List.of(), marks.latest());
                    return true;
                });
            }
        } finally {
            exchange.writeLock().unlock();
        }
    }

    private void exchange(boolean emptied) throws CacheOpenException {
        exchange.writeLock().lock();
        try {
            DiskFiles before = files;
            files = null;
            if (before != null) {
                before.close();
            }
            closeLeftOpen();
            files = emptied ? DiskFiles.openEmptied(folder) : DiskFiles.open(folder);
        } finally {
            exchange.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        exchange.writeLock().lock();
        try {
            DiskFiles open = files;
            files = null;
            if (open != null) {
                open.close();
            }
            closeLeftOpen();
            rows.close();
        } finally {
            exchange.writeLock().unlock();
        }
    }
}
