package dev.verge.node.pipeline;

import dev.verge.cache.store.BodyReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Slice after slice as one body. While one is read the next is opened, and no more than that: two slices at a time, whatever the
 * length of the answer. Used on one event loop, except that it may be closed from anywhere.
 */
final class SlicedReader implements BodyReader {
    private final Loop loop;
    private final Opener opener;
    private final long end;
    private @Nullable BodyReader current;
    private @Nullable SliceOpening ahead;
    private long next;
    private boolean closed;

    /** Opens what the next slice has of a range. */
    @FunctionalInterface
    interface Opener {
        SliceOpening open(long first, long length);
    }

    /**
     * A body.
     *
     * @param current the beginning, already open
     * @param next offset in the object behind the beginning
     * @param end offset behind the last byte wanted
     */
    SlicedReader(Loop loop, Opener opener, BodyReader current, long next, long end) {
        this.loop = loop;
        this.opener = opener;
        this.current = current;
        this.next = next;
        this.end = end;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        CompletableFuture<ByteBuf> answer = new CompletableFuture<>();
        read(answer);
        return answer;
    }

    private void read(CompletableFuture<ByteBuf> answer) {
        BodyReader reader = current;
        if (closed) {
            answer.completeExceptionally(new IOException("the reader is closed"));
            return;
        }
        if (reader == null) {
            answer.complete(Unpooled.EMPTY_BUFFER);
            return;
        }
        if (ahead == null && next < end) {
            ahead = opener.open(next, end - next);
        }
        loop.bring(reader.next()).onComplete(piece -> arrived(answer, piece), answer::completeExceptionally);
    }

    private void arrived(CompletableFuture<ByteBuf> answer, ByteBuf piece) {
        if (closed) {
            piece.release();
            answer.completeExceptionally(new IOException("the reader is closed"));
        } else if (piece.isReadable()) {
            if (!answer.complete(piece)) {
                piece.release();
            }
        } else {
            piece.release();
            advance(answer);
        }
    }

    private void advance(CompletableFuture<ByteBuf> answer) {
        BodyReader done = current;
        SliceOpening opening = ahead;
        current = null;
        ahead = null;
        if (done != null) {
            done.close();
        }
        if (opening == null) {
            answer.complete(Unpooled.EMPTY_BUFFER);
            return;
        }
        // Until it is open, whoever closes this reader must be able to give it up.
        ahead = opening;
        opening.reader()
                .onComplete(
                        reader -> {
                            if (closed) {
                                answer.completeExceptionally(new IOException("the reader is closed"));
                                return;
                            }
                            ahead = null;
                            current = reader;
                            next += opening.slice().length();
                            read(answer);
                        },
                        answer::completeExceptionally);
    }

    @Override
    public void close() {
        loop.context().runOnContext(ignored -> {
            if (!closed) {
                closed = true;
                BodyReader reader = current;
                current = null;
                if (reader != null) {
                    reader.close();
                }
                SliceOpening opening = ahead;
                ahead = null;
                if (opening != null) {
                    opening.giveUp();
                }
            }
        });
    }
}
