package dev.verge.node.admin;

import dev.verge.node.server.Listener;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code /healthz}, {@code /readyz}, {@code /metrics}, and on the administration port {@code /config} and
 * {@code POST /drain}, {@code DELETE /drain}.
 */
public final class AdminServer {
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz", "/metrics");

    private final NodeView node;
    private final boolean probesOnly;
    private final HttpServer server;

    /**
     * A server that does not listen yet.
     *
     * @param probesOnly for the probe port that other machines can reach
     */
    public AdminServer(Vertx vertx, NodeView node, boolean probesOnly) {
        this.node = node;
        this.probesOnly = probesOnly;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setAcceptBacklog((probesOnly ? Listener.HEALTH : Listener.ADMIN).backlog())
                        .setMaxHeaderSize(16 * 1024)
                        .setIdleTimeoutUnit(TimeUnit.SECONDS)
                        .setIdleTimeout(60))
                .requestHandler(this::answer);
    }

    /** Port 0 takes a free one. Fails with the bind exception. */
    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    public Future<Void> close() {
        return server.close();
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        if (path == null || (probesOnly && !PROBES.contains(path))) {
            end(request, 404, "text/plain", "not here\n");
        } else if (!probesOnly && !namesThisMachine(request)) {
            // A page in an operator's browser can make it ask here under a name of its own (DNS rebinding).
            end(request, 421, "text/plain", "ask by a loopback address\n");
        } else {
            route(request, path);
        }
    }

    private void route(HttpServerRequest request, String path) {
        switch (path) {
            case "/healthz" -> end(request, 200, "text/plain", "ok\n");
            case "/readyz" ->
                end(
                        request,
                        node.ready() ? 200 : 503,
                        "application/json",
                        node.readiness().encode() + "\n");
            case "/metrics" -> end(request, 200, "text/plain; version=0.0.4; charset=utf-8", node.metrics());
            case "/config" ->
                end(request, 200, "application/json", node.config().encodePrettily() + "\n");
            case "/drain" -> {
                if (request.method().equals(HttpMethod.POST)) {
                    node.drain();
                    end(request, 202, "application/json", draining());
                } else if (request.method().equals(HttpMethod.DELETE)) {
                    node.undrain();
                    end(request, 202, "application/json", draining());
                } else {
                    request.response().putHeader("allow", "POST, DELETE");
                    end(request, 405, "text/plain", "POST here to drain this node, DELETE to put it back\n");
                }
            }
            default -> end(request, 404, "text/plain", "not here\n");
        }
    }

    private String draining() {
        return "{\"draining\":" + node.readiness().getBoolean("draining") + "}\n";
    }

    private static boolean namesThisMachine(HttpServerRequest request) {
        var authority = request.authority();
        if (authority == null || request.getHeader("origin") != null) {
            return false;
        }
        String host = authority.host();
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.equalsIgnoreCase("localhost")
                || NetUtil.isValidIpV4Address(bare)
                || NetUtil.isValidIpV6Address(bare);
    }

    private static void end(HttpServerRequest request, int status, String type, String body) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status)
                .putHeader("content-type", type)
                .putHeader("cache-control", "no-store")
                .putHeader("x-content-type-options", "nosniff");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
