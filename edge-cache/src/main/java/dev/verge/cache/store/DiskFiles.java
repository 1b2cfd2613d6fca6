package dev.verge.cache.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open folder: the database with its column families, how it is tuned, and the data file beside it. */
final class DiskFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskFiles.class);
    private static final byte[] FORMAT_KEY = "format".getBytes(StandardCharsets.US_ASCII);
    /** Raised when rows or records change their form; a folder of another format is emptied, it is only a cache. */
    private static final byte[] FORMAT = "2".getBytes(StandardCharsets.US_ASCII);

    private static final long BLOCK_CACHE_BYTES = 8L << 20;
    private static final long WRITE_BUFFER_BYTES = 8L << 20;
    private static final long WAL_BYTES = 32L << 20;
    private static final long TABLE_FILE_BYTES = 16L << 20;

    private final List<AbstractNativeReference> owned;
    private final RocksDB db;
    private final List<ColumnFamilyHandle> families;
    private final DataFile data;
    private boolean emptied;

    private DiskFiles(
            RocksDB db, List<ColumnFamilyHandle> families, List<AbstractNativeReference> owned, DataFile data) {
        this.db = db;
        this.families = families;
        this.owned = owned;
        this.data = data;
    }

    /** Opens the folder; empties it first when its content is damaged or of another format. */
    static DiskFiles open(Path folder) throws CacheOpenException {
        try {
            Files.createDirectories(folder);
            if (!Files.isWritable(folder)) {
                throw new CacheOpenException("data folder is not writable: " + folder, new IOException("read-only"));
            }
        } catch (CacheOpenException refused) {
            throw refused;
        } catch (IOException cause) {
            throw new CacheOpenException(
                    "data folder cannot be made: " + folder + " (" + cause.getMessage() + ")", cause);
        }
        RocksDB.loadLibrary();
        try {
            DiskFiles files = openOnce(folder);
            if (files.hasKnownFormat()) {
                return files;
            }
            files.close();
            LOG.warn("cache folder {} has another format; its content is dropped", folder);
        } catch (RocksDBException problem) {
            if (!isDamage(problem)) {
                throw explained(folder, problem);
            }
            LOG.warn("cache folder {} is damaged ({}); its content is dropped", folder, problem.getMessage());
        } catch (IOException problem) {
            throw new CacheOpenException(
                    "data folder cannot be opened: " + folder + " (" + problem.getMessage() + ")", problem);
        }
        return openEmptied(folder);
    }

    /** Drops everything in the folder, then opens it. */
    static DiskFiles openEmptied(Path folder) throws CacheOpenException {
        try (var options = new Options()) {
            RocksDB.destroyDB(folder.toString(), options);
            DataFile.delete(folder);
            DiskFiles files = openOnce(folder);
            if (!files.hasKnownFormat()) {
                files.close();
                throw new RocksDBException("the format is unknown even after emptying the folder");
            }
            files.emptied = true;
            return files;
        } catch (RocksDBException problem) {
            throw explained(folder, problem);
        } catch (IOException problem) {
            throw new CacheOpenException(
                    "data folder cannot be emptied: " + folder + " (" + problem.getMessage() + ")", problem);
        }
    }

    private boolean hasKnownFormat() throws RocksDBException {
        byte @Nullable [] found = db.get(FORMAT_KEY);
        if (found == null) {
            db.put(FORMAT_KEY, FORMAT);
            return true;
        }
        return Arrays.equals(found, FORMAT);
    }

    static boolean isDamage(RocksDBException problem) {
        @Nullable Status status = problem.getStatus();
        // A column family that is not ours means that the folder was written by something else or by another version. A
        // file that the database lists and the folder lacks is an I/O error to RocksDB.
        String message = String.valueOf(problem.getMessage());
        return message.contains("No such file")
                || message.contains("Corruption")
                || (status != null
                        && (status.getCode() == Status.Code.Corruption
                                || status.getCode() == Status.Code.InvalidArgument));
    }

    private static CacheOpenException explained(Path folder, RocksDBException problem) {
        String message = String.valueOf(problem.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("lock")) {
            return new CacheOpenException("data folder locked by another process: " + folder, problem);
        }
        if (lower.contains("no space")) {
            return new CacheOpenException("no space left for the data folder: " + folder, problem);
        }
        return new CacheOpenException("data folder cannot be opened: " + folder + " (" + message + ")", problem);
    }

    private static DiskFiles openOnce(Path folder) throws RocksDBException, IOException {
        List<AbstractNativeReference> owned = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        @Nullable RocksDB db = null;
        @Nullable DiskFiles opened = null;
        try {
            var options = new DBOptions()
                    .setCreateIfMissing(true)
                    .setCreateMissingColumnFamilies(true)
                    .setMaxTotalWalSize(WAL_BYTES)
                    .setMaxBackgroundJobs(2)
                    .setBytesPerSync(1 << 20)
                    .setMaxManifestFileSize(4 << 20)
                    .setKeepLogFileNum(2)
                    .setMaxLogFileSize(4 << 20)
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
            owned.add(options);
            var cache = new LRUCache(BLOCK_CACHE_BYTES);
            owned.add(cache);
            ColumnFamilyOptions small = family(cache);
            owned.add(small);
            List<ColumnFamilyDescriptor> descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small),
                    descriptor("index", small),
                    descriptor("marks", small));
            db = RocksDB.open(options, folder.toString(), descriptors, handles);
            opened = new DiskFiles(db, handles, owned, DataFile.open(folder));
            return opened;
        } finally {
            if (opened == null) {
                if (db != null) {
                    handles.forEach(ColumnFamilyHandle::close);
                    db.close();
                }
                owned.reversed().forEach(AbstractNativeReference::close);
            }
        }
    }

    private static ColumnFamilyOptions family(LRUCache cache) {
        var table = new BlockBasedTableConfig().setBlockCache(cache).setCacheIndexAndFilterBlocks(true);
        // Rows are read in order at start and hardly ever one by one; space is taken back soonest by levels.
        return new ColumnFamilyOptions()
                .setTableFormatConfig(table)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setTargetFileSizeBase(TABLE_FILE_BYTES)
                .setMaxBytesForLevelBase(4 * TABLE_FILE_BYTES)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true);
    }

    private static ColumnFamilyDescriptor descriptor(String name, ColumnFamilyOptions options) {
        return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), options);
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle index() {
        return families.get(1);
    }

    ColumnFamilyHandle marks() {
        return families.get(2);
    }

    /** Whether opening dropped what was there. */
    boolean emptied() {
        return emptied;
    }

    DataFile data() {
        return data;
    }

    /** Closes the database, so that another process can open it, and leaves the data file open. */
    void closeRows() {
        families.forEach(ColumnFamilyHandle::close);
        db.close();
        owned.reversed().forEach(AbstractNativeReference::close);
    }

    @Override
    public void close() {
        closeRows();
        closeQuietly(data);
    }

    static void closeQuietly(DataFile data) {
        try {
            data.close();
        } catch (IOException ignored) {
            LOG.debug("closing the data file", ignored);
        }
    }
}
