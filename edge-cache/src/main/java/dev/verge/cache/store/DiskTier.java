package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.store.DiskIndex.Removal;
import dev.verge.cache.store.EntryCodec.Entry;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk tier: rows and their index kept in step. Failures are counted, logged once in a while and reported as "not there", so
 * that a broken disk costs hits, not answers. Every method but {@link #find} blocks and belongs on the disk executor.
 */
final class DiskTier {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    private final DiskStore store;
    private final DiskIndex index;
    private final CacheMeters meters;
    private final Object eviction = new Object();
    private volatile long lastLogged = System.nanoTime() - LOG_EVERY_NANOS;

    DiskTier(DiskStore store, DiskIndex index, CacheMeters meters) {
        this.store = store;
        this.index = index;
        this.meters = meters;
    }

    DiskIndex index() {
        return index;
    }

    List<Slot> find(CacheKey key) {
        return index.find(KeyHash.of(key));
    }

    /** The metadata of an entry of that key; null when it is missing, damaged or about another key, and then it is removed. */
    @Nullable
    Entry read(CacheKey key, Slot slot) {
        try {
            @Nullable Entry entry = store.read(slot.id);
            if (entry != null && entry.key().equals(key) && entry.response().id() == slot.id) {
                return entry;
            }
            if (!index.isRemoved(slot)) {
                corrupt(slot);
            }
        } catch (IOException damaged) {
            corrupt(slot);
        } catch (RocksDBException failure) {
            failed("read", failure);
        }
        return null;
    }

    /** One chunk of a pinned entry or of a fill; null when it cannot be had. */
    @Nullable
    ByteBuf readChunk(long id, int chunk, int length) {
        try {
            @Nullable ByteBuf bytes = store.readChunk(id, chunk, length);
            if (bytes != null) {
                meters.bytesRead.add(length);
            }
            return bytes;
        } catch (RocksDBException failure) {
            failed("read", failure);
            return null;
        }
    }

    void corrupt(Slot slot) {
        meters.corrupt.increment();
        remove(slot);
    }

    /** Makes room for that many bytes and counts them; false when there is none to be had. */
    boolean reserve(long bytes) {
        if (index.reserve(bytes)) {
            return true;
        }
        synchronized (eviction) {
            while (!index.reserve(bytes)) {
                @Nullable Slot victim = index.evict();
                if (victim == null) {
                    return false;
                }
                meters.diskEvictions.increment();
                if (!delete(victim)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Evicts until the bound holds, such as after it was lowered. */
    void shrinkToBound() {
        reserve(0);
    }

    boolean begin(long id) {
        return attempt("write", () -> store.begin(id));
    }

    boolean putChunk(long id, int index, ByteBuf chunk) {
        boolean written = attempt("write", () -> store.putChunk(id, index, chunk));
        if (written) {
            meters.bytesWritten.add(chunk.writerIndex() - Chunks.CHECKSUM_BYTES);
        }
        return written;
    }

    /** Writes the last rows of an entry whose bytes are reserved, and adds it to the index. */
    boolean commit(Slot slot, Entry entry, @Nullable ByteBuf onlyChunk) {
        boolean written = attempt("write", () -> store.commit(slot, entry, onlyChunk));
        if (written) {
            if (onlyChunk != null) {
                meters.bytesWritten.add(onlyChunk.writerIndex() - Chunks.CHECKSUM_BYTES);
            }
            index.add(slot);
        }
        return written;
    }

    /** Replaces the metadata of an entry that is still there. */
    void update(Slot slot, Entry entry) {
        if (index.pin(slot)) {
            attempt("write", () -> store.update(slot, entry));
            unpin(slot);
        }
    }

    private void unpin(Slot slot) {
        if (index.unpin(slot)) {
            delete(slot);
        }
    }

    void remove(Slot slot) {
        finish(slot, index.remove(slot));
    }

    /** The blocking half of a removal. */
    void finish(Slot slot, Removal removal) {
        switch (removal) {
            case DELETE -> delete(slot);
            case RETIRE -> attempt("delete", () -> store.retire(slot.id));
            case NOTHING -> {}
        }
    }

    /** Deletes what an unfinished fill wrote. */
    void discard(long id, int chunks, long reserved) {
        boolean gone = chunks == 0 || attempt("delete", () -> store.delete(id, chunks));
        if (gone) {
            index.unreserve(reserved);
        }
    }

    boolean delete(Slot slot) {
        // Bytes that could not be deleted stay counted: the bound holds for what is really there.
        boolean gone = attempt("delete", () -> store.delete(slot));
        if (gone) {
            index.deleted(slot);
        }
        return gone;
    }

    private interface Write {
        void run() throws RocksDBException;
    }

    private boolean attempt(String what, Write write) {
        try {
            write.run();
            return true;
        } catch (RocksDBException failure) {
            failed(what, failure);
            return false;
        }
    }

    private void failed(String what, RocksDBException failure) {
        meters.diskErrors.increment();
        long now = System.nanoTime();
        if (now - lastLogged >= LOG_EVERY_NANOS) {
            lastLogged = now;
            LOG.warn("cache disk cannot {}: {}; serving goes on without it", what, failure.getMessage());
        }
    }

    DiskStore store() {
        return store;
    }
}
