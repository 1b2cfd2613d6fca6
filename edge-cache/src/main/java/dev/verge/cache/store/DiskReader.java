package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads a body chunk by chunk from disk, holding one chunk at most. Owns a pin on the entry's slot. */
final class DiskReader implements BodyReader {
    private final StoreParts parts;
    private final DiskTier disk;
    private final Slot slot;
    private final Chunks layout;
    private final long bodyBytes;
    private final long end;
    private long position;
    private boolean reading;
    private boolean closed;
    private @Nullable ByteBuf ahead;

    DiskReader(StoreParts parts, DiskTier disk, Slot slot, Variant variant, long offset, long length) {
        this.parts = parts;
        this.disk = disk;
        this.slot = slot;
        this.layout = variant.chunks();
        this.bodyBytes = variant.response().bodyBytes();
        this.position = offset;
        this.end = offset + length;
    }

    /** Reads the first piece ahead, on the disk executor; false when it cannot be had. */
    boolean prefetch() {
        ByteBuf first = read();
        synchronized (this) {
            ahead = first;
        }
        return first != null;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        synchronized (this) {
            if (closed || reading) {
                return CompletableFuture.failedFuture(
                        new BrokenBodyException(closed ? "the reader is closed" : "the last piece is still awaited"));
            }
            ByteBuf ready = ahead;
            if (ready != null) {
                ahead = null;
                return CompletableFuture.completedFuture(ready);
            }
            if (position == end) {
                return CompletableFuture.completedFuture(Unpooled.EMPTY_BUFFER);
            }
            reading = true;
        }
        CompletableFuture<ByteBuf> answer = new CompletableFuture<>();
        if (!parts.runOnDisk(() -> readInto(answer))) {
            readEnded();
            answer.completeExceptionally(new BrokenBodyException("the disk is overloaded"));
        }
        return answer;
    }

    private void readInto(CompletableFuture<ByteBuf> answer) {
        ByteBuf piece = read();
        boolean tooLate = readEnded();
        if (piece == null) {
            answer.completeExceptionally(new BrokenBodyException("a chunk is missing or damaged"));
        } else if (tooLate || !answer.complete(piece)) {
            piece.release();
            answer.completeExceptionally(new BrokenBodyException("the reader is closed"));
        }
    }

    private @Nullable ByteBuf read() {
        int index = layout.index(position);
        int offset = (int) (position - layout.start(index));
        int length = layout.length(index, bodyBytes);
        ByteBuf chunk = disk.readChunk(slot, layout, index, length);
        if (chunk == null) {
            return null;
        }
        int count = (int) Math.min(length - offset, end - position);
        position += count;
        return chunk.setIndex(chunk.readerIndex() + offset, chunk.readerIndex() + offset + count);
    }

    /** Returns true when the reader was closed meanwhile; then the pin is given back here. */
    private boolean readEnded() {
        boolean last;
        synchronized (this) {
            reading = false;
            last = closed;
        }
        if (last) {
            disk.unpin(slot);
        }
        return last;
    }

    @Override
    public void close() {
        boolean idle;
        ByteBuf unread;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            idle = !reading;
            unread = ahead;
            ahead = null;
        }
        if (unread != null) {
            unread.release();
        }
        if (idle) {
            disk.unpin(slot);
        }
    }
}
