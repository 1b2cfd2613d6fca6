package dev.verge.deploy.demo;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The endpoints of a demo origin that are no files. */
final class DemoEndpoints {
    private static final int SLOWEST_MILLIS = 60_000;
    private static final int MOST_CHUNKS = 1000;
    private static final int ECHO_BYTES = 1024 * 1024;

    private final String name;
    private final Vertx vertx;

    DemoEndpoints(String name, Vertx vertx) {
        this.name = name;
        this.vertx = vertx;
    }

    /** Whether the path is one of these endpoints; if so, the request has been taken. */
    boolean answer(HttpServerRequest request) {
        String path = path(request);
        switch (path) {
            case "/api/products" -> {
                request.response().putHeader("Cache-Control", "public, max-age=5, stale-if-error=60");
                endJson(request, 200, Catalogue.all().encodePrettily());
            }
            case "/api/time" -> {
                request.response().putHeader("Cache-Control", "no-store");
                json(
                        request,
                        200,
                        new JsonObject().put("now", Instant.now().toString()).put("origin", name));
            }
            case "/slow" -> slow(request);
            case "/fail" -> fail(request);
            case "/stream" -> stream(request);
            case "/echo" -> echo(request);
            default -> {
                if (!path.startsWith("/api/products/")) {
                    return false;
                }
                product(request, path.substring("/api/products/".length()));
            }
        }
        return true;
    }

    private static void product(HttpServerRequest request, String id) {
        request.response().putHeader("Cache-Control", "public, max-age=5, stale-if-error=60");
        Catalogue.find(id)
                .ifPresentOrElse(
                        product -> json(request, 200, product.toJson()),
                        () -> json(request, 404, new JsonObject().put("error", "no product " + id)));
    }

    private void slow(HttpServerRequest request) {
        number(request, "ms", 1000, 0, SLOWEST_MILLIS).ifPresent(millis -> {
            request.response().putHeader("Cache-Control", "no-store");
            Runnable answer = () -> text(request, 200, name + " answered after " + millis + " ms\n");
            if (millis == 0) {
                answer.run();
                return;
            }
            long timer = vertx.setTimer(millis, fired -> answer.run());
            request.response().closeHandler(gone -> vertx.cancelTimer(timer));
        });
    }

    private void fail(HttpServerRequest request) {
        number(request, "status", 503, 400, 599).ifPresent(status -> {
            request.response().putHeader("Cache-Control", "no-store");
            text(request, status, name + " fails with " + status + " as asked\n");
        });
    }

    /** {@code chunks} lines, {@code ms} apart; as server-sent events for a client that accepts those. */
    private void stream(HttpServerRequest request) {
        OptionalInt chunks = number(request, "chunks", 10, 1, MOST_CHUNKS);
        OptionalInt millis = chunks.isPresent() ? number(request, "ms", 200, 1, SLOWEST_MILLIS) : chunks;
        if (millis.isEmpty()) {
            return;
        }
        @Nullable String accept = request.getHeader(HttpHeaders.ACCEPT);
        boolean events = accept != null && accept.contains("text/event-stream");
        HttpServerResponse response = request.response()
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", events ? "text/event-stream" : "text/plain; charset=utf-8");
        if (HttpMethod.HEAD.equals(request.method())) {
            response.end();
            return;
        }
        response.setChunked(true);
        new LineStream(vertx, response, events, chunks.getAsInt(), millis.getAsInt()).start();
    }

    private void echo(HttpServerRequest request) {
        BodyCollector.collect(request, ECHO_BYTES, body -> {
            JsonObject headers = new JsonObject();
            MultiMap received = request.headers();
            received.names().forEach(header -> headers.put(header, String.join(", ", received.getAll(header))));
            request.response().putHeader("Cache-Control", "no-store");
            json(
                    request,
                    200,
                    new JsonObject()
                            .put("origin", name)
                            .put("method", request.method().name())
                            .put("uri", request.uri())
                            .put("version", request.version().alpnName())
                            .put("headers", headers)
                            .put("body", body.toString(StandardCharsets.UTF_8)));
        });
    }

    /** A whole number in the query, or its default; anything else has been answered with 400. */
    private static OptionalInt number(HttpServerRequest request, String parameter, int absent, int least, int most) {
        String written = request.getParam(parameter);
        if (written == null) {
            return OptionalInt.of(absent);
        }
        if (written.matches("\\d{1,9}")) {
            int number = Integer.parseInt(written);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        }
        text(request, 400, parameter + ": write a whole number from " + least + " to " + most + "\n");
        return OptionalInt.empty();
    }

    /** The path, or "" for a target without one ({@code OPTIONS *}). */
    static String path(HttpServerRequest request) {
        String path = request.path();
        return path == null ? "" : path;
    }

    static void json(HttpServerRequest request, int status, JsonObject body) {
        endJson(request, status, body.encodePrettily());
    }

    private static void endJson(HttpServerRequest request, int status, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json");
        end(request, Buffer.buffer(body + "\n"));
    }

    static void text(HttpServerRequest request, int status, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "text/plain; charset=utf-8");
        end(request, Buffer.buffer(body));
    }

    /** Ends with a body, or with its length alone for HEAD. A client that has gone needs no answer. */
    static void end(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader("Content-Length", Integer.toString(body.length()));
        if (HttpMethod.HEAD.equals(request.method())) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
