package dev.verge.node.kv;

import dev.verge.cache.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** A long value, read from its file piece by piece as it is asked for. */
public final class BlobReader implements BodyReader {
    private static final int PIECE_BYTES = 64 << 10;

    private final FileChannel file;
    private final Executor disk;
    private final long length;
    private long at;
    private boolean reading;
    private boolean closed;

    private BlobReader(FileChannel file, Executor disk, long length) {
        this.file = file;
        this.disk = disk;
        this.length = length;
    }

    /**
     * Opens a file. Blocks.
     *
     * @param disk where reads may block
     * @throws IOException when it cannot be opened; a file that is replaced or removed later is read on as it was
     */
    public static BlobReader open(Path path, Executor disk) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new BlobReader(file, disk, file.size());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Bytes of the value. */
    public long length() {
        return length;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new IOException("the value was given up"));
            }
            reading = true;
        }
        return CompletableFuture.supplyAsync(this::read, disk);
    }

    private ByteBuf read() {
        try {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length - at));
            while (piece.hasRemaining()) {
                if (file.read(piece, at + piece.position()) < 0) {
                    throw new EOFException("the file of a value became shorter");
                }
            }
            at += piece.capacity();
            return Unpooled.wrappedBuffer(piece.flip());
        } catch (IOException e) {
            throw new CompletionException(e);
        } finally {
            synchronized (this) {
                reading = false;
                if (closed) {
                    closeFile();
                }
            }
        }
    }

    /** A read that is under way ends first. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (reading) {
                return;
            }
        }
        closeFile();
    }

    private void closeFile() {
        try {
            file.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
