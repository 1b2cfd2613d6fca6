package dev.verge.node.server;

import dev.verge.node.config.Limits;
import dev.verge.node.config.ListenAddress;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.ErrorAnswer;
import dev.verge.node.exchange.ErrorPage;
import dev.verge.node.exchange.RequestHandler;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http1.Refusal;
import dev.verge.node.tls.OwnCertificate;
import dev.verge.sync.document.Cidr;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.impl.VertxConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Both edge ports on one event loop. Every loop of the node has one; they share the ports. */
public final class EdgeListeners extends VerticleBase {
    private static final int CODEC_SLACK = 4096;

    private final Settings settings;
    private final Http1Guard.Limits http1;
    private final Supplier<RequestHandler> handlers;
    private HttpServer http;
    private HttpServer https;

    /**
     * What the listeners of all loops have in common.
     *
     * @param httpPort number that all loops agree on: a port, or a negative number for one free port that they share
     * @param draining set once the node goes out of service
     */
    public record Settings(
            ListenAddress http,
            int httpPort,
            ListenAddress https,
            int httpsPort,
            OwnCertificate certificate,
            Limits limits,
            List<Cidr> trustedProxies,
            NodeMetrics metrics,
            AtomicInteger actualHttpPort,
            AtomicInteger actualHttpsPort,
            AtomicBoolean draining,
            Clock clock) {}

    /** @param handlers makes the request handler of this loop, on its event loop */
    @SuppressWarnings("NullAway.Init") // both servers are made in start(), which the deployment calls first
    public EdgeListeners(Settings settings, Supplier<RequestHandler> handlers) {
        this.settings = settings;
        this.http1 = ConnectionGate.http1(settings.limits());
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
        http = configured(vertx.createHttpServer(options().setHttp2ClearTextEnabled(true)), handler);
        https = configured(
                vertx.createHttpServer(options()
                        .setSsl(true)
                        .setSslEngineOptions(new OpenSSLEngineOptions())
                        .setUseAlpn(true)
                        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                        .setSslHandshakeTimeout(
                                settings.limits().headerTimeout().toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(settings.certificate().chain().toString())
                                .setKeyPath(settings.certificate().key().toString()))),
                handler);
        return http.listen(settings.httpPort(), settings.http().host())
                .recover(e -> Future.failedFuture(new CannotListen("http.listen", settings.http(), e)))
                .compose(listening -> {
                    settings.actualHttpPort().set(listening.actualPort());
                    return https.listen(settings.httpsPort(), settings.https().host())
                            .recover(e -> Future.failedFuture(new CannotListen("https.listen", settings.https(), e)));
                })
                .onSuccess(listening -> settings.actualHttpsPort().set(listening.actualPort()));
    }

    /** Stops accepting; connections close when their request under way has ended, or when the time is over. */
    public Future<Void> drain(Duration limit) {
        return Future.join(http.shutdown(limit), https.shutdown(limit)).mapEmpty();
    }

    private HttpServerOptions options() {
        Limits limits = settings.limits();
        return new HttpServerOptions()
                // The guard in front of the codec holds the limits; the codec's own are only never to be reached first.
                .setMaxInitialLineLength((int) limits.requestLineBytes() + CODEC_SLACK)
                .setMaxHeaderSize((int) limits.headerBytes() + CODEC_SLACK)
                .setIdleTimeout((int)
                        Math.max(limits.idle().toMillis(), limits.keepAlive().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setAcceptBacklog(EdgeTransport.EDGE_BACKLOG)
                .setTcpNoDelay(true)
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.streamsPerConnection())
                        .setMaxHeaderListSize(limits.headerBytes())
                        .setPushEnabled(false))
                .setHttp2ConnectionWindowSize(1 << 20);
    }

    private HttpServer configured(HttpServer server, RequestHandler handler) {
        return server.connectionHandler(connection -> {
                    if (connection.isSsl()
                            && connection instanceof VertxConnection behindTls
                            && behindTls.channelHandlerContext().pipeline().get("httpDecoder") != null) {
                        new Http1Guard(http1, false, settings.metrics()::refused)
                                .guard(behindTls.channelHandlerContext().pipeline());
                    }
                    // A client that goes away in the middle is no event; the request under way hears of it by itself.
                    connection.exceptionHandler(broken -> {});
                })
                .invalidRequestHandler(this::refuse)
                .requestHandler(request -> {
                    ClientSink sink = new ClientSink(request, settings.draining()::get);
                    handler.handle(
                            IncomingRequest.read(
                                    request,
                                    sink::interim,
                                    settings.trustedProxies(),
                                    settings.limits().bodyBytes(),
                                    settings.clock().instant()),
                            sink);
                });
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
        new ClientSink(request, () -> true).send(ErrorPage.render(answer, null, "none", null));
    }
}
