package dev.verge.node.server.http3;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.Priority;
import dev.verge.node.exchange.ResponseSink;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TunnelIdle;
import dev.verge.node.server.StreamStall;
import dev.verge.node.server.watch.LoopWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamPriority;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.streams.ReadStream;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Writes one response over HTTP/3: framing, back-pressure, and the end of either side noticed at once. */
final class Http3Sink implements ResponseSink {
    /** What a client has to take, at most, before a full stream takes more: about a window of QUIC. */
    private static final long QUEUE_BYTES = 64 << 10;

    private final Http3Exchange exchange;
    private final QuicStreamChannel stream;
    private final ContextInternal context;
    private final LoopWatch watch;
    private final StreamStall stall;
    private final String method;
    private final Promise<Sent> sent = Promise.promise();
    private Priority asked;
    private HttpFields answered = HttpFields.EMPTY;
    private ChannelFuture lastWritten;
    private boolean headWritten;
    private boolean tunnelled;
    private boolean gone;
    private boolean over;
    private int status;
    private long bytes;
    private @Nullable Runnable onGone;
    private @Nullable Runnable onDrained;
    private @Nullable Body sending;

    /** @param asked how soon the client wants the answer */
    Http3Sink(
            Http3Exchange exchange,
            QuicStreamChannel stream,
            ContextInternal context,
            LoopWatch watch,
            Limits limits,
            String method,
            Priority asked) {
        this.asked = asked;
        this.exchange = exchange;
        this.stream = stream;
        this.context = context;
        this.watch = watch;
        this.method = method;
        this.lastWritten = stream.newSucceededFuture();
        this.stall = new StreamStall(true, limits, null, () -> exchange.reset(Http3ErrorCode.H3_REQUEST_CANCELLED));
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
    void interim(int interim, HttpFields fields) {
        if (!gone && !over && !headWritten && interim != HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            var _ = write(head(interim, fields));
        }
    }

    /** RFC 9110 §10.1.1: only now is it known that somebody wants the content. */
    void goOn() {
        interim(HttpResponseStatus.CONTINUE.code(), HttpFields.EMPTY);
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
        watch.add(stall);
        if (answer.status() == HttpResponseStatus.SWITCHING_PROTOCOLS.code() && body instanceof Body.Streamed origin) {
            leaveHttp(answer.fields(), origin);
            return sent.future();
        }
        status = answer.status();
        boolean bodyless = method.equals("HEAD") || status == 304 || status == 204 || status < 200;
        HttpFields fields = answer.fields();
        if (!bodyless) {
            long length = body.length();
            fields = fields.without("content-length");
            fields = length < 0 ? fields : fields.with("content-length", Long.toString(length));
        }
        ChannelFuture written = begin(fields);
        if (bodyless) {
            body.discard();
            end(written);
        } else {
            switch (body) {
                case Body.Whole whole -> {
                    bytes = whole.bytes().length();
                    end(bytes == 0 ? written : write(whole.bytes()));
                }
                case Body.Streamed streamed -> stream(streamed);
                case Body.Pulled pulled -> {
                    onDrained = () -> take(pulled);
                    take(pulled);
                }
            }
        }
        return sent.future();
    }

    private ChannelFuture begin(HttpFields fields) {
        headWritten = true;
        answered = fields;
        prioritise();
        return write(head(status, fields));
    }

    /** The stream becomes a tunnel, which goes on in frames (RFC 9220 §3, RFC 8441 §5). */
    private void leaveHttp(HttpFields fields, Body.Streamed origin) {
        tunnelled = true;
        exchange.leaveHttp();
        status = HttpResponseStatus.OK.code();
        var _ = begin(fields.without("upgrade").without("sec-websocket-accept").without("content-length"));
        stream(origin);
    }

    /** The client has thought of another priority. */
    void asked(Priority priority) {
        asked = priority;
        if (headWritten) {
            prioritise(); // also when all has been given to the transport, which still has to send it
        }
    }

    /** What the answer itself says counts more as far as it goes (RFC 9218 §8). */
    private void prioritise() {
        Priority priority = asked.changedBy(answered);
        var _ = stream.updatePriority(new QuicStreamPriority(priority.urgency(), priority.incremental()));
    }

    private static Http3HeadersFrame head(int code, HttpFields fields) {
        Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
        Http3Headers headers = frame.headers().status(Integer.toString(code));
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i).toLowerCase(Locale.ROOT);
            if (!RequestHead.OF_CONNECTIONS.contains(name)) {
                headers.add(name, fields.value(i));
            }
        }
        return frame;
    }

    private ChannelFuture write(Buffer content) {
        return write(new DefaultHttp3DataFrame(((BufferInternal) content).getByteBuf()));
    }

    private ChannelFuture write(Http3RequestStreamFrame frame) {
        exchange.wrote();
        // The end of a stream overtakes what still waits to be written, so it is told after the last of it.
        lastWritten = stream.writeAndFlush(frame).addListener(done -> {
            if (done.cause() instanceof ChannelOutputShutdownException && !over) {
                context.dispatch(exchange::notWanted);
            } else if (!done.isSuccess() && !over) {
                context.dispatch(() -> exchange.end(Http3ErrorCode.H3_REQUEST_CANCELLED));
            }
        });
        return lastWritten;
    }

    private void stream(Body.Streamed body) {
        ReadStream<Buffer> content = body.stream();
        onDrained = () -> {
            if (!over) {
                content.resume();
            }
        };
        content.exceptionHandler(cause -> {
            if (!over) {
                body.cancel().run();
                broken(cause instanceof TunnelIdle ? End.IDLE : End.BODY_BROKEN);
            }
        });
        content.handler(chunk -> {
            if (!over && chunk.length() > 0) {
                bytes += chunk.length();
                var _ = write(chunk);
                stall.moved();
                if (!stream.isWritable()) {
                    stall.waits(QUEUE_BYTES);
                    content.pause();
                }
            }
        });
        content.endHandler(ended -> {
            if (!over) {
                HttpFields trailers = content instanceof Trailed trailed ? trailed.trailers() : HttpFields.EMPTY;
                end(trailers.size() == 0 ? lastWritten : writeTrailers(trailers));
            }
        });
        content.resume();
    }

    private ChannelFuture writeTrailers(HttpFields trailers) {
        Http3HeadersFrame frame = new DefaultHttp3HeadersFrame();
        trailers.forEach((name, value) -> frame.headers().add(name.toLowerCase(Locale.ROOT), value));
        return write(frame);
    }

    /** Takes pieces as long as they are there and the client takes them, without growing the stack. */
    private void take(Body.Pulled body) {
        while (!over) {
            CompletableFuture<ByteBuf> next = body.reader().next();
            if (!next.isDone() || next.isCompletedExceptionally()) {
                onDrained = null;
                var _ = next.whenComplete((piece, failure) -> context.runOnContext(ignored -> {
                    onDrained = () -> take(body);
                    if (wrote(body, piece, failure)) {
                        take(body);
                    }
                }));
                return;
            }
            if (!wrote(body, next.join(), null)) {
                return;
            }
        }
    }

    /** Whether the next piece may be asked for. */
    private boolean wrote(Body.Pulled body, @Nullable ByteBuf piece, @Nullable Throwable failure) {
        if (piece == null || failure != null) {
            if (!over) {
                body.reader().close();
                broken(End.BODY_BROKEN);
            }
            return false;
        }
        if (over) {
            piece.release();
            return false;
        }
        if (!piece.isReadable()) {
            piece.release();
            body.reader().close();
            end(lastWritten);
            return false;
        }
        bytes += piece.readableBytes();
        var _ = write(new DefaultHttp3DataFrame(piece));
        if (!stream.isWritable()) {
            stall.waits(QUEUE_BYTES);
            return false;
        }
        return true;
    }

    /** The client takes more again. */
    void drained() {
        stall.moved();
        Runnable more = onDrained;
        if (more != null && !over) {
            more.run();
        }
    }

    /** What was sent must not look complete. */
    private void broken(End how) {
        finish(how);
        exchange.end(Http3ErrorCode.H3_INTERNAL_ERROR);
    }

    private void end(ChannelFuture written) {
        onDrained = null;
        stall.waits(Math.min(bytes, Integer.MAX_VALUE));
        var _ = written.addListener(done -> context.dispatch(() -> {
            finish(done.isSuccess() ? End.COMPLETE : End.CLIENT_GONE);
            if (done.isSuccess()) {
                exchange.answered();
            } else {
                exchange.end(Http3ErrorCode.H3_REQUEST_CANCELLED);
            }
        }));
    }

    void clientGone() {
        if (!gone) {
            gone = true;
            if (!over) {
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
        }
    }

    private void finish(End end) {
        if (!over) {
            over = true;
            watch.remove(stall);
            sent.tryComplete(new Sent(headWritten ? status : 0, bytes, tunnelled ? exchange.received() : 0, end));
        }
    }
}
