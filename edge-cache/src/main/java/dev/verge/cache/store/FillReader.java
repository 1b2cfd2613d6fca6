package dev.verge.cache.store;

import dev.verge.cache.store.Fill.Step;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Follows a fill: from memory, from disk for what has left memory, and waiting at the end of what has arrived. */
final class FillReader implements BodyReader {
    private final Fill fill;
    private final long end;
    // Guarded by the fill's lock.
    private long position;
    private boolean closed;
    private @Nullable CompletableFuture<ByteBuf> waiting;

    FillReader(Fill fill, long offset, long end) {
        this.fill = fill;
        this.position = offset;
        this.end = end;
    }

    long position() {
        return position;
    }

    long end() {
        return end;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        CompletableFuture<ByteBuf> answer = new CompletableFuture<>();
        @Nullable Runnable work;
        synchronized (fill) {
            if (closed || waiting != null) {
                return CompletableFuture.failedFuture(
                        new BrokenBodyException(closed ? "the reader is closed" : "the last piece is still awaited"));
            }
            waiting = answer;
            work = wake();
        }
        if (work != null) {
            work.run();
        }
        return answer;
    }

    /** With the fill's lock held: what to do outside of it when an answer is awaited and there is one; else null. */
    @Nullable
    Runnable wake() {
        CompletableFuture<ByteBuf> answer = waiting;
        if (answer == null) {
            return null;
        }
        return switch (fill.step(this)) {
            case Step.Wait wait -> null;
            case Step.Piece piece -> {
                waiting = null;
                position += piece.bytes().readableBytes();
                yield () -> deliver(answer, piece.bytes());
            }
            case Step.FromDisk place -> {
                waiting = null;
                yield () -> fill.disk().fetch(this, place, answer);
            }
            case Step.Broken broken -> {
                waiting = null;
                yield () -> answer.completeExceptionally(new BrokenBodyException("the fill was aborted"));
            }
        };
    }

    /** A piece that came from disk. */
    void arrived(CompletableFuture<ByteBuf> answer, ByteBuf piece) {
        boolean tooLate;
        synchronized (fill) {
            position += piece.readableBytes();
            tooLate = closed;
        }
        if (tooLate) {
            piece.release();
            answer.completeExceptionally(new BrokenBodyException("the reader is closed"));
        } else {
            deliver(answer, piece);
        }
    }

    private void deliver(CompletableFuture<ByteBuf> answer, ByteBuf piece) {
        fill.readerMoved(this, false);
        if (!answer.complete(piece)) {
            piece.release();
        }
    }

    @Override
    public void close() {
        @Nullable CompletableFuture<ByteBuf> abandoned;
        synchronized (fill) {
            if (closed) {
                return;
            }
            closed = true;
            abandoned = waiting;
            waiting = null;
        }
        if (abandoned != null) {
            abandoned.completeExceptionally(new BrokenBodyException("the reader is closed"));
        }
        fill.readerMoved(this, true);
    }
}
