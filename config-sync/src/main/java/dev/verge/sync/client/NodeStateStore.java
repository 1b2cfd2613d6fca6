package dev.verge.sync.client;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.compare.StateSums;
import dev.verge.sync.core.StateUpdate;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The last good state on disk. Each update is one atomic batch through the write-ahead log, so a process killed at any instant finds
 * the state of before or after. Not synced: after a power loss the newest updates may be missing, and since the position goes with
 * them the control plane sends them again. Blocking; one caller at a time, but for {@link #sums}.
 */
final class NodeStateStore implements AutoCloseable {

    private static final byte ENTRY = 'e';
    private static final byte[] META = "m".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GROUPS = "g".getBytes(StandardCharsets.US_ASCII);
    private static final long WAL_BYTES = 32L << 20;

    static {
        RocksDB.loadLibrary();
    }

    private final Options options;
    private final WriteOptions writeOptions = new WriteOptions();
    private final RocksDB db;
    /** Held while the database is read beside its one caller; it must not be closed under that. */
    private final Lock reading = new ReentrantLock();

    private volatile boolean closing;

    /** Where the stored state stands. */
    record Meta(
            @JsonPropertyDescription("Log that is followed.")
            String history,

            @JsonPropertyDescription("Last revision taken in.")
            long revision,

            @JsonPropertyDescription("Keys whose newest value was refused.")
            Map<String, Refusal> refused) {}

    /** What the stored state comes to, and up to which revision. */
    record Sums(long revision, StateSums sums) {}

    private NodeStateStore(Options options, RocksDB db) {
        this.options = options;
        this.db = db;
    }

    /**
     * Opens or creates.
     *
     * @throws StateFolderException when the folder is locked by another process, not writable or damaged
     */
    static NodeStateStore open(Path folder) {
        Options options = new Options()
                .setCreateIfMissing(true)
                .setMaxTotalWalSize(WAL_BYTES)
                .setWriteBufferSize(8 << 20)
                .setKeepLogFileNum(2)
                .setMaxOpenFiles(64)
                .setParanoidChecks(true);
        try {
            Files.createDirectories(folder);
            return new NodeStateStore(options, RocksDB.open(options, folder.toString()));
        } catch (IOException e) {
            options.close();
            throw new StateFolderException("the state folder " + folder + " cannot be made: " + e.getMessage(), e);
        } catch (RocksDBException e) {
            options.close();
            String message = String.valueOf(e.getMessage());
            throw new StateFolderException(
                    message.toLowerCase(Locale.ROOT).contains("lock")
                            ? "the state folder " + folder
                                    + " is in use by another process; stop it or choose another folder"
                            : "the state folder " + folder + " cannot be opened: " + message,
                    e);
        }
    }

    State load() {
        List<LogEntry> entries = new ArrayList<>();
        try (ReadOptions reading = new ReadOptions();
                RocksIterator iterator = db.newIterator(reading)) {
            for (iterator.seek(new byte[] {ENTRY}); iterator.isValid(); iterator.next()) {
                if (iterator.key()[0] != ENTRY) {
                    break;
                }
                entries.add(entry(iterator));
            }
            iterator.status();
            Meta meta = meta(db.get(META));
            return new State(new Position(meta.history(), meta.revision()), entries, meta.refused());
        } catch (RocksDBException e) {
            throw new StateFolderException("the stored state cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads all of the state as it is at one instant, while others may write.
     *
     * @param blobs whether what an entry needs besides is there; one without it counts for nothing
     * @throws CancellationException when the store is closed meanwhile
     */
    Sums sums(Predicate<LogEntry> blobs) throws RocksDBException {
        reading.lock();
        try {
            checkOpen();
            return read(blobs);
        } finally {
            reading.unlock();
        }
    }

    private void checkOpen() {
        if (closing) {
            throw new CancellationException("the store is closed");
        }
    }

    private Sums read(Predicate<LogEntry> blobs) throws RocksDBException {
        try (ReadOptions once = new ReadOptions().setFillCache(false);
                RocksIterator iterator = db.newIterator(once)) {
            StateSums sums = new StateSums();
            for (iterator.seek(new byte[] {ENTRY}); iterator.isValid() && iterator.key()[0] == ENTRY; iterator.next()) {
                checkOpen();
                LogEntry entry = entry(iterator);
                if (blobs.test(entry)) {
                    sums.add(entry);
                }
            }
            // Of the same instant as the entries, which the database itself is not any more.
            iterator.seek(META);
            boolean found = iterator.isValid() && Arrays.equals(iterator.key(), META);
            iterator.status();
            Meta meta = meta(found ? iterator.value() : null);
            meta.refused().keySet().forEach(sums::leaveOut);
            return new Sums(meta.revision(), sums);
        }
    }

    private static LogEntry entry(RocksIterator iterator) {
        byte[] key = iterator.key();
        ByteBuffer value = ByteBuffer.wrap(iterator.value());
        long revision = value.getLong();
        return new LogEntry(
                revision,
                new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
                StandardCharsets.UTF_8.decode(value).toString());
    }

    private static Meta meta(byte @Nullable [] stored) {
        return stored == null
                ? new Meta("", 0, Map.of())
                : Binder.standard()
                        .bindJson(new String(stored, StandardCharsets.UTF_8), Meta.class)
                        .orThrow();
    }

    /** What the node belonged to when it was last connected; none when it never was. */
    List<String> groups() throws RocksDBException {
        byte[] stored = db.get(GROUPS);
        return stored == null || stored.length == 0
                ? List.of()
                : List.of(new String(stored, StandardCharsets.UTF_8).split("\n"));
    }

    void groups(List<String> groups) throws RocksDBException {
        db.put(writeOptions, GROUPS, String.join("\n", groups).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes all of it or nothing. */
    void write(StateUpdate update) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            if (update.replaceAll()) {
                dropAllBut(update, batch);
            }
            for (LogEntry entry : update.entries()) {
                String value = entry.value();
                if (value == null) {
                    batch.delete(key(entry.key()));
                } else {
                    byte[] text = value.getBytes(StandardCharsets.UTF_8);
                    batch.put(
                            key(entry.key()),
                            ByteBuffer.allocate(Long.BYTES + text.length)
                                    .putLong(entry.revision())
                                    .put(text)
                                    .array());
                }
            }
            Meta meta = new Meta(update.position().history(), update.position().revision(), update.refused());
            batch.put(META, RecordJson.write(meta).toString().getBytes(StandardCharsets.UTF_8));
            db.write(writeOptions, batch);
        }
    }

    private void dropAllBut(StateUpdate update, WriteBatch batch) throws RocksDBException {
        try (ReadOptions reading = new ReadOptions();
                RocksIterator iterator = db.newIterator(reading)) {
            for (iterator.seek(new byte[] {ENTRY}); iterator.isValid(); iterator.next()) {
                byte[] key = iterator.key();
                if (key[0] != ENTRY) {
                    break;
                }
                if (!update.keep().contains(new String(key, 1, key.length - 1, StandardCharsets.UTF_8))) {
                    batch.delete(key);
                }
            }
            iterator.status();
        }
    }

    private static byte[] key(String key) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put(ENTRY).put(text).array();
    }

    @Override
    public void close() {
        closing = true;
        reading.lock();
        try {
            writeOptions.close();
            db.close();
            options.close();
        } finally {
            reading.unlock();
        }
    }
}
