package dev.verge.cache.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file that holds heads and bodies, in blocks. It is written in place and never synced: what is found in it is believed only
 * behind a checksum. Thread-safe; every method blocks.
 */
final class DataFile implements AutoCloseable {
    /** A page: writing whole ones spares the kernel from reading what is overwritten. */
    static final int BLOCK_BYTES = 4096;

    private static final String NAME = "bodies";
    private static final ThreadLocal<ByteBuffer> LAST_BLOCK =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BLOCK_BYTES));

    private final FileChannel channel;

    private DataFile(FileChannel channel) {
        this.channel = channel;
    }

    static DataFile open(Path folder) throws IOException {
        return new DataFile(FileChannel.open(
                folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
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
        long before = 0;
        for (int i = 0; i < extents.count() && into.hasRemaining(); i++) {
            long size = (long) extents.blocks(i) * BLOCK_BYTES;
            long within = offset - before;
            if (within >= 0 && within < size) {
                int count = (int) Math.min(into.remaining(), size - within);
                readAt((long) extents.first(i) * BLOCK_BYTES + within, into, count);
                offset += count;
            }
            before += size;
        }
        if (into.hasRemaining()) {
            throw new EOFException("the entry ends early");
        }
    }

    private void readAt(long position, ByteBuffer into, int count) throws IOException {
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
        channel.close();
    }
}
