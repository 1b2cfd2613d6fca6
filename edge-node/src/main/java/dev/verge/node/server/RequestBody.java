package dev.verge.node.server;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.config.Limits;
import dev.verge.node.exchange.ContentRefused;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.Trailed;
import dev.verge.node.exchange.TrailerFields;
import dev.verge.node.server.http1.Http1Guard;
import dev.verge.node.server.http1.Violation;
import dev.verge.node.server.watch.LoopWatch;
import dev.verge.node.server.watch.LoopWatch.Watched;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request's content, bounded. */
final class RequestBody implements Trailed {
    private final HttpServerRequest request;
    private final long maxBytes;
    private final @Nullable Http1Guard guard;
    private final LoopWatch watch;
    private final Supplier<HttpFields> trailers;
    private final Pace pace;
    private boolean wanted;
    private boolean clientWaits;
    private long bytes;
    private boolean over;
    private @Nullable Handler<Throwable> onFailure;
    private @Nullable Throwable failure;

    /**
     * The content of a request, which must be paused.
     *
     * @param kind what it is for
     * @param guard of an HTTP/1 connection; null for HTTP/2
     * @param trailers the fields that came behind it; asked when it has ended
     * @param watch of the loop that the request belongs to
     */
    RequestBody(
            HttpServerRequest request,
            Limits limits,
            Kind kind,
            @Nullable Http1Guard guard,
            Supplier<HttpFields> trailers,
            LoopWatch watch) {
        this.request = request;
        this.maxBytes = kind == Kind.TUNNEL ? Long.MAX_VALUE : limits.bodyBytes();
        this.trailers = trailers;
        this.guard = guard;
        this.watch = watch;
        this.pace = new Pace(new DataRate(limits.minBodyBytesPerSecond(), limits.dataGrace()));
        if (limits.minBodyBytesPerSecond() > 0 && kind == Kind.MESSAGE) {
            watch.add(pace);
        }
        String expectation = request.getHeader("expect");
        this.clientWaits = "100-continue".equalsIgnoreCase(expectation) && request.version() != HttpVersion.HTTP_1_0;
        request.exceptionHandler(this::fail);
    }

    /** What content is for. */
    enum Kind {
        /** A message, which its client should send without long pauses. */
        MESSAGE,
        /** Messages of gRPC, one now and then. */
        STREAM,
        /** What goes through a tunnel; of any length. */
        TUNNEL
    }

    @Override
    public HttpFields trailers() {
        return TrailerFields.passed(trailers.get());
    }

    /** Lets the rest arrive and drops it; the connection is closed after the response when there is more. */
    void giveUp() {
        if (!over) {
            end();
            request.handler(ignored -> {});
            request.endHandler(null);
            request.resume();
        }
    }

    @Override
    public RequestBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        onFailure = handler;
        Throwable early = failure;
        if (handler != null && early != null) {
            failure = null;
            handler.handle(early);
        }
        return this;
    }

    @Override
    public RequestBody handler(@Nullable Handler<Buffer> handler) {
        if (handler == null) {
            request.handler(null);
        } else {
            request.handler(chunk -> {
                bytes += chunk.length();
                clientWaits = false;
                if (over) {
                    return;
                }
                Violation violation = guard == null || chunk.length() > 0 ? null : guard.refused();
                if (violation != null) {
                    fail(new ContentRefused(violation.error()));
                    return;
                }
                if (bytes > maxBytes) {
                    fail(new ContentTooLarge());
                    giveUp();
                } else {
                    handler.handle(chunk);
                }
            });
        }
        return this;
    }

    @Override
    public RequestBody endHandler(@Nullable Handler<Void> handler) {
        request.endHandler(ended -> {
            if (!over) {
                end();
                if (handler != null) {
                    handler.handle(null);
                }
            }
        });
        return this;
    }

    @Override
    public RequestBody pause() {
        if (!over) {
            wanted = false;
            request.pause();
        }
        return this;
    }

    @Override
    public RequestBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public RequestBody fetch(long amount) {
        if (clientWaits && !over && !request.response().headWritten()) {
            // RFC 9110 §10.1.1: only now is it known that somebody wants the content.
            clientWaits = false;
            var _ = request.response().writeContinue();
        }
        wanted = true;
        request.fetch(amount);
        return this;
    }

    private void fail(Throwable cause) {
        if (!over) {
            end();
            // What a paused connection has read must be taken from it, or its buffers leak.
            request.handler(dropped -> {});
            request.resume();
            Handler<Throwable> handler = onFailure;
            if (handler != null) {
                handler.handle(cause);
            } else {
                failure = cause;
            }
        }
    }

    private void end() {
        over = true;
        watch.remove(pace);
    }

    /** Ends content that is waited for and hardly comes. */
    private final class Pace extends Watched {
        private final DataRate rate;

        Pace(DataRate rate) {
            this.rate = rate;
        }

        @Override
        protected void look(long nanos) {
            if (rate.isTooSlow(nanos, wanted, bytes)) {
                fail(new ContentRefused(EdgeError.Refused.REQUEST_TIMEOUT));
            }
        }
    }
}
