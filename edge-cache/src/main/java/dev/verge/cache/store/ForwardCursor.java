package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Several parts of a body read in one pass from front to back; what lies between them is dropped as it comes. For bodies that are
 * still arriving, where going back may be impossible and holding a place at a later part would stall what feeds the earlier one.
 */
public final class ForwardCursor implements AutoCloseable {
    private final BodyReader reader;
    // Guarded by this: close() may come from another thread than the one that brings a piece.
    private long position;
    private @Nullable ByteBuf held;
    private boolean closed;

    /**
     * Reads from there on.
     *
     * @param reader owned by this cursor
     * @param position where its first byte lies in the body
     */
    public ForwardCursor(BodyReader reader, long position) {
        this.reader = reader;
        this.position = position;
    }

    /**
     * A part, to be read after those before it and not at the same time. Closing it leaves the cursor open.
     *
     * @param first offset in the body, not before the end of the part ahead of it
     * @param length bytes
     */
    public BodyReader part(long first, long length) {
        return new BodyReader() {
            @Override
            public CompletableFuture<ByteBuf> next() {
                CompletableFuture<ByteBuf> answer = new CompletableFuture<>();
                advance(answer, first, first + length);
                return answer;
            }

            @Override
            public void close() {
                // The pass goes on with the next part; the cursor's owner ends it.
            }
        };
    }

    /** Takes pieces until one lies within the part; a loop, as a gap may have any number of them. */
    private void advance(CompletableFuture<ByteBuf> answer, long first, long end) {
        while (true) {
            boolean over;
            @Nullable ByteBuf kept = null;
            synchronized (this) {
                over = position >= end;
                if (!over) {
                    kept = held;
                    held = null;
                }
            }
            if (over) {
                answer.complete(Unpooled.EMPTY_BUFFER);
                return;
            }
            CompletableFuture<ByteBuf> arriving =
                    kept != null ? CompletableFuture.completedFuture(kept) : reader.next();
            if (!arriving.isDone()) {
                var _ = arriving.whenComplete((piece, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else if (isGap(answer, piece, first, end)) {
                        advance(answer, first, end);
                    }
                });
                return;
            }
            if (arriving.isCompletedExceptionally()) {
                answer.completeExceptionally(arriving.exceptionNow());
                return;
            }
            if (!isGap(answer, arriving.resultNow(), first, end)) {
                return;
            }
        }
    }

    /** Answers with what of the piece lies within the part, and keeps what lies behind; true when nothing does. */
    private boolean isGap(CompletableFuture<ByteBuf> answer, ByteBuf piece, long first, long end) {
        @Nullable ByteBuf part = null;
        boolean over;
        synchronized (this) {
            over = closed || !piece.isReadable();
            if (!over) {
                int skipped = (int) Math.min(Math.max(0, first - position), piece.readableBytes());
                piece.skipBytes(skipped);
                position += skipped;
                int wanted = (int) Math.min(end - position, piece.readableBytes());
                if (wanted > 0) {
                    position += wanted;
                    part = piece.readRetainedSlice(wanted);
                }
                if (piece.isReadable()) {
                    held = piece.retain();
                }
            }
        }
        piece.release();
        if (over) {
            answer.completeExceptionally(new BrokenBodyException("the body ended within a part"));
            return false;
        }
        if (part != null && !answer.complete(part)) {
            part.release();
        }
        return part == null;
    }

    /** Gives up the rest. Idempotent. */
    @Override
    public void close() {
        @Nullable ByteBuf left;
        synchronized (this) {
            closed = true;
            left = held;
            held = null;
        }
        if (left != null) {
            left.release();
        }
        reader.close();
    }
}
