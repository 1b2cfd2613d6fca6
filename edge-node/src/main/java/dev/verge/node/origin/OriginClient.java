package dev.verge.node.origin;

import dev.verge.balancer.ConnectionSlots;
import dev.verge.balancer.Endpoint;
import dev.verge.balancer.TryFailure;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeError.Overloaded;
import dev.verge.node.origin.http1.Http1Origin;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The way of one event loop to all origins. How many connections there may be is said by the slots of a call's pool. Not
 * thread-safe: used on its event loop alone.
 */
public final class OriginClient {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final int MAX_CAUSES = 8;

    private final Vertx vertx;
    private final Connector connector;
    private final Map<Place, OriginConnections> connections = new HashMap<>();
    private final @Nullable Lately[] lately = new Lately[16];

    /**
     * What may share connections: one pool's use of one origin.
     *
     * @param leavesHttp whether connections are to be had that can be asked for another protocol: those of HTTP/1.1
     */
    private record Place(ConnectionSlots slots, String scope, Endpoint endpoint, boolean leavesHttp) {}

    /** A place found for the very same objects as before: comparing all that an origin's settings are costs more than the rest. */
    private record Lately(Place place, OriginConnections keeper) {
        @SuppressWarnings("ReferenceEquality") // others that are equal take the longer way
        boolean isFor(OriginCall call, boolean leavesHttp) {
            return place.endpoint == call.endpoint()
                    && place.slots == call.slots()
                    && place.leavesHttp == leavesHttp
                    && place.scope.equals(call.scope());
        }
    }

    /** @param keys what is shown to origins that ask for a certificate */
    public OriginClient(Vertx vertx, Addresses addresses, ClientKeys keys) {
        this.vertx = vertx;
        this.connector = new Connector(vertx, addresses, keys);
    }

    /**
     * Makes one try. Its end never fails: every way to end is a {@link TryEnd}.
     *
     * @param fresh whether to open a connection rather than use a kept one
     * @param connected run when a connection has been taken, before anything is sent
     */
    public Attempt attempt(OriginCall call, boolean fresh, Runnable connected) {
        Attempt attempt = new Attempt();
        long started = System.nanoTime();
        take(call, fresh)
                .onComplete(
                        connection -> {
                            if (attempt.cancelled) {
                                connection.giveBack(true);
                            } else {
                                connected.run();
                                send(
                                        call,
                                        attempt,
                                        connection,
                                        call.headTimeout().minusNanos(System.nanoTime() - started));
                            }
                        },
                        cause -> attempt.end.tryComplete(notConnected(cause)));
        return attempt;
    }

    private Future<OriginConnection> take(OriginCall call, boolean fresh) {
        boolean leavesHttp = call.upgrade() != null && call.endpoint().origin().protocol() != OriginProtocol.HTTP1;
        return keeper(call, leavesHttp)
                .take(new OriginConnections.Need(
                        min(call.timeouts().queue(), call.headTimeout()),
                        min(call.timeouts().connect(), call.headTimeout()),
                        call.timeouts().idleConnection(),
                        fresh));
    }

    private void send(OriginCall call, Attempt attempt, OriginConnection connection, Duration left) {
        Http1Origin http1 = connection.http1();
        if (http1 != null) {
            begin(attempt, new Http1Try(vertx, connection, http1, call, left, attempt.end));
        } else if (call.upgrade() != null) {
            connection.giveBack(true);
            attempt.end.tryComplete(new TryEnd.SenderFailed(OriginFailure.UPGRADE));
        } else {
            sendOverHttp2(call, attempt, connection, left);
        }
    }

    private void sendOverHttp2(OriginCall call, Attempt attempt, OriginConnection connection, Duration left) {
        // The connection has room for another stream: this completes at once.
        connection
                .http()
                .request(new RequestOptions()
                        .setMethod(HttpMethod.valueOf(call.method()))
                        .setURI(call.target())
                        .setFollowRedirects(false))
                .onComplete(
                        request -> begin(attempt, new Http2Try(vertx, request, connection, call, left, attempt.end)),
                        broken -> {
                            boolean kept = connection.isKept();
                            connection.giveBack(false);
                            attempt.end.tryComplete(
                                    new TryEnd.Failed(TryFailure.RESET, OriginFailure.RESET, false, false, kept));
                        });
    }

    private static void begin(Attempt attempt, Sending sending) {
        if (attempt.cancelled) {
            sending.cancel();
            return;
        }
        attempt.abort = sending::cancel;
        sending.run();
    }

    /** One request over one connection, in the manner of its protocol. */
    interface Sending {
        void run();

        /** Nobody waits any more: the connection or stream is given up, and the end stays open. */
        void cancel();
    }

    private OriginConnections keeper(OriginCall call, boolean leavesHttp) {
        int slot = System.identityHashCode(call.endpoint()) & (lately.length - 1);
        Lately last = lately[slot];
        if (last != null && last.isFor(call, leavesHttp)) {
            return last.keeper;
        }
        Place place = new Place(call.slots(), call.scope(), call.endpoint(), leavesHttp);
        // Taking may find the place unused again, so it must be there before.
        OriginConnections keeper = connections.computeIfAbsent(place, this::keeper);
        lately[slot] = new Lately(place, keeper);
        return keeper;
    }

    private void forget(Place place) {
        connections.remove(place);
        Arrays.fill(lately, null);
    }

    private OriginConnections keeper(Place place) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        return new OriginConnections(
                vertx,
                context,
                connector,
                place.scope,
                place.endpoint,
                place.leavesHttp,
                place.slots,
                () -> forget(place));
    }

    /** One try under way. Used on its event loop alone. */
    public static final class Attempt {
        private final Promise<TryEnd> end = Promise.promise();
        private @Nullable Runnable abort;
        private boolean cancelled;

        /** Completes when the head is there or the try is over; never after {@link #cancel}. */
        public Future<TryEnd> end() {
            return end.future();
        }

        /** Gives the try up. Without effect once it has ended: then the answer's body is there to cancel. */
        public void cancel() {
            cancelled = true;
            Runnable action = abort;
            if (action != null && !end.future().isComplete()) {
                action.run();
            }
        }
    }

    /** Closes every connection. */
    public Future<Void> close() {
        return connector.close();
    }

    private static TryEnd notConnected(Throwable cause) {
        return switch (cause) {
            case OriginConnections.QueueTimeout full -> new TryEnd.NoRoom(Overloaded.connections(RETRY_AFTER));
            case Addresses.NotAllowed notAllowed -> failed(TryFailure.REFUSED, OriginFailure.ADDRESS_NOT_ALLOWED);
            case UnknownHostException unknown -> failed(TryFailure.REFUSED, OriginFailure.NAME_NOT_RESOLVED);
            case ConnectTimeoutException slow -> failed(TryFailure.CONNECT_TIMEOUT, OriginFailure.CONNECT_TIMEOUT);
            case TimeoutException slow -> failed(TryFailure.CONNECT_TIMEOUT, OriginFailure.CONNECT_TIMEOUT);
            case OriginConnections.LookupTimeout slow -> failed(TryFailure.CONNECT_TIMEOUT, OriginFailure.NAME_TIMEOUT);
            case SSLException tls ->
                failed(TryFailure.TLS_FAILED, isCertificate(tls) ? OriginFailure.CERTIFICATE : OriginFailure.TLS);
            default -> failed(TryFailure.REFUSED, OriginFailure.REFUSED);
        };
    }

    private static boolean isCertificate(SSLException failure) {
        Throwable cause = failure;
        for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
            if (cause instanceof CertificateException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static TryEnd failed(TryFailure failure, OriginFailure error) {
        return new TryEnd.Failed(failure, error, false, false, false);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
