package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.ProblemDetails;
import dev.verge.control.resource.WireJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpResponseExpectation;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.multipart.MultipartForm;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends one call and turns its answer into a value or a failure. */
final class Wire {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final TypeReference<ProblemDetails> PROBLEM = new TypeReference<>() {};

    private final WebClient web;
    private final String base;
    private final String token;
    private final @Nullable String account;

    Wire(Vertx vertx, URI api, String token, @Nullable String account, WebClientOptions options) {
        this.web = WebClient.create(
                vertx,
                new WebClientOptions(options)
                        .setFollowRedirects(false)
                        .setUserAgent("verge-client")
                        .setConnectTimeout(5_000));
        String text = api.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.token = token;
        this.account = account;
    }

    /** A value as one segment of a path or one value of a query. */
    static String part(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Every page of a list, one after the other. */
    <T> Future<List<T>> all(String path, TypeReference<Page<T>> type) {
        Promise<List<T>> done = Promise.promise();
        gather(path + (path.indexOf('?') < 0 ? "?" : "&") + "limit=500", "", type, new ArrayList<>(), done);
        return done.future();
    }

    private <T> void gather(
            String path, String cursor, TypeReference<Page<T>> type, List<T> items, Promise<List<T>> done) {
        call(HttpMethod.GET, path + cursor).send(type).onComplete(page -> {
            if (page.failed()) {
                done.fail(page.cause());
                return;
            }
            items.addAll(page.result().items());
            String next = page.result().next();
            if (next == null) {
                done.complete(List.copyOf(items));
            } else {
                gather(path, "&cursor=" + part(next), type, items, done);
            }
        });
    }

    Call call(HttpMethod method, String path) {
        String target =
                account == null ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + "account=" + part(account);
        HttpRequest<Buffer> request = web.requestAbs(method, base + target)
                .bearerTokenAuthentication(token)
                .timeout(TIMEOUT.toMillis());
        return new Call(request);
    }

    void close() {
        web.close();
    }

    /** One call being put together. */
    final class Call {
        private final HttpRequest<Buffer> request;
        private @Nullable Buffer body;
        private @Nullable MultipartForm form;

        private Call(HttpRequest<Buffer> request) {
            this.request = request;
        }

        Call header(String name, String value) {
            request.putHeader(name, value);
            return this;
        }

        Call ifMatch(@Nullable String etag) {
            return etag == null ? this : header("If-Match", etag);
        }

        Call json(Object value) {
            return header("Content-Type", "application/json").body(Buffer.buffer(WireJson.bytes(value)));
        }

        Call body(Buffer bytes) {
            body = bytes;
            return this;
        }

        Call form(MultipartForm parts) {
            form = parts;
            return this;
        }

        <T> Future<T> send(TypeReference<T> type) {
            return send().map(answer -> WireJson.read(bytes(answer), type));
        }

        Call timeout(Duration longest) {
            request.timeout(longest.toMillis());
            return this;
        }

        Future<HttpResponse<Buffer>> send() {
            return sendAny()
                    .compose(answer -> answer.statusCode() / 100 == 2
                            ? Future.succeededFuture(answer)
                            : Future.failedFuture(new ApiProblem(problem(answer))));
        }

        /** Pipes an answer that goes on coming. */
        Future<HttpResponse<Void>> pipe(WriteStream<Buffer> to) {
            return request.as(BodyCodec.pipe(to))
                    .send()
                    .expecting(HttpResponseExpectation.SC_SUCCESS)
                    .recover(failure -> Future.failedFuture(new ApiUnreachable(
                            "the stream from " + base + " ended: " + failure.getMessage(), failure)));
        }

        /** An answer of any status. */
        Future<HttpResponse<Buffer>> sendAny() {
            Future<HttpResponse<Buffer>> sent;
            if (form != null) {
                sent = request.sendMultipartForm(form);
            } else if (body != null) {
                sent = request.sendBuffer(body);
            } else {
                sent = request.send();
            }
            return sent.recover(failure -> Future.failedFuture(new ApiUnreachable(
                    "no answer from the control plane at " + base + ": " + failure.getMessage(), failure)));
        }
    }

    static byte[] bytes(HttpResponse<Buffer> answer) {
        Buffer body = answer.body();
        return body == null ? new byte[0] : body.getBytes();
    }

    ProblemDetails problem(HttpResponse<Buffer> answer) {
        String type = answer.getHeader("Content-Type");
        if (type != null && type.startsWith("application/problem+json")) {
            try {
                return WireJson.read(bytes(answer), PROBLEM);
            } catch (IllegalArgumentException e) {
                return foreign(answer);
            }
        }
        return foreign(answer);
    }

    private ProblemDetails foreign(HttpResponse<Buffer> answer) {
        return new ProblemDetails(
                "about:blank",
                answer.statusMessage() == null ? "" : answer.statusMessage(),
                answer.statusCode(),
                "HTTP " + answer.statusCode() + " from " + base + ", which does not look like a control plane",
                answer.getHeader("X-Request-Id"),
                List.of());
    }
}
