package dev.verge.node.server.plain;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.LongStream;
import dev.verge.node.exchange.Pieces;
import dev.verge.node.exchange.ResponseSink;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TunnelIdle;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.watch.Patience;
import dev.verge.node.wire.HeadWriter;
import dev.verge.node.wire.ResponseBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One plain request, and the writing of its response. While it is under way, nothing else is read from its connection. */
public final class PlainExchange implements ResponseSink {
    /** Up to this, head and content leave as one buffer. */
    private static final int ONE_BUFFER_BYTES = 64 << 10;

    private static final int NO_CONTENT = 204;
    private static final int RESET_CONTENT = 205;
    private static final int NOT_MODIFIED = 304;

    private final PlainWay way;
    private final ChannelHandlerContext context;
    private final Http1Guard guard;
    private final Connection connection;
    private final Promise<Sent> sent = Promise.promise();
    private final boolean wantsNoContent;
    private final boolean takesTrailers;
    private int status;
    private long bytes;
    private boolean closes;
    private boolean gone;
    private boolean over;
    private @Nullable Runnable onGone;
    private @Nullable Body sending;
    private @Nullable ContentWriter content;
    private @Nullable Runnable patience;

    /** What a connection is told of its exchange. */
    public interface Connection {
        /** The response has left, and the next request may follow. */
        void goesOn();

        /** The client has taken something. */
        void moved();
    }

    /**
     * An exchange that has not begun.
     *
     * @param context of who writes the response; nobody behind it sees it
     * @param wantsNoContent whether the request is HEAD
     * @param fields of the request
     */
    public PlainExchange(
            PlainWay way,
            ChannelHandlerContext context,
            Http1Guard guard,
            Connection connection,
            boolean wantsNoContent,
            HttpFields fields) {
        this.way = way;
        this.context = context;
        this.guard = guard;
        this.connection = connection;
        this.wantsNoContent = wantsNoContent;
        this.takesTrailers = fields.contains("te") && FieldRules.names(fields.all("te"), "trailers");
    }

    /** Has the request answered. */
    public void begin(ClientRequest request) {
        way.within(() -> way.handler().handle(request, this));
    }

    @Override
    public void onGone(Runnable action) {
        if (gone) {
            action.run();
        } else {
            onGone = action;
        }
    }

    /** RFC 9110 §15.2: never after the final response has begun. */
    public void interim(int number, HttpFields fields) {
        if (!gone && !over && status == 0) {
            HeadWriter head = ResponseBytes.head(number, fields, ResponseBytes.NO_LENGTH, false);
            ByteBuf written = context.alloc().directBuffer(head.length());
            head.into(written);
            var _ = context.writeAndFlush(written, context.voidPromise());
        }
    }

    @Override
    public Future<Sent> send(EdgeResponse answer) {
        Body body = answer.body();
        if (gone) {
            body.discard();
            finish(End.CLIENT_GONE);
            return sent.future();
        }
        sending = body;
        status = answer.status();
        closes = answer.closes() || way.draining().getAsBoolean() || guard.answersLast();
        if (closes) {
            guard.closesAfterThis();
        }
        boolean bodyless = wantsNoContent
                || status == NOT_MODIFIED
                || status == NO_CONTENT
                || status == RESET_CONTENT
                || status < 200;
        if (bodyless) {
            var _ = context.write(head(answer, framing(), 0), context.voidPromise());
            body.discard();
            end();
            return sent.future();
        }
        if (LongStream.is(answer.fields().first("content-type"))) {
            patience = Patience.on(context.channel());
        }
        switch (body) {
            case Body.Whole whole -> whole(answer, ((BufferInternal) whole.bytes()).getByteBuf());
            case Body.Streamed streamed -> {
                var _ = context.write(head(answer, body.length(), 0), context.voidPromise());
                stream(streamed);
            }
            case Body.Pulled pulled -> {
                var _ = context.write(head(answer, body.length(), 0), context.voidPromise());
                pull(pulled);
            }
        }
        return sent.future();
    }

    /** How the head of a response without content is framed (RFC 9110 §8.6, §15.3.5, §15.3.6). */
    private long framing() {
        if (status == RESET_CONTENT && !wantsNoContent) {
            return 0;
        }
        return status == NO_CONTENT || status < 200 ? ResponseBytes.NO_LENGTH : ResponseBytes.NO_CONTENT;
    }

    private ByteBuf head(EdgeResponse answer, long length, int more) {
        HeadWriter head = ResponseBytes.head(status, answer.fields(), length, closes);
        ByteBuf written = context.alloc().directBuffer(head.length() + more);
        head.into(written);
        return written;
    }

    private void whole(EdgeResponse answer, ByteBuf whole) {
        int size = whole.readableBytes();
        bytes = size;
        if (size <= ONE_BUFFER_BYTES) {
            var _ = context.write(head(answer, size, size).writeBytes(whole), context.voidPromise());
        } else {
            var _ = context.write(head(answer, size, 0), context.voidPromise());
            var _ = context.write(whole, context.voidPromise());
        }
        end();
    }

    private void stream(Body.Streamed body) {
        ReadStream<Buffer> stream = body.stream();
        ContentWriter writer = new ContentWriter(context, body.length(), connection::moved, stream::resume);
        content = writer;
        stream.exceptionHandler(broken -> broken(body, broken instanceof TunnelIdle ? End.IDLE : End.BODY_BROKEN));
        if (!(stream instanceof Pieces pieces && pieces.pieces(piece -> write(body, writer, piece)))) {
            stream.handler(chunk -> write(body, writer, ((BufferInternal) chunk).getByteBuf()));
        }
        stream.endHandler(ended -> {
            if (!over) {
                boolean trailed = takesTrailers && writer.isChunked();
                end(body, writer, trailed && stream instanceof Trailed with ? with.trailers() : HttpFields.EMPTY);
            }
        });
        stream.resume();
        writer.flushSoon();
    }

    private void write(Body.Streamed body, ContentWriter writer, ByteBuf piece) {
        if (over) {
            piece.release();
            return;
        }
        bytes += piece.readableBytes();
        if (!writer.write(piece)) {
            broken(body, End.BODY_BROKEN);
        } else if (writer.isFull()) {
            body.stream().pause();
        }
    }

    private void pull(Body.Pulled body) {
        ContentWriter writer = new ContentWriter(context, body.length(), connection::moved, () -> take(body));
        content = writer;
        take(body);
        writer.flushSoon();
    }

    /** Takes pieces as long as they are there and the client takes them, without growing the stack. */
    private void take(Body.Pulled body) {
        while (!over) {
            CompletableFuture<ByteBuf> next = body.reader().next();
            if (!next.isDone() || next.isCompletedExceptionally()) {
                var _ = next.whenComplete((piece, failure) -> way.turn().runOnContext(ignored -> {
                    if (wrote(body, failure == null ? piece : null)) {
                        take(body);
                    }
                }));
                return;
            }
            if (!wrote(body, next.join())) {
                return;
            }
        }
    }

    /** Whether the next piece may be asked for now. */
    private boolean wrote(Body.Pulled body, @Nullable ByteBuf piece) {
        ContentWriter writer = content;
        if (over || writer == null) {
            if (piece != null) {
                piece.release();
            }
            return false;
        }
        if (piece == null) {
            broken(body, End.BODY_BROKEN);
            return false;
        }
        if (!piece.isReadable()) {
            piece.release();
            body.reader().close();
            end(body, writer, HttpFields.EMPTY);
            return false;
        }
        bytes += piece.readableBytes();
        if (!writer.write(piece)) {
            broken(body, End.BODY_BROKEN);
            return false;
        }
        return !writer.isFull();
    }

    /** The client has room again. */
    public void drained() {
        ContentWriter writer = content;
        if (writer != null && !over) {
            way.within(writer::drained);
        }
    }

    /** Whatever was sent must not look complete: the connection ends here. */
    private void broken(Body body, End how) {
        if (!over) {
            body.discard();
            finish(how);
            ContentWriter writer = content;
            if (writer != null) {
                writer.flush();
            }
            var _ = context.channel().close();
        }
    }

    private void end(Body body, ContentWriter writer, HttpFields trailers) {
        if (writer.end(trailers)) {
            end();
        } else {
            broken(body, End.BODY_BROKEN);
        }
    }

    /** All is written; once it is with the system, the exchange is over. */
    private void end() {
        context.flush();
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() == 0) {
            left(true);
        } else {
            var _ = context.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener(done -> way.within(() -> left(done.isSuccess())));
        }
    }

    private void left(boolean complete) {
        if (over) {
            return;
        }
        finish(complete ? End.COMPLETE : End.CLIENT_GONE);
        connection.moved();
        if (closes || !complete) {
            var _ = context.channel().close();
        } else {
            connection.goesOn();
        }
    }

    /** Whether the response may still be sent to its end, although the connection is to be closed: the node goes out of service. */
    public boolean mayFinish() {
        return !over && way.draining().getAsBoolean();
    }

    /** The connection has ended. */
    public void clientGone() {
        if (gone) {
            return;
        }
        gone = true;
        if (!over) {
            way.within(this::giveUp);
        }
    }

    private void giveUp() {
        Body body = sending;
        if (body != null) {
            body.discard();
            finish(End.CLIENT_GONE);
        }
        Runnable action = onGone;
        if (action != null) {
            action.run();
        }
    }

    private void finish(End end) {
        if (!over) {
            over = true;
            Runnable held = patience;
            patience = null;
            if (held != null) {
                held.run();
            }
            sent.tryComplete(new Sent(status, bytes, end));
        }
    }
}
