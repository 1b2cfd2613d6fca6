package dev.verge.node;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers by path with all that decides how long, for whom and as what something is stored. */
final class EquivalenceOrigin {
    private EquivalenceOrigin() {}

    static void answer(HttpServerRequest request) {
        HttpServerResponse answer = request.response();
        String path = Objects.requireNonNull(request.path());
        @Nullable String language = request.getHeader("accept-language");
        answer.putHeader("X-Case-Kept", "as it came");
        request.body().onSuccess(content -> {
            answer.putHeader(
                    "X-Got", request.method() + " " + request.getHeader("content-length") + " " + content.hashCode());
            switch (path) {
                case "/private" -> answer.putHeader("cache-control", "no-store").end("end of " + request.query() + ".");
                case "/short" ->
                    answer.putHeader("Cache-Control", "max-age=2")
                            .putHeader("ETag", "\"v1\"")
                            .end("short");
                case "/missing" ->
                    answer.setStatusCode(404)
                            .putHeader("Cache-Control", "max-age=60")
                            .end("no such page");
                case "/moved" ->
                    answer.setStatusCode(301)
                            .putHeader("Cache-Control", "max-age=60")
                            .putHeader("Location", "/plain")
                            .end("moved");
                case "/empty" -> answer.putHeader("Cache-Control", "max-age=60").end();
                case "/none" ->
                    answer.setStatusCode(204)
                            .putHeader("Cache-Control", "max-age=60")
                            .end();
                case "/big" -> answer.putHeader("Cache-Control", "max-age=60").end("0123456789".repeat(10_000));
                case "/huge" -> answer.putHeader("Cache-Control", "max-age=60").end("0123456789".repeat(100_000));
                case "/vary" ->
                    answer.putHeader("Cache-Control", "max-age=60")
                            .putHeader("Vary", "Accept-Language")
                            .end("in " + language);
                case "/weak" ->
                    answer.putHeader("Cache-Control", "max-age=60")
                            .putHeader("ETag", "W/\"v1\"")
                            .putHeader("Expires", "Tue, 25 Nov 2025 13:00:00 GMT")
                            .end("weak");
                case "/tagged" ->
                    answer.putHeader("Cache-Control", "max-age=60")
                            .putHeader("Cache-Tag", "a, b")
                            .putHeader("Via", "1.1 other")
                            .putHeader("Cache-Status", "other; hit")
                            .end("tagged");
                default ->
                    answer.putHeader("Cache-Control", "public, max-age=600")
                            .putHeader("ETag", "\"v1\"")
                            .putHeader("Last-Modified", "Tue, 25 Nov 2025 11:00:00 GMT")
                            .putHeader("Content-Type", "text/html; charset=utf-8")
                            .end("content of " + path);
            }
        });
    }
}
