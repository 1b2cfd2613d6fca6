package dev.verge.control;

import dev.verge.control.api.ApiServer;
import dev.verge.control.api.OpenApi;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Route;
import dev.verge.control.console.Console;
import dev.verge.control.log.LogTable;
import dev.verge.control.store.Database;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.wire.Frame;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The one port: the API, the console, the nodes' streams, and the probes. */
final class Door {
    private static final int IDLE_SECONDS = 120;

    private final Vertx vertx;
    private final ControlPlaneConfig config;
    private final ApiServer api;
    private final List<Route> routes;
    private final SyncServer sync;
    private final Database database;
    private final PrometheusMeterRegistry meters;

    Door(
            Vertx vertx,
            ControlPlaneConfig config,
            ApiServer api,
            List<Route> routes,
            SyncServer sync,
            Database database,
            PrometheusMeterRegistry meters) {
        this.vertx = vertx;
        this.config = config;
        this.api = api;
        this.routes = routes;
        this.sync = sync;
        this.database = database;
        this.meters = meters;
    }

    /** Listens; fails with {@link StartFailure} when it cannot. */
    Future<HttpServer> open() {
        meters();
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.listen().host())
                .setPort(config.listen().port())
                // No upgrade to h2c: RFC 9113 §3.1 has dropped it, and clients that offer it (the JDK's, curl) can lose
                // the
                // framing when a large answer follows the switch at once.
                .setHttp2ClearTextEnabled(false)
                .setMaxWebSocketMessageSize(Frame.MAX_BYTES)
                .setMaxWebSocketFrameSize(Frame.MAX_FRAME_BYTES)
                // It inflates without a bound; long messages to nodes are packed before (wire.Packed).
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setHandle100ContinueAutomatically(true);
        config.tls().apply(options);
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen()
                .recover(failure -> Future.failedFuture(new StartFailure(
                        "cannot listen on " + config.listen() + ": " + failure.getMessage()
                                + "; stop what uses that port, or set listen to another address",
                        failure)));
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route(SyncServer.STREAM_PATH).handler(context -> sync.handle(context.request()));
        router.route(SyncServer.ENROL_PATH).handler(context -> sync.handle(context.request()));
        router.route(SyncServer.BLOB_PATH + "*").handler(context -> sync.handle(context.request()));
        router.route(HttpMethod.GET, "/healthz")
                .handler(context -> context.response().end("ok\n"));
        router.route(HttpMethod.GET, "/readyz").handler(this::ready);
        router.route(HttpMethod.GET, "/metrics").handler(this::scrape);
        Buffer description = Buffer.buffer(OpenApi.describe(routes).toString());
        router.route(HttpMethod.GET, "/v1/openapi.json")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/json")
                        .end(description));
        api.mount(router, routes);
        new Console().mount(router);
        router.route().handler(context -> api.refuse(context, Problems.notFound("such path")));
        router.errorHandler(400, context -> api.refuse(context, Problems.malformed("The request line is malformed.")));
        router.errorHandler(500, context -> api.refuse(context, Problems.internal()));
        return router;
    }

    /** Ready when the store answers. */
    private void ready(RoutingContext context) {
        Thread.ofVirtual().name("ready").start(() -> {
            JsonObject body = new JsonObject();
            int status;
            try {
                body.put("ready", true).put("revision", database.read(LogTable::head));
                body.put("nodes", connected(sync.nodes()));
                status = 200;
            } catch (RuntimeException e) {
                body.put("ready", false).put("reason", "the store does not answer");
                status = 503;
            }
            context.response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(body.encode());
        });
    }

    private void scrape(RoutingContext context) {
        Thread.ofVirtual()
                .name("scrape")
                .start(() -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(meters.scrape()));
    }

    private void meters() {
        Gauge.builder("verge.log.revision", database, store -> store.read(LogTable::head))
                .description("The last revision of the log.")
                .register(meters);
        Gauge.builder("verge.nodes.connected", sync.nodes(), Door::connected)
                .description("Nodes with an open stream.")
                .register(meters);
        Gauge.builder(
                        "verge.nodes.refusing",
                        sync,
                        server -> server.nodes().all().stream()
                                .filter(node -> !node.refused().isEmpty())
                                .count())
                .description("Nodes that refuse the newest value of at least one key.")
                .register(meters);
    }

    /** Nodes with an open stream, here or at another control plane. */
    static int connected(NodeRegistry nodes) {
        return (int) nodes.all().stream().filter(NodeState::connected).count();
    }
}
