package dev.verge.node.compress;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Trailed;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Content, compressed as it flows. Holds one piece of the source and what the encoder keeps; takes from the source only what its
 * reader asks for. The first small pieces are compressed at once, on the event loop; everything else on threads made for it, one
 * piece at a time. A source that breaks off breaks this off too: the encoder's last bytes, which make content look complete, are
 * never sent then. What has come is passed on when nothing follows it for a moment, so that slow pages are not held up.
 */
final class CompressingStream implements Trailed {
    /** Larger pieces are compressed in parts. */
    static final int PIECE_BYTES = 64 * 1024;
    /** At most this at a time on the event loop: a fraction of a millisecond. */
    private static final int INLINE_PIECE_BYTES = 16 * 1024;

    /** And at most this of one body. */
    private static final int INLINE_BYTES = 64 * 1024;

    private static final long FLUSH_MILLIS = 20;
    private static final Buffer NOTHING = Buffer.buffer();

    private final Body.Streamed source;
    private final ReadStream<Buffer> stream;
    private final Pieces pieces;
    private final Context context = Objects.requireNonNull(Vertx.currentContext(), "made on an event loop");
    private final Queue<Buffer> waiting = new ArrayDeque<>();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    /** A failure that came before anybody listened. */
    private @Nullable Throwable early;

    private long demand;
    private long taken;
    private boolean flows;
    private boolean encoding;
    private boolean pumping;
    private boolean sourceEnded;
    private boolean over;
    private boolean heldBack;
    private boolean flushDue;
    private boolean quiet;
    private long timer = -1;

    /** @param source not read yet; owned from now on */
    CompressingStream(Body.Streamed source, Pieces pieces) {
        this.source = source;
        this.stream = source.stream();
        this.pieces = pieces;
        stream.exceptionHandler(this::fail);
        stream.handler(this::arrived);
        stream.endHandler(ended -> {
            sourceEnded = true;
            pump();
        });
    }

    private void arrived(Buffer piece) {
        if (over) {
            return;
        }
        quiet = false;
        for (int from = 0; from < piece.length(); from += PIECE_BYTES) {
            waiting.add(
                    piece.length() <= PIECE_BYTES
                            ? piece
                            : piece.slice(from, Math.min(piece.length(), from + PIECE_BYTES)));
        }
        pump();
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (!over && !encoding && demand > 0 && step()) {
                // Each step is one piece.
            }
        } finally {
            pumping = false;
        }
        flow();
    }

    /** Asks the source for more, or to wait. */
    private void flow() {
        boolean wanted = !over && !sourceEnded && !encoding && demand > 0 && waiting.isEmpty();
        if (wanted && !flows) {
            flows = true;
            stream.resume();
        } else if (!wanted && flows && !over && !sourceEnded) {
            flows = false;
            stream.pause();
        }
    }

    private boolean step() {
        Buffer piece = waiting.poll();
        if (piece != null) {
            taken += piece.length();
            heldBack = true;
            encode(piece, Pieces.Until.ENOUGH, piece.length() <= INLINE_PIECE_BYTES && taken <= INLINE_BYTES);
            return true;
        }
        if (sourceEnded) {
            encode(NOTHING, Pieces.Until.END, taken <= INLINE_BYTES);
            return true;
        }
        if (flushDue) {
            flushDue = false;
            heldBack = false;
            encode(NOTHING, Pieces.Until.FLUSHED, taken <= INLINE_BYTES);
            return true;
        }
        if (heldBack && timer < 0) {
            quiet = true;
            timer = context.owner().setTimer(FLUSH_MILLIS, this::lookForQuiet);
        }
        return false;
    }

    private void lookForQuiet(long fired) {
        timer = -1;
        if (!over && quiet) {
            flushDue = true;
        }
        pump();
    }

    private void encode(Buffer piece, Pieces.Until until, boolean inline) {
        encoding = true;
        if (inline) {
            Buffer coded;
            try {
                coded = pieces.encode(piece, until);
            } catch (Pieces.Failure failure) {
                encoding = false;
                fail(failure);
                return;
            }
            encoded(coded, until);
        } else {
            pieces.encodeElsewhere(piece, until).onComplete(done -> {
                if (done.succeeded()) {
                    encoded(done.result(), until);
                } else {
                    encoding = false;
                    fail(done.cause());
                    release();
                }
                pump();
            });
        }
    }

    private void encoded(Buffer coded, Pieces.Until until) {
        encoding = false;
        if (over) {
            release();
            return;
        }
        Handler<Buffer> onBytes = handler;
        if (coded.length() > 0 && onBytes != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            onBytes.handle(coded);
        }
        if (until == Pieces.Until.END && !over) {
            over = true;
            release();
            Handler<Void> onEnd = endHandler;
            if (onEnd != null) {
                onEnd.handle(null);
            }
        }
    }

    private void fail(Throwable failure) {
        if (!over) {
            over = true;
            release();
            Handler<Throwable> onFailure = exceptionHandler;
            if (onFailure != null) {
                onFailure.handle(failure);
            } else {
                early = failure;
            }
        }
    }

    /** Frees the encoder once nothing uses it. */
    private void release() {
        waiting.clear();
        if (timer >= 0) {
            context.owner().cancelTimer(timer);
            timer = -1;
        }
        if (!encoding) {
            pieces.close();
        }
    }

    /** Nothing more is wanted. Any thread. */
    void cancel() {
        source.cancel().run();
        context.runOnContext(ignored -> {
            if (!over) {
                over = true;
                release();
            }
        });
    }

    @Override
    public CompressingStream exceptionHandler(@Nullable Handler<Throwable> next) {
        exceptionHandler = next;
        Throwable failure = early;
        if (next != null && failure != null) {
            early = null;
            next.handle(failure);
        }
        return this;
    }

    @Override
    public CompressingStream handler(@Nullable Handler<Buffer> next) {
        handler = next;
        return this;
    }

    @Override
    public CompressingStream endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        return this;
    }

    @Override
    public CompressingStream pause() {
        demand = 0;
        flow();
        return this;
    }

    @Override
    public CompressingStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public CompressingStream fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        pump();
        return this;
    }

    @Override
    public HttpFields trailers() {
        return stream instanceof Trailed trailed ? trailed.trailers() : HttpFields.EMPTY;
    }
}
