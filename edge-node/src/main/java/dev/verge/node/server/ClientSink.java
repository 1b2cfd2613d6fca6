package dev.verge.node.server;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.Grpc;
import dev.verge.node.exchange.LongStream;
import dev.verge.node.exchange.Pieces;
import dev.verge.node.exchange.ResponseSink;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TunnelIdle;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http2.Http2Notes;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.Patience;
import dev.verge.node.tunnel.TunnelEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Writes one response to its client: framing, back-pressure, and the end of either side noticed at once. */
final class ClientSink implements ResponseSink {
    /** About what may wait in a response's queue when it calls itself full. */
    private static final long QUEUE_BYTES = 64 << 10;

    private static final long NO_ERROR = 0;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final BooleanSupplier draining;
    private final Context context;
    private final Promise<Sent> sent = Promise.promise();
    private final LoopWatch watch;
    private final StreamStall stall;
    private final boolean http2;
    private final @Nullable Http1Guard guard;
    private boolean gone;
    private boolean closes;
    private boolean over;
    private boolean waitsForDrain;
    private boolean tunnelled;
    private long bytes;
    private @Nullable Runnable onGone;
    private @Nullable Body sending;
    private @Nullable ClientTunnel tunnel;
    private @Nullable Runnable patience;

    /**
     * The sink of one request.
     *
     * @param draining whether the node goes out of service
     * @param watch of the loop that the request belongs to
     */
    ClientSink(HttpServerRequest request, BooleanSupplier draining, LoopWatch watch, Limits limits) {
        this.request = request;
        this.watch = watch;
        this.http2 = request.version() == HttpVersion.HTTP_2;
        this.guard = IncomingRequest.guard(request);
        this.response = request.response();
        this.context = Objects.requireNonNull(Vertx.currentContext(), "made on an event loop");
        this.draining = draining;
        this.stall = new StreamStall(http2, limits, IncomingRequest.progress(request), this::stalled);
        if (http2 && Grpc.is(request.getHeader("content-type"))) {
            waitPatiently();
        }
        response.exceptionHandler(cause -> clientGone());
        response.closeHandler(closed -> clientGone());
    }

    @Override
    public void onGone(Runnable action) {
        if (gone) {
            action.run();
        } else {
            onGone = action;
        }
    }

    /** RFC 9110 §15.2: never to HTTP/1.0, and never after the final response has begun. */
    void interim(int status, HttpFields fields) {
        if (gone || over || response.headWritten() || request.version() == HttpVersion.HTTP_1_0) {
            return;
        }
        if (http2 && request.connection() instanceof ConnectionBase connection) {
            Http2Notes.interim(connection.channel(), request.streamId(), status, fields);
        } else if (request.connection() instanceof VertxConnection connection) {
            HttpHeaders headers = new DefaultHttpHeaders();
            fields.forEach(headers::add);
            connection.writeToChannel(new DefaultFullHttpResponse(
                    io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                    HttpResponseStatus.valueOf(status),
                    Unpooled.EMPTY_BUFFER,
                    headers,
                    EmptyHttpHeaders.INSTANCE));
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
        if (answer.status() == HttpResponseStatus.SWITCHING_PROTOCOLS.code() && body instanceof Body.Streamed origin) {
            leaveHttp(answer.fields(), origin);
            return sent.future();
        }
        int status = answer.status();
        response.setStatusCode(status);
        boolean bodyless = request.method().equals(HttpMethod.HEAD) || status == 304 || status == 204 || status < 200;
        writeFields(answer.fields(), bodyless);
        IncomingRequest.prioritise(request, answer.fields());
        closes = !http2
                && (answer.closes()
                        || draining.getAsBoolean()
                        || hasUnreadContent()
                        || (guard != null && guard.upgrade() != null)
                        || clientCloses()
                        || (guard != null && guard.answersLast()));
        if (closes) {
            response.putHeader("connection", "close");
        }
        watch.add(stall);
        if (!bodyless && LongStream.is(response.headers().get("content-type"))) {
            waitPatiently();
        }
        if (bodyless) {
            body.discard();
            end(response.end());
        } else {
            switch (body) {
                case Body.Whole whole -> {
                    bytes = whole.bytes().length();
                    // Without content the head is the end: what gRPC calls trailers only.
                    end(bytes == 0 ? response.end() : response.end(whole.bytes()));
                }
                case Body.Streamed streamed -> stream(streamed);
                case Body.Pulled pulled -> pull(pulled);
            }
        }
        return sent.future();
    }

    /** Over HTTP/1.1 the connection becomes a tunnel, over HTTP/2 the stream (RFC 8441 §5), which goes on in frames. */
    private void leaveHttp(HttpFields fields, Body.Streamed origin) {
        TunnelEnd end = guard == null ? null : guard.tunnel();
        if (guard != null && end != null && request.connection() instanceof VertxConnection connection) {
            tunnel = ClientTunnel.begin(connection.channelHandlerContext(), guard, end, fields, origin, this::finish);
        } else {
            tunnelled = true;
            response.setStatusCode(HttpResponseStatus.OK.code());
            writeFields(fields.without("upgrade").without("sec-websocket-accept"), false);
            watch.add(stall);
            waitPatiently();
            stream(origin);
        }
    }

    private void waitPatiently() {
        if (patience == null) {
            patience = request.connection() instanceof ConnectionBase connection
                    ? Patience.on(connection.channel())
                    : () -> {};
        }
    }

    private void endPatience() {
        Runnable held = patience;
        patience = null;
        if (held != null) {
            held.run();
        }
    }

    private void stalled() {
        response.reset();
        clientGone();
    }

    /** Content of the request that nobody read stands between this response and the next request. */
    private boolean hasUnreadContent() {
        return !request.isEnded()
                && (request.getHeader("content-length") != null || request.getHeader("transfer-encoding") != null);
    }

    /** RFC 9112 §9.6 and §9.3: an option among others, and what HTTP/1.0 means without one. */
    private boolean clientCloses() {
        List<String> options = request.headers().getAll("connection");
        return FieldRules.names(options, "close")
                || (request.version() == HttpVersion.HTTP_1_0 && !FieldRules.names(options, "keep-alive"));
    }

    private void writeFields(HttpFields fields, boolean bodyless) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (bodyless || !name.equalsIgnoreCase("content-length")) {
                response.headers().add(name, fields.value(i));
            }
        }
    }

    private void frame(long length) {
        if (length >= 0) {
            response.putHeader("content-length", Long.toString(length));
        } else {
            response.setChunked(true);
        }
    }

    private void stream(Body.Streamed body) {
        frame(body.length());
        ReadStream<Buffer> stream = body.stream();
        response.drainHandler(ignored -> {
            stall.moved();
            stream.resume();
        });
        stream.exceptionHandler(broken -> {
            if (!over) {
                // Whatever was sent must not look complete: the connection, or the h2 stream, ends here.
                body.cancel().run();
                finish(broken instanceof TunnelIdle ? End.IDLE : End.BODY_BROKEN);
                response.reset();
            }
        });
        if (!(stream instanceof Pieces pieces
                && pieces.pieces(piece -> write(stream, BufferInternal.buffer(piece), piece::release)))) {
            stream.handler(chunk -> write(stream, chunk, () -> {}));
        }
        stream.endHandler(ignored -> {
            if (!over) {
                if (stream instanceof Trailed trailed && takesTrailers()) {
                    HttpFields trailers = trailed.trailers();
                    if (trailers.size() > 0) {
                        trailers.forEach(response.trailers()::add);
                    }
                }
                end(response.end());
            }
        });
        response.writeHead();
        stream.resume();
    }

    private void write(ReadStream<Buffer> stream, Buffer chunk, Runnable done) {
        if (over) {
            done.run();
            return;
        }
        bytes += chunk.length();
        response.write(chunk).onComplete(written -> done.run());
        stall.moved();
        if (response.writeQueueFull()) {
            stall.waits(QUEUE_BYTES);
            stream.pause();
        }
    }

    /** Always a part of HTTP/2; RFC 9110 §6.5.1: otherwise only for who says so, and where chunks can carry them. */
    private boolean takesTrailers() {
        return http2
                || (response.isChunked() && FieldRules.names(request.headers().getAll("te"), "trailers"));
    }

    private void pull(Body.Pulled body) {
        frame(body.length());
        response.drainHandler(ignored -> {
            stall.moved();
            if (waitsForDrain) {
                waitsForDrain = false;
                take(body);
            }
        });
        take(body);
    }

    /** Takes pieces as long as they are there and the client takes them, without growing the stack. */
    private void take(Body.Pulled body) {
        while (!over) {
            CompletableFuture<ByteBuf> next = body.reader().next();
            if (!next.isDone() || next.isCompletedExceptionally()) {
                var _ = next.whenComplete((piece, failure) -> context.runOnContext(ignored -> {
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
                finish(End.BODY_BROKEN);
                response.reset();
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
            end(response.end());
            return false;
        }
        bytes += piece.readableBytes();
        response.write(BufferInternal.buffer(piece)).onComplete(written -> piece.release());
        waitsForDrain = response.writeQueueFull();
        if (waitsForDrain) {
            stall.waits(QUEUE_BYTES);
        }
        return !waitsForDrain;
    }

    private void end(Future<Void> written) {
        stall.waits(Math.min(bytes, Integer.MAX_VALUE));
        written.onComplete(done -> {
            boolean leftover = patience != null && !request.isEnded();
            finish(done.succeeded() ? End.COMPLETE : End.CLIENT_GONE);
            if (leftover && http2) {
                var _ = response.reset(NO_ERROR); // RFC 9113 §8.1: the client need not send the rest
            }
            if (closes) {
                request.connection().close();
            }
        });
    }

    private void clientGone() {
        if (!gone) {
            gone = true;
            endPatience();
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
            endPatience();
            sent.tryComplete(result(end));
        }
    }

    private Sent result(End end) {
        ClientTunnel left = tunnel;
        if (left != null) {
            return new Sent(HttpResponseStatus.SWITCHING_PROTOCOLS.code(), left.sent(), left.received(), end);
        }
        return new Sent(
                response.headWritten() ? response.getStatusCode() : 0, bytes, tunnelled ? request.bytesRead() : 0, end);
    }
}
