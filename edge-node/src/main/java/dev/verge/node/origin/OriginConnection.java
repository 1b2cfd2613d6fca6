package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.origin.http1.Http1Origin;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** One connection to an origin, and what its keeper knows of it. Used on its event loop alone. */
final class OriginConnection {
    private final HttpClientConnection connection;
    private final SocketAddress address;
    private final OriginConnections keeper;
    private final boolean multiplexed;
    private final @Nullable Http1Origin http1;
    private final @Nullable Http2Trailers trailers;
    private int streams;
    private int uses;
    private boolean closed;
    private boolean draining;
    private long idleSinceNanos;

    OriginConnection(AddressRace.Reached reached, OriginConnections keeper, ContextInternal context) {
        this.connection = reached.connection();
        this.address = reached.address();
        this.keeper = keeper;
        this.multiplexed = connection.protocolVersion() == HttpVersion.HTTP_2;
        this.http1 = Http1Origin.take(channel(connection), context);
        this.trailers = multiplexed ? Http2Trailers.of(channel(connection)) : null;
    }

    HttpClientConnection http() {
        return connection;
    }

    /** Where it leads. */
    SocketAddress address() {
        return address;
    }

    private static @Nullable Channel channel(HttpConnection connection) {
        HttpConnection actual = connection instanceof UnpooledHttpClientConnection own ? own.unwrap() : connection;
        return actual instanceof ConnectionBase base ? base.channel() : null;
    }

    /** What carries the exchanges with an HTTP/1 origin; null with HTTP/2. */
    @Nullable
    Http1Origin http1() {
        return http1;
    }

    /**
     * Puts fields behind the content of a request over HTTP/2, whose end is written next.
     *
     * @param written whether any of it has been
     */
    void sendBehind(HttpClientRequest request, HttpFields fields, boolean written) {
        Http2Trailers http2 = trailers;
        if (http2 == null) {
            return;
        }
        if (!written) {
            var _ = request.writeHead(); // it would go with the end, and leave no place for them
        }
        http2.put(request.streamId(), fields);
    }

    boolean isMultiplexed() {
        return multiplexed;
    }

    /** Whether an earlier request has used it, so that the origin may have closed it meanwhile. */
    boolean isKept() {
        return uses > 1;
    }

    /** Whether another request may begin on it now. */
    boolean hasRoom() {
        return !closed
                && !draining
                && (http1 == null || http1.isReusable())
                && streams < (multiplexed ? connection.maxActiveStreams() : 1)
                && (!(connection instanceof UnpooledHttpClientConnection own)
                        || own.unwrap().isValid());
    }

    boolean isIdle() {
        return streams == 0;
    }

    boolean isClosed() {
        return closed;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void take() {
        streams++;
        uses++;
    }

    /** The same for a request that has begun. */
    void giveBack(HttpClientRequest request, boolean clean) {
        if (trailers != null) {
            trailers.forget(request.streamId());
        }
        giveBack(clean);
    }

    /**
     * The request on it is over. Call once for each that was begun.
     *
     * @param clean whether request and response were complete; if not, HTTP/1 cannot use the connection again
     */
    void giveBack(boolean clean) {
        streams--;
        idleSinceNanos = System.nanoTime();
        if (!clean && !multiplexed) {
            draining = true;
        }
        keeper.givenBack(this);
    }

    /** No new requests; closed when the last one has ended. */
    void drain() {
        draining = true;
        if (streams <= 0) {
            close();
        }
    }

    boolean isDraining() {
        return draining;
    }

    void close() {
        if (!closed) {
            draining = true;
            var _ = connection.close();
        }
    }

    void hasClosed() {
        closed = true;
    }
}
