package dev.verge.node.server.http3;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.ErrorAnswer;
import dev.verge.node.exchange.ErrorPage;
import dev.verge.node.exchange.Grpc;
import dev.verge.node.exchange.Priority;
import dev.verge.node.exchange.RequestHandler;
import dev.verge.node.server.Callers;
import dev.verge.node.server.http3.Http3Body.Kind;
import dev.verge.node.server.http3.Http3Doors.Settings;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request of a client and its answer: one stream (RFC 9114 §4.1). */
final class Http3Exchange extends Http3RequestStreamInboundHandler {
    private static final Duration MEMORY_RETRY = Duration.ofSeconds(2);

    private final Http3Connection connection;
    private final Settings settings;
    private final QuicStreamChannel stream;
    private final RequestHandler handler;
    private final ContextInternal context;
    private final LoopWatch watch;
    private final HeadTime headTime = new HeadTime();
    private final StillWanted wanted;
    private boolean begun;
    private boolean heard;
    private boolean ended;
    private boolean sent;
    private boolean broken;
    private boolean tunnelled;
    private boolean closed;
    private HttpFields trailers = HttpFields.EMPTY;
    private long expected = -1;
    private long received;
    private @Nullable Priority wished;
    private @Nullable Http3Body body;
    private @Nullable Http3Sink sink;

    Http3Exchange(Http3Connection connection, QuicStreamChannel stream, RequestHandler handler) {
        this.connection = connection;
        this.settings = connection.settings();
        this.stream = stream;
        this.handler = handler;
        this.context = connection.context().duplicate();
        this.watch = LoopWatch.of(stream.eventLoop());
        this.wanted = new StillWanted(stream, () -> context.dispatch(this::notWanted));
    }

    /** The stream is there. */
    void begin() {
        var _ = stream.closeFuture().addListener(ended -> context.dispatch(this::closed));
        heard = connection.begins(stream.streamId(), this);
        wished = connection.priorities().takeEarly(stream.streamId());
        if (heard) {
            watch.add(headTime);
        } else {
            reset(Http3ErrorCode.H3_REQUEST_REJECTED);
        }
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        if (broken) {
            return;
        }
        if (!begun) {
            begun = true;
            watch.remove(headTime);
            context.dispatch(() -> head(RequestHead.of(frame.headers(), settings.limits())));
            return;
        }
        HttpFields fields = RequestHead.trailers(frame.headers(), settings.limits());
        if (fields == null) {
            reset(Http3ErrorCode.H3_MESSAGE_ERROR);
        } else {
            trailers = fields;
        }
    }

    private void head(RequestHead head) {
        switch (head) {
            case RequestHead.Malformed malformed -> reset(Http3ErrorCode.H3_MESSAGE_ERROR);
            case RequestHead.Refused refused ->
                refuse(sink("GET", Priority.DEFAULT), ErrorAnswer.of(refused.error()), null);
            case RequestHead.Read read -> read(read);
        }
    }

    private void read(RequestHead.Read read) {
        HttpFields fields = read.fields();
        String length = fields.first("content-length");
        expected = length == null ? -1 : Long.parseLong(length);
        boolean grpc = Grpc.is(fields.first("content-type"));
        Http3Sink answer = sink(read.method(), Priority.DEFAULT.changedBy(fields));
        if (settings.memory().sheds()) {
            refuse(answer, ErrorAnswer.of(new EdgeError.Overloaded("memory", MEMORY_RETRY)), fields.first("accept"));
            return;
        }
        watch.add(wanted);
        // From here on the client sends only as fast as somebody reads.
        stream.config().setAutoRead(false);
        Body content = Body.none();
        boolean tunnel = read.protocol() != null;
        if (tunnel || expected > 0 || (length == null && !isBodyless(read.method()))) {
            boolean continues = "100-continue".equalsIgnoreCase(fields.first("expect"));
            Kind kind = tunnel ? Kind.TUNNEL : grpc ? Kind.STREAM : Kind.MESSAGE;
            Http3Body arriving = new Http3Body(
                    settings.limits(), watch, kind, stream::read, this::abandon, continues ? answer::goOn : () -> {});
            body = arriving;
            content = new Body.Streamed(arriving, expected, arriving::giveUp);
        } else {
            stream.read();
        }
        int question = read.target().indexOf('?');
        handler.handle(
                new ClientRequest(
                        Callers.of(
                                connection.client(),
                                fields,
                                "https",
                                "HTTP/3",
                                connection.tls(),
                                settings.trustedProxies()),
                        read.method(),
                        read.authority() == null ? fields.first("host") : read.authority(),
                        question < 0 ? read.target() : read.target().substring(0, question),
                        question < 0 ? null : read.target().substring(question + 1),
                        fields,
                        content,
                        read.protocol(),
                        "https",
                        answer::interim,
                        settings.clock().instant(),
                        System.nanoTime()),
                answer);
    }

    private static boolean isBodyless(String method) {
        return method.equals("GET") || method.equals("HEAD") || method.equals("TRACE") || method.equals("CONNECT");
    }

    private Http3Sink sink(String method, Priority asked) {
        // What a frame said counts more than the field, whichever came first (RFC 9218 §7).
        Priority frame = wished;
        Http3Sink made =
                new Http3Sink(this, stream, context, watch, settings.limits(), method, frame == null ? asked : frame);
        sink = made;
        return made;
    }

    /** A frame says how soon the answer is wanted. */
    void asked(Priority priority) {
        wished = priority;
        Http3Sink answer = sink;
        if (answer != null) {
            answer.asked(priority);
        }
    }

    private void refuse(Http3Sink answer, ErrorAnswer error, @Nullable String accept) {
        settings.metrics().error(error.word());
        var _ = answer.send(ErrorPage.render(error, accept, "none", null));
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        try {
            received += frame.content().readableBytes();
            Http3Body taker = body;
            if (broken) {
                return;
            }
            if (expected >= 0 && received > expected) {
                reset(Http3ErrorCode.H3_MESSAGE_ERROR);
            } else if (taker != null) {
                context.dispatch(() -> taker.take(frame.content()));
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Http3Body taker = body;
        if (taker != null && !broken) {
            context.dispatch(taker::readComplete);
        } else if (begun && !ended && received == 0 && !stream.config().isAutoRead()) {
            // Nothing but the end is due; content that nobody wants stays where it is.
            stream.read();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        if (ended || broken) {
            return;
        }
        ended = true;
        watch.remove(headTime);
        if (!begun) {
            reset(Http3ErrorCode.H3_REQUEST_INCOMPLETE);
        } else if (expected >= 0 && received != expected) {
            reset(Http3ErrorCode.H3_MESSAGE_ERROR);
        } else {
            Http3Body taker = body;
            if (taker != null) {
                context.dispatch(() -> taker.end(trailers));
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Http3Sink answer = sink;
        if (answer != null && stream.isWritable()) {
            context.dispatch(answer::drained);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** The client has reset its side: what came was not all, and it does not want the answer either (RFC 9114 §4.1.1). */
    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException exception) {
        if (!broken && !ended) {
            connection.wasReset();
            end(Http3ErrorCode.H3_REQUEST_CANCELLED);
        }
    }

    /** The codec has found the message malformed. */
    @Override
    protected void handleHttp3Exception(ChannelHandlerContext ctx, Http3Exception exception) {
        reset(exception.errorCode());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicException || cause instanceof Http3Exception) {
            super.exceptionCaught(ctx, cause);
        } else {
            reset(Http3ErrorCode.H3_MESSAGE_ERROR);
        }
    }

    /** Ends the stream so that nothing of it looks complete, for what its client did. */
    void reset(Http3ErrorCode code) {
        if (!broken && !closed) {
            settings.metrics().http3().reset(code.name());
            connection.wasReset();
            end(code);
        }
    }

    /** The client takes no more, which only a write tells. */
    void notWanted() {
        if (!broken && !closed) {
            connection.wasReset();
            end(Http3ErrorCode.H3_REQUEST_CANCELLED);
        }
    }

    /** The same for what is no fault of the client. */
    void end(Http3ErrorCode code) {
        if (!broken && !closed) {
            broken = true;
            watch.remove(headTime);
            watch.remove(wanted);
            var _ = stream.shutdown(code.code()).addListener(done -> {
                var _ = stream.close();
            });
            context.dispatch(this::gone);
        }
    }

    /** The answer has been written whole; a request of which nobody wants the rest ends with it (RFC 9114 §4.1). */
    void answered() {
        sent = true;
        watch.remove(wanted);
        var _ = stream.shutdownOutput();
        if (ended || broken || tunnelled) {
            return; // the other direction of a tunnel ends by itself
        }
        if (body == null && received == 0) {
            watch.add(headTime); // only its end is still on the way
        } else {
            stream.eventLoop().execute(this::cut);
        }
    }

    private void cut() {
        if (!ended && !broken && !closed) {
            broken = true;
            connection.wasReset();
            var _ = stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code()).addListener(told -> {
                var _ = stream.close();
            });
        }
    }

    private void abandon() {
        if (!ended && !sent) {
            var _ = stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
        } else if (tunnelled) {
            cut();
        }
    }

    /** The stream is a tunnel from now on (RFC 9220). */
    void leaveHttp() {
        tunnelled = true;
        watch.remove(wanted); // nothing but content may be written from now on (RFC 9114 §4.4)
    }

    /** Something was written. */
    void wrote() {
        wanted.wrote();
    }

    /** Bytes of content that have come and were wanted. */
    long received() {
        Http3Body taker = body;
        return taker == null ? 0 : taker.received();
    }

    private void closed() {
        if (!closed) {
            closed = true;
            watch.remove(headTime);
            watch.remove(wanted);
            gone();
            connection.streamEnded(stream.streamId());
        }
    }

    private void gone() {
        Http3Body taker = body;
        if (taker != null && !taker.isOver() && !ended) {
            taker.fail(new ClientGone());
        }
        Http3Sink answer = sink;
        if (answer != null) {
            answer.clientGone();
        }
    }

    /** A request whose head does not come, or whose end does not, though it has been answered. */
    private final class HeadTime extends Watched {
        private final long begunNanos = System.nanoTime();

        @Override
        protected void look(long nanos) {
            if (nanos - begunNanos > settings.limits().headerTimeout().toNanos()) {
                watch.remove(this);
                if (sent) {
                    cut();
                } else {
                    reset(Http3ErrorCode.H3_REQUEST_INCOMPLETE);
                }
            }
        }
    }

    private static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ClientGone() {
            super("the client has gone in the middle of its request", null, false, false);
        }
    }
}
