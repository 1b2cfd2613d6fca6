package dev.verge.cache.store;

import dev.verge.cache.store.PurgeMarks.Kept;
import dev.verge.cache.store.PurgeMarks.Target;
import dev.verge.cache.store.Slot.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** How rows and marks are written into an open folder. Every method blocks. */
final class DiskRows implements AutoCloseable {
    private static final byte[] LAST_NUMBER = "last-mark".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);
    /** Rows written or struck at once while the folder is put in order. */
    private static final int BATCH_ROWS = 1_000;

    private final WriteOptions write = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);

    /** Writes the row of an entry. */
    void put(DiskFiles open, Slot slot, Place place, long epoch) throws RocksDBException {
        open.db().put(open.index(), write, RowCodec.key(slot.id), RowCodec.encode(slot, place, epoch));
    }

    /** Removes the row of an entry. */
    void strike(DiskFiles open, long id) throws RocksDBException {
        open.db().delete(open.index(), write, RowCodec.key(id));
    }

    void strikeAll(DiskFiles open, List<Long> ids) throws RocksDBException {
        for (int from = 0; from < ids.size(); from += BATCH_ROWS) {
            try (var batch = new WriteBatch()) {
                for (long id : ids.subList(from, Math.min(ids.size(), from + BATCH_ROWS))) {
                    batch.delete(open.index(), RowCodec.key(id));
                }
                open.db().write(write, batch);
            }
        }
    }

    static void loadMarks(DiskFiles open, PurgeMarks marks) throws RocksDBException {
        try (RocksIterator rows = open.db().newIterator(open.marks())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                marks.restore(MarkCodec.decode(rows.key(), rows.value()));
            }
            rows.status();
        }
        byte @Nullable [] last = open.db().get(LAST_NUMBER);
        if (last != null) {
            marks.raiseTo(ByteBuffer.wrap(last).getLong());
        }
    }

    /** Writes marks so that they survive a loss of power. */
    void putMarks(DiskFiles open, List<Kept> kept, List<Target> dropped, long lastNumber) throws RocksDBException {
        try (var batch = new WriteBatch()) {
            for (Target target : dropped) {
                batch.delete(open.marks(), MarkCodec.key(target));
            }
            for (Kept mark : kept) {
                batch.put(open.marks(), MarkCodec.key(mark.target()), MarkCodec.value(mark.numbers()));
            }
            batch.put(
                    LAST_NUMBER,
                    ByteBuffer.allocate(Long.BYTES).putLong(lastNumber).array());
            open.db().write(synced, batch);
        }
    }

    /** Writes something of no meaning: throws when rows cannot be written. */
    void probe(DiskFiles open) throws RocksDBException {
        open.db().put(write, PROBE, PROBE);
    }

    /** Strikes rows without a slot, and writes those that are missing. */
    void reconcile(DiskFiles open, List<Slot> slots) throws RocksDBException {
        slots.sort((first, second) -> Long.compare(first.id, second.id));
        long[] ids = slots.stream().mapToLong(slot -> slot.id).toArray();
        var found = new BitSet(ids.length);
        List<Long> useless = new ArrayList<>();
        try (RocksIterator rows = open.db().newIterator(open.index())) {
            for (rows.seekToFirst(); rows.isValid(); rows.next()) {
                long id = ByteBuffer.wrap(rows.key()).getLong();
                int at = Arrays.binarySearch(ids, id);
                if (at < 0) {
                    useless.add(id);
                } else {
                    found.set(at);
                }
            }
            rows.status();
        }
        strikeAll(open, useless);
        for (int at = found.nextClearBit(0); at < ids.length; at = found.nextClearBit(at + 1)) {
            Slot slot = slots.get(at);
            put(open, slot, slot.place(), slot.epoch);
        }
    }

    @Override
    public void close() {
        write.close();
        synced.close();
    }
}
