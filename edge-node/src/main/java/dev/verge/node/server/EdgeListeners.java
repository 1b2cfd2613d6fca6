package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.ErrorAnswer;
import dev.verge.node.exchange.ErrorPage;
import dev.verge.node.exchange.RequestHandler;
import dev.verge.node.observe.MemoryWatch;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http1.Refusal;
import dev.verge.node.server.http2.Http2Notes;
import dev.verge.node.server.http2.WaitingBytes;
import dev.verge.node.server.plain.PlainWay;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.sync.document.Cidr;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.http2.Http2Stream;
import io.vertx.core.http.impl.http2.codec.Http2ServerConnectionImpl;
import io.vertx.core.internal.ContextInternal;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Both edge ports on one event loop. Every loop of the node has one; they share the ports. */
public final class EdgeListeners extends VerticleBase {
    private static final int CODEC_SLACK = 4096;

    /** RFC 8441 §3. */
    private static final int ENABLE_CONNECT_PROTOCOL = 0x8;

    private static final Duration MEMORY_RETRY = Duration.ofSeconds(2);
    /** Longer than the way to nearly every client and back. */
    private static final Duration ROUND_TRIP = Duration.ofSeconds(1);

    private final Settings settings;
    private final Supplier<RequestHandler> handlers;
    private final Set<HttpConnection> http2 = new HashSet<>();
    private LoopWatch watch;
    private HttpServer http;
    private HttpServer https;
    private SideDoor sideDoor;

    /**
     * What the listeners of all loops have in common.
     *
     * @param httpPort number that all loops agree on: a port, or a negative number for one free port that they share
     * @param draining set once the node goes out of service
     * @param sideDoor makes another way in for one loop
     * @param plain told on each loop who answers there
     */
    public record Settings(
            ListenAddress http,
            int httpPort,
            ListenAddress https,
            int httpsPort,
            Limits limits,
            List<Cidr> trustedProxies,
            NodeMetrics metrics,
            MemoryWatch memory,
            WaitingBytes waiting,
            AtomicInteger actualHttpPort,
            AtomicInteger actualHttpsPort,
            AtomicBoolean draining,
            Supplier<SideDoor> sideDoor,
            Consumer<PlainWay> plain,
            Clock clock) {}

    /** @param handlers makes the request handler of this loop, on its event loop */
    @SuppressWarnings("NullAway.Init") // both servers are made in start(), which the deployment calls first
    public EdgeListeners(Settings settings, Supplier<RequestHandler> handlers) {
        this.settings = settings;
        this.handlers = handlers;
    }

    /** A port could not be opened. */
    public static final class CannotListen extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public CannotListen(String setting, ListenAddress address, Throwable cause) {
            super(
                    setting + ": cannot listen on " + address + ": " + cause.getMessage()
                            + "; stop what holds it or choose another port",
                    cause);
        }
    }

    @Override
    public Future<?> start() {
        RequestHandler handler = handlers.get();
        settings.plain().accept(new PlainWay(handler, (ContextInternal) context, settings.draining()::get));
        watch = LoopWatch.of(((ContextInternal) context).nettyEventLoop());
        sideDoor = settings.sideDoor().get();
        http = configured(vertx.createHttpServer(options(Listener.HTTP)), handler);
        // TLS is the gate's: the server library sees what comes out of it, and tells HTTP/2 by its preface on both
        // ports.
        https = configured(vertx.createHttpServer(options(Listener.HTTPS)), handler);
        return http.listen(settings.httpPort(), settings.http().host())
                .recover(e -> Future.failedFuture(new CannotListen("http.listen", settings.http(), e)))
                .compose(listening -> {
                    settings.actualHttpPort().set(listening.actualPort());
                    return https.listen(settings.httpsPort(), settings.https().host())
                            .recover(e -> Future.failedFuture(new CannotListen("https.listen", settings.https(), e)));
                })
                .compose(listening -> {
                    settings.actualHttpsPort().set(listening.actualPort());
                    return sideDoor.open((ContextInternal) context, handler, listening.actualPort());
                });
    }

    /**
     * Tells HTTP/2 clients to go elsewhere, in the two steps of RFC 9113 §6.8: what they have sent meanwhile is still answered. Those of
     * HTTP/1 hear it with their next answer.
     */
    public Future<Void> goAway() {
        Promise<Void> told = Promise.promise();
        context.runOnContext(v -> {
            http2.forEach(this::goAway);
            sideDoor.goAway(ROUND_TRIP);
            told.complete();
        });
        return told.future();
    }

    @SuppressWarnings("deprecation") // the first of the two steps has no other name
    private void goAway(HttpConnection connection) {
        connection.goAway(0, Integer.MAX_VALUE);
        vertx.setTimer(ROUND_TRIP.toMillis(), v -> {
            var _ = connection.shutdown(settings.limits().drain());
        });
    }

    private void connected(HttpConnection connection) {
        // A client that goes away in the middle is no event; the request under way hears of it by itself.
        connection.exceptionHandler(broken -> {});
        if (connection.protocolVersion() == HttpVersion.HTTP_2) {
            if (connection instanceof Http2ServerConnectionImpl base) {
                Http2Notes.take(
                        base.channel(),
                        base.remoteSettings() instanceof Http2Settings first
                                ? first.get(Http2Notes.NO_RFC7540_PRIORITIES)
                                : null,
                        settings.limits().streamsPerConnection(),
                        settings.waiting(),
                        stream -> writabilityChanged(base.stream(stream.id())));
            }
            http2.add(connection);
            connection.closeHandler(v -> http2.remove(connection));
            if (settings.draining().get()) {
                goAway(connection);
            }
        }
    }

    private static void writabilityChanged(@Nullable Http2Stream stream) {
        if (stream != null) {
            stream.onWritabilityChanged();
        }
    }

    /** Stops accepting; connections close when their request under way has ended, or when the time is over. */
    public Future<Void> drain(Duration limit) {
        return Future.join(http.shutdown(limit), https.shutdown(limit), sideDoor.drain(limit))
                .mapEmpty();
    }

    private HttpServerOptions options(Listener listener) {
        Limits limits = settings.limits();
        return new HttpServerOptions()
                // The guard in front of the codec holds the limits; the codec's own are only never to be reached first.
                .setMaxInitialLineLength((int) limits.requestLineBytes() + CODEC_SLACK)
                .setMaxHeaderSize((int) limits.headerBytes() + CODEC_SLACK)
                .setIdleTimeout((int)
                        Math.max(limits.idle().toMillis(), limits.keepAlive().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHttp2ClearTextEnabled(true)
                .setAcceptBacklog(listener.backlog())
                .setTcpNoDelay(true)
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.streamsPerConnection())
                        .setMaxHeaderListSize(limits.headerBytes())
                        .setPushEnabled(false)
                        .set(ENABLE_CONNECT_PROTOCOL, 1)
                        .set(Http2Notes.NO_RFC7540_PRIORITIES, 1))
                .setHttp2ConnectionWindowSize(1 << 20);
    }

    private HttpServer configured(HttpServer server, RequestHandler handler) {
        return server.connectionHandler(this::connected)
                .invalidRequestHandler(this::refuse)
                .requestHandler(request -> {
                    ClientSink sink = sink(request, settings.draining()::get);
                    if (request.version() == HttpVersion.HTTP_2) {
                        endAfterManyStreams(request);
                        request.pause();
                        vertx.getOrCreateContext().runOnContext(v -> unlessTakenBack(request, sink, handler));
                    } else {
                        begin(request, sink, handler);
                    }
                });
    }

    /**
     * A stream that was reset while its connection was being read (rapid reset, MadeYouReset) costs its frames and nothing else: no rule,
     * no origin, no record.
     */
    private void unlessTakenBack(HttpServerRequest request, ClientSink sink, RequestHandler handler) {
        boolean[] gone = {false};
        sink.onGone(() -> gone[0] = true);
        if (gone[0]) {
            settings.metrics().takenBack();
            request.resume();
        } else if (begin(request, sink, handler).length() == 0) {
            request.resume();
        }
    }

    /** Returns the content that somebody reads now; none when nobody does. */
    private Body begin(HttpServerRequest request, ClientSink sink, RequestHandler handler) {
        if (settings.memory().sheds()) {
            shed(request, sink);
            return Body.none();
        }
        ClientRequest read = IncomingRequest.read(
                request,
                sink::interim,
                settings.trustedProxies(),
                settings.limits(),
                watch,
                settings.clock().instant());
        handler.handle(read, sink);
        return read.body();
    }

    private void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof PrematureChannelClosureException) {
            return; // the client left in the middle of a head: nobody is there to be answered
        }
        EdgeError error = cause instanceof Refusal refusal
                ? refusal.violation().error()
                : new EdgeError.Malformed("it breaks the rules of HTTP");
        ErrorAnswer answer = ErrorAnswer.of(error);
        settings.metrics().error(answer.word());
        sink(request, () -> true).send(ErrorPage.render(answer, null, "none", null));
    }

    private ClientSink sink(HttpServerRequest request, BooleanSupplier closes) {
        return new ClientSink(request, closes, watch, settings.limits());
    }

    /** Before memory runs out, new requests are answered at once and cheaply; those under way go on. */
    private void shed(HttpServerRequest request, ClientSink sink) {
        ErrorAnswer answer = ErrorAnswer.of(new EdgeError.Overloaded("memory", MEMORY_RETRY));
        settings.metrics().error(answer.word());
        sink.send(ErrorPage.render(answer, request.getHeader("accept"), "none", null));
    }

    /** Client streams are numbered 1, 3, 5 and so on (RFC 9113 §5.1.1). HTTP/1 says {@code Connection: close} instead. */
    private void endAfterManyStreams(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2
                && request.streamId() / 2 + 1 == settings.limits().requestsPerConnection()) {
            var _ = request.connection().shutdown(settings.limits().drain());
        }
    }
}
