package dev.verge.deploy.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One demo origin: the demo site, a JSON API, endpoints that are slow, fail, stream and echo, a health check, and
 * {@code POST /_control}, which changes its mood. All state belongs to the server's one event loop.
 */
public final class DemoOrigin {
    /** Requests that a hanging origin holds on to; more are turned away, so that it cannot be filled without end. */
    private static final int MOST_HELD = 10_000;

    private static final int CONTROL_BYTES = 4096;

    private final String name;
    private final Vertx vertx;
    private final DemoSite site;
    private final DemoEndpoints endpoints;
    private final Set<HttpServerRequest> held = new HashSet<>();
    private OriginMood mood = OriginMood.WELL;

    private DemoOrigin(String name, Vertx vertx, DemoSite site) {
        this.name = name;
        this.vertx = vertx;
        this.site = site;
        this.endpoints = new DemoEndpoints(name, vertx);
    }

    /**
     * Starts an origin on loopback.
     *
     * @param name what each answer's {@code X-Demo-Origin} says
     * @param port 0 for a free one
     * @return the server, which fails to come with the bind's own exception
     */
    public static Future<HttpServer> start(Vertx vertx, String name, int port) {
        DemoOrigin origin = new DemoOrigin(name, vertx, DemoSite.load());
        return vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setReuseAddress(true)
                        .setTcpNoDelay(true))
                .requestHandler(origin::admit)
                .listen();
    }

    private void admit(HttpServerRequest request) {
        request.response().putHeader("X-Demo-Origin", name);
        if (DemoEndpoints.path(request).equals("/_control")) {
            control(request);
            return;
        }
        if (mood.hang()) {
            hold(request);
            return;
        }
        if (mood.delay().isZero()) {
            dispatch(request);
            return;
        }
        request.pause();
        long timer = vertx.setTimer(mood.delay().toMillis(), fired -> {
            request.resume();
            dispatch(request);
        });
        request.response().closeHandler(gone -> vertx.cancelTimer(timer));
    }

    private void hold(HttpServerRequest request) {
        if (held.size() >= MOST_HELD) {
            DemoEndpoints.text(request, 503, name + " holds " + MOST_HELD + " requests already\n");
            return;
        }
        request.pause();
        held.add(request);
        request.response().closeHandler(gone -> held.remove(request));
    }

    private void dispatch(HttpServerRequest request) {
        String path = DemoEndpoints.path(request);
        if (path.equals("/healthz")) {
            request.response().putHeader("Cache-Control", "no-store");
            DemoEndpoints.text(request, mood.healthy() ? 200 : 503, mood.healthy() ? "ok\n" : "switched off\n");
            return;
        }
        Integer failWith = mood.failWith();
        if (failWith != null) {
            request.response().putHeader("Cache-Control", "no-store");
            DemoEndpoints.text(request, failWith, name + " was told to fail with " + failWith + "\n");
            return;
        }
        if (endpoints.answer(request)) {
            return;
        }
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            request.response().putHeader("Allow", "GET, HEAD");
            DemoEndpoints.text(request, 405, "only GET and HEAD here\n");
            return;
        }
        site.find(path).ifPresentOrElse(asset -> AssetAnswer.send(request, asset), () -> {
            request.response().putHeader("Cache-Control", "public, max-age=10");
            DemoEndpoints.text(request, 404, "no such page; try /\n");
        });
    }

    private void control(HttpServerRequest request) {
        request.response().putHeader("Cache-Control", "no-store");
        if (HttpMethod.GET.equals(request.method())) {
            DemoEndpoints.json(request, 200, mood.toJson());
            return;
        }
        if (!HttpMethod.POST.equals(request.method())) {
            request.response().putHeader("Allow", "GET, POST");
            DemoEndpoints.text(request, 405, "GET shows the mood, POST changes it\n");
            return;
        }
        BodyCollector.collect(request, CONTROL_BYTES, body -> {
            switch (OriginMood.read(body.toString())) {
                case OriginMood.Read.Mistakes(List<String> lines) ->
                    DemoEndpoints.json(request, 400, new JsonObject().put("mistakes", new JsonArray(lines)));
                case OriginMood.Read.Mood(OriginMood next) -> {
                    mood = next;
                    DemoEndpoints.json(request, 200, mood.toJson());
                    release();
                }
            }
        });
    }

    /** What a hanging origin held is answered once it hangs no more. */
    private void release() {
        if (mood.hang()) {
            return;
        }
        List<HttpServerRequest> waiting = new ArrayList<>(held);
        held.clear();
        for (HttpServerRequest request : waiting) {
            request.resume();
            dispatch(request);
        }
    }
}
