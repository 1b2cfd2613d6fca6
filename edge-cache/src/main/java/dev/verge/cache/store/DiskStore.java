package dev.verge.cache.store;

import dev.verge.cache.store.EntryCodec.Entry;
import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Numbers;
import dev.verge.cache.store.PurgeMarks.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Rows in RocksDB. Every method blocks; callers are on the disk executor.
 *
 * <p>Column families: {@code index} (id → key hash, size, …; scanned at start), {@code meta} (id → key and heads), {@code body} (id
 * and chunk number → checksum and bytes), {@code marks} (purge marks). A row in {@code index} is written as pending before a body
 * of several chunks and completed in one batch with {@code meta} after the last one, so what a crash leaves behind is found by
 * its pending row and never by a reader. All writes go through the log without fsync (they survive kill −9); marks are synced.
 */
final class DiskStore implements AutoCloseable {
    private static final int INDEX_BYTES = 1 + 1 + KeyHash.BYTES + Long.BYTES + Integer.BYTES + Long.BYTES;
    private static final byte PENDING = 0;
    private static final byte COMPLETE = 1;
    private static final int DELETE_ONE_BY_ONE = 32;
    private static final byte[] LAST_NUMBER = "last-mark".getBytes(StandardCharsets.US_ASCII);

    private final DiskFiles files;
    private final RocksDB db;
    private final ByteBufAllocator allocator;
    private final WriteOptions write = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    /** Chunks carry their own checksum, which is checked once; RocksDB's would cost another pass over every block. */
    private final ReadOptions readBody =
            new ReadOptions().setVerifyChecksums(false).setFillCache(false);

    private final ReadOptions readMeta = new ReadOptions();

    DiskStore(DiskFiles files, ByteBufAllocator allocator) {
        this.files = files;
        this.db = files.db();
        this.allocator = allocator;
    }

    /** Fills index and marks from disk, clears away what a crash left, and returns the next free id. */
    long load(DiskIndex index, PurgeMarks marks) throws RocksDBException {
        long highest = 0;
        long highestEpoch = 0;
        List<Long> pending = new ArrayList<>();
        try (RocksIterator rows = db.newIterator(files.index())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                long id = ByteBuffer.wrap(rows.key()).getLong();
                highest = Math.max(highest, id);
                ByteBuffer row = ByteBuffer.wrap(rows.value());
                if (row.remaining() != INDEX_BYTES || row.get() != COMPLETE) {
                    pending.add(id);
                    continue;
                }
                boolean inMain = row.get() == 1;
                KeyHash key = new KeyHash(row.getLong(), row.getLong());
                var slot = new Slot(id, key, row.getLong(), row.getInt(), row.getLong(), inMain);
                highestEpoch = Math.max(highestEpoch, slot.epoch);
                index.restore(slot);
            }
            rows.status();
        }
        for (long id : pending) {
            dropPending(id);
        }
        loadMarks(marks);
        // A crash may have kept entries that know a number and lost the mark that had it: it must not be given out
        // again.
        marks.raiseTo(highestEpoch);
        return highest + 1;
    }

    private void loadMarks(PurgeMarks marks) throws RocksDBException {
        try (RocksIterator rows = db.newIterator(files.marks())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                marks.restore(MarkCodec.decode(rows.key(), rows.value()));
            }
            rows.status();
        }
        byte @Nullable [] last = db.get(LAST_NUMBER);
        if (last != null) {
            marks.raiseTo(ByteBuffer.wrap(last).getLong());
        }
    }

    /** Announces a body of several chunks. */
    void begin(long id) throws RocksDBException {
        db.put(files.index(), write, id(id), new byte[] {PENDING});
    }

    /** Writes one chunk: a direct buffer that begins with room for the checksum. */
    void putChunk(long id, int index, ByteBuf chunk) throws RocksDBException {
        db.put(files.body(), write, chunkKeyDirect(id, index), sealed(id, index, chunk));
    }

    /** Makes an entry visible to later starts; with its only chunk, if it has just one, in the same step. */
    void commit(Slot slot, Entry entry, @Nullable ByteBuf onlyChunk) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            if (onlyChunk != null) {
                batch.put(files.body(), chunkKeyDirect(slot.id, 0), sealed(slot.id, 0, onlyChunk));
            }
            batch.put(files.meta(), id(slot.id), EntryCodec.encode(entry));
            batch.put(files.index(), id(slot.id), row(slot));
            db.write(write, batch);
        }
    }

    /** Replaces the metadata of an entry; its body stays. */
    void update(Slot slot, Entry entry) throws RocksDBException {
        commit(slot, entry, null);
    }

    /** The metadata of an entry; null when it is missing. */
    @Nullable
    Entry read(long id) throws RocksDBException, IOException {
        byte @Nullable [] row = db.get(files.meta(), readMeta, id(id));
        return row == null ? null : EntryCodec.decode(row);
    }

    /** One chunk, checked, owned by the caller; null when it is missing or not what was written. */
    @Nullable
    ByteBuf readChunk(long id, int index, int length) throws RocksDBException {
        int size = Chunks.CHECKSUM_BYTES + length;
        ByteBuf buffer = allocator.directBuffer(size, size);
        boolean intact = false;
        try {
            int found = db.get(files.body(), readBody, chunkKeyDirect(id, index), buffer.nioBuffer(0, size));
            intact = found == size
                    && buffer.getInt(0) == Chunks.checksum(id, index, buffer, Chunks.CHECKSUM_BYTES, length);
            if (intact) {
                buffer.setIndex(Chunks.CHECKSUM_BYTES, size);
            }
            return intact ? buffer : null;
        } finally {
            if (!intact) {
                buffer.release();
            }
        }
    }

    /** Makes an entry that is still being read invisible to later starts, which then clear its chunks away. */
    void retire(long id) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            batch.delete(files.meta(), id(id));
            batch.put(files.index(), id(id), new byte[] {PENDING});
            db.write(write, batch);
        }
    }

    /** Removes everything of an entry. */
    void delete(Slot slot) throws RocksDBException {
        delete(slot.id, slot.chunks);
    }

    /** Removes what an aborted fill wrote. */
    void delete(long id, int chunks) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            batch.delete(files.index(), id(id));
            batch.delete(files.meta(), id(id));
            if (chunks <= DELETE_ONE_BY_ONE) {
                for (int i = 0; i < chunks; i++) {
                    batch.delete(files.body(), chunkKey(id, i));
                }
            } else {
                batch.deleteRange(files.body(), chunkKey(id, 0), chunkKey(id, chunks));
            }
            db.write(write, batch);
        }
    }

    private void dropPending(long id) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            batch.delete(files.index(), id(id));
            batch.delete(files.meta(), id(id));
            batch.deleteRange(files.body(), chunkKey(id, 0), chunkKey(id, Integer.MAX_VALUE));
            db.write(write, batch);
        }
    }

    /** Writes marks so that they survive a loss of power. */
    void putMarks(List<Kept> kept, List<Target> dropped, long lastNumber) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            for (Target target : dropped) {
                batch.delete(files.marks(), MarkCodec.key(target));
            }
            for (Kept mark : kept) {
                batch.put(files.marks(), MarkCodec.key(mark.target()), MarkCodec.value(mark.numbers()));
            }
            batch.put(
                    LAST_NUMBER,
                    ByteBuffer.allocate(Long.BYTES).putLong(lastNumber).array());
            db.write(synced, batch);
        }
    }

    /** Bytes the entry will be counted with, its rows' own size included. */
    static long liveBytes(long bodyBytes, int chunks, byte[] meta) {
        long perChunk = Chunks.CHECKSUM_BYTES + Long.BYTES + Integer.BYTES;
        return bodyBytes + chunks * perChunk + meta.length + 2L * Long.BYTES + INDEX_BYTES;
    }

    private static ByteBuffer sealed(long id, int index, ByteBuf chunk) {
        int length = chunk.writerIndex() - Chunks.CHECKSUM_BYTES;
        chunk.setInt(0, Chunks.checksum(id, index, chunk, Chunks.CHECKSUM_BYTES, length));
        return chunk.nioBuffer(0, chunk.writerIndex());
    }

    private static byte[] row(Slot slot) {
        return ByteBuffer.allocate(INDEX_BYTES)
                .put(COMPLETE)
                .put((byte) (slot.inMain ? 1 : 0))
                .putLong(slot.key.high())
                .putLong(slot.key.low())
                .putLong(slot.bytes)
                .putInt(slot.chunks)
                .putLong(slot.epoch)
                .array();
    }

    private static byte[] id(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static byte[] chunkKey(long id, int index) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(id)
                .putInt(index)
                .array();
    }

    private static ByteBuffer chunkKeyDirect(long id, int index) {
        return ByteBuffer.allocateDirect(Long.BYTES + Integer.BYTES)
                .putLong(id)
                .putInt(index)
                .flip();
    }

    @Override
    public void close() {
        write.close();
        synced.close();
        readBody.close();
        readMeta.close();
        files.close();
    }

    /** Marks as rows. */
    static final class MarkCodec {
        private MarkCodec() {}

        static byte[] key(Target target) {
            var text = new StringBuilder(target.kind().name());
            for (String part : List.of(target.scope(), target.host(), target.value())) {
                text.append(' ').append(part.length()).append(':').append(part);
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        static byte[] value(Numbers numbers) {
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(numbers.hard())
                    .putLong(numbers.soft())
                    .array();
        }

        static Kept decode(byte[] key, byte[] value) {
            String text = new String(key, StandardCharsets.UTF_8);
            int at = text.indexOf(' ');
            PurgeMark.Kind kind = PurgeMark.Kind.valueOf(text.substring(0, at));
            String[] parts = new String[3];
            for (int i = 0; i < parts.length; i++) {
                int colon = text.indexOf(':', at);
                int length = Integer.parseInt(text.substring(at + 1, colon));
                parts[i] = text.substring(colon + 1, colon + 1 + length);
                at = colon + 1 + length;
            }
            ByteBuffer numbers = ByteBuffer.wrap(value);
            return new Kept(
                    new Target(kind, parts[0], parts[1], parts[2]), new Numbers(numbers.getLong(), numbers.getLong()));
        }
    }
}
