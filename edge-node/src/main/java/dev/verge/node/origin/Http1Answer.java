package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Pieces;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TrailerFields;
import dev.verge.node.origin.http1.Http1Origin;
import dev.verge.node.server.watch.Deadline;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an HTTP/1 origin, and its content as a stream that begins paused. A pause longer than what is allowed while the reader wants
 * more is a failure; waiting for a slow reader is not the origin's fault and is not counted. What was read at once waits here for its reader,
 * and nothing more is read meanwhile.
 */
final class Http1Answer implements Trailed, Pieces {
    private final Vertx vertx;
    private final Http1Origin origin;
    private final Over over;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>(2);
    private final Deadline silence;
    private int status;
    private HttpFields fields = HttpFields.EMPTY;
    private HttpFields trailers = HttpFields.EMPTY;
    private long allowedNanos;
    private long demand;
    private boolean complete;
    private boolean isOver;
    private boolean delivering;
    private @Nullable Handler<Buffer> onContent;
    private @Nullable Consumer<ByteBuf> onPiece;
    private @Nullable Handler<Void> onEnd;
    private @Nullable Handler<Throwable> onFailure;

    /** A failure that came before anybody listened. */
    private @Nullable Throwable failure;

    /** Told once how the answer ended, before its reader is. */
    interface Over {
        /**
         * Nothing more of it is wanted.
         *
         * @param clean whether all of it has been read
         */
        void over(boolean clean);
    }

    Http1Answer(Vertx vertx, Http1Origin origin, Over over) {
        this.vertx = vertx;
        this.origin = origin;
        this.over = over;
        this.silence = new Deadline(origin.loop(), () -> origin.within(this::stalled));
    }

    void head(int number, HttpFields all) {
        status = number;
        fields = all;
    }

    void content(ByteBuf piece) {
        if (isOver) {
            piece.release();
        } else {
            waiting.add(piece);
        }
    }

    void end(HttpFields last) {
        complete = true;
        trailers = last;
    }

    boolean hasHead() {
        return status != 0;
    }

    int status() {
        return status;
    }

    /** Every field of the head, as it came. */
    HttpFields fields() {
        return fields;
    }

    /** Whether all of it has come. */
    boolean isComplete() {
        return complete;
    }

    /** Whether nobody reads it any more. */
    boolean isOver() {
        return isOver;
    }

    /** Number of bytes of the content, or -1 when only the end tells. */
    long length() {
        String length = fields.first("content-length");
        return length == null ? -1 : Long.parseLong(length);
    }

    /** The content where all of it is there and no fields follow it: then the answer is over. Null elsewhere. */
    @Nullable
    Body whole() {
        if (!complete || !trailers.isEmpty()) {
            return null;
        }
        int bytes = 0;
        for (ByteBuf piece : waiting) {
            bytes += piece.readableBytes();
        }
        byte[] content = new byte[bytes];
        int at = 0;
        for (ByteBuf piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            int length = piece.readableBytes();
            piece.readBytes(content, at, length).release();
            at += length;
        }
        finish(true);
        return bytes == 0 ? Body.none() : new Body.Whole(Buffer.buffer(content));
    }

    /** @param longest silence while somebody reads */
    void allow(Duration longest) {
        allowedNanos = longest.toNanos();
    }

    /** Hands on what is there, as far as it is wanted. */
    void deliver() {
        if (delivering || isOver) {
            return;
        }
        delivering = true;
        if (demand > 0) {
            silence.in(allowedNanos);
        }
        while (demand > 0 && !isOver && !waiting.isEmpty()) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            give(waiting.remove());
        }
        delivering = false;
        if (complete && demand > 0 && waiting.isEmpty() && !isOver) {
            finish(true);
            Handler<Void> handler = onEnd;
            if (handler != null) {
                handler.handle(null);
            }
        } else if (!isOver) {
            if (demand == 0) {
                silence.lift(); // whoever reads piece by piece has all that was asked for
            }
            origin.want(demand > 0 || complete);
        }
    }

    private void give(ByteBuf piece) {
        Consumer<ByteBuf> taker = onPiece;
        if (taker != null) {
            taker.accept(piece);
            return;
        }
        byte[] copy = new byte[piece.readableBytes()];
        piece.readBytes(copy).release();
        Handler<Buffer> handler = onContent;
        if (handler != null) {
            handler.handle(Buffer.buffer(copy));
        }
    }

    private void finish(boolean clean) {
        drop();
        over.over(clean);
    }

    /** Nothing of it is wanted any more; nobody is told. */
    void drop() {
        isOver = true;
        silence.lift();
        for (ByteBuf piece = waiting.poll(); piece != null; piece = waiting.poll()) {
            piece.release();
        }
        origin.want(true); // its end, if nothing else
    }

    /** The reader gives the rest up. */
    void giveUp() {
        if (!isOver) {
            finish(complete);
        }
    }

    private void stalled() {
        fail(new Stalled());
    }

    /** There will be no more of it. */
    void fail(Throwable cause) {
        if (isOver) {
            return;
        }
        finish(false);
        Handler<Throwable> handler = onFailure;
        if (handler != null) {
            handler.handle(cause);
        } else {
            failure = cause;
        }
    }

    @Override
    public Http1Answer exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            vertx.runOnContext(ignored -> handler.handle(early));
        }
        return this;
    }

    @Override
    public Http1Answer handler(@Nullable Handler<Buffer> handler) {
        onContent = handler;
        return this;
    }

    @Override
    public boolean pieces(Consumer<ByteBuf> taker) {
        onPiece = taker;
        return true;
    }

    @Override
    public Http1Answer endHandler(@Nullable Handler<Void> handler) {
        onEnd = handler;
        return this;
    }

    @Override
    public HttpFields trailers() {
        return complete ? TrailerFields.passed(trailers) : HttpFields.EMPTY;
    }

    @Override
    public Http1Answer pause() {
        demand = 0;
        silence.lift();
        if (!delivering && !isOver) {
            origin.want(complete);
        }
        return this;
    }

    @Override
    public Http1Answer resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Http1Answer fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        deliver();
        return this;
    }
}
