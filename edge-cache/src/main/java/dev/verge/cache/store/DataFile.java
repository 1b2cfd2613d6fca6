package dev.verge.cache.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds heads and bodies, in blocks. It is written in place and never synced: what is found in it is believed only
 * behind a checksum. Thread-safe; every method but {@link #readNow} blocks.
 */
final class DataFile implements AutoCloseable {
    /** A page: writing whole ones spares the kernel from reading what is overwritten. */
    static final int BLOCK_BYTES = 4096;

    private static final String NAME = "bodies";
    private static final ThreadLocal<ByteBuffer> LAST_BLOCK =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BLOCK_BYTES));

    private final Path file;
    private final FileChannel channel;
    /** Opened by the first who waits for a read anyway. */
    private volatile @Nullable PageCacheFile inMemory;

    private DataFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static DataFile open(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        return new DataFile(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(NAME));
    }

    static int blocksFor(long bytes) {
        return Math.toIntExact((bytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    /** Blocks that have been written, the last of them maybe in part. */
    long blocks() throws IOException {
        return (channel.size() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /** Cuts off what lies beyond so many blocks. */
    void limit(int blocks) throws IOException {
        channel.truncate((long) blocks * BLOCK_BYTES);
    }

    /**
     * Fills the buffer with bytes of an entry.
     *
     * @param offset where to begin, in bytes from the start of the first block of the extents
     * @throws EOFException when the file or the extents are shorter
     */
    void read(Extents extents, long offset, ByteBuffer into) throws IOException {
        openInMemory();
        if (!pieces(extents, offset, into, this::readAt)) {
            throw new EOFException("the entry ends early");
        }
    }

    /**
     * Fills the buffer where that needs no waiting, which is where the kernel has these bytes in memory.
     *
     * @param offset as for {@link #read}
     * @param into a direct buffer
     * @return false when it is not filled, whatever the reason
     */
    boolean readNow(Extents extents, long offset, ByteBuffer into) {
        PageCacheFile memory = inMemory;
        return memory != null
                && pieces(extents, offset, into, (position, bytes, count) -> {
                    int at = bytes.position();
                    boolean read = memory.read(bytes.slice(at, count), position);
                    bytes.position(at + count);
                    return read;
                });
    }

    private void openInMemory() {
        if (inMemory == null) {
            synchronized (this) {
                if (inMemory == null) {
                    inMemory = PageCacheFile.open(file);
                }
            }
        }
    }

    private interface Piece<E extends Exception> {
        /** Reads so many bytes; false to give up. */
        boolean read(long position, ByteBuffer into, int count) throws E;
    }

    /** Goes through the runs of blocks that the bytes lie in; false when a piece gave up, or the extents are shorter. */
    private static <E extends Exception> boolean pieces(Extents extents, long offset, ByteBuffer into, Piece<E> piece)
            throws E {
        long before = 0;
        long at = offset;
        for (int i = 0; i < extents.count() && into.hasRemaining(); i++) {
            long size = (long) extents.blocks(i) * BLOCK_BYTES;
            long within = at - before;
            if (within >= 0 && within < size) {
                int count = (int) Math.min(into.remaining(), size - within);
                if (!piece.read((long) extents.first(i) * BLOCK_BYTES + within, into, count)) {
                    return false;
                }
                at += count;
            }
            before += size;
        }
        return !into.hasRemaining();
    }

    private boolean readAt(long position, ByteBuffer into, int count) throws IOException {
        int limit = into.limit();
        into.limit(into.position() + count);
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("the file ends early");
            }
            at += read;
        }
        into.limit(limit);
        return true;
    }

    /** Writes blocks one after the other; the rest of the last one becomes zero. */
    void write(Extents extents, ByteBuffer from) throws IOException {
        for (int i = 0; i < extents.count() && from.hasRemaining(); i++) {
            long position = (long) extents.first(i) * BLOCK_BYTES;
            int count = (int) Math.min(from.remaining(), (long) extents.blocks(i) * BLOCK_BYTES);
            int whole = count - count % BLOCK_BYTES;
            writeAt(position, from.slice(from.position(), whole));
            from.position(from.position() + whole);
            if (whole < count) {
                ByteBuffer last = LAST_BLOCK.get().clear();
                last.put(from);
                while (last.hasRemaining()) {
                    last.put((byte) 0);
                }
                writeAt(position + whole, last.flip());
            }
        }
        if (from.hasRemaining()) {
            throw new IllegalArgumentException("more bytes than blocks");
        }
    }

    private void writeAt(long position, ByteBuffer from) throws IOException {
        long at = position;
        while (from.hasRemaining()) {
            at += channel.write(from, at);
        }
    }

    @Override
    public void close() throws IOException {
        PageCacheFile memory = inMemory;
        if (memory != null) {
            memory.close();
        }
        channel.close();
    }
}
