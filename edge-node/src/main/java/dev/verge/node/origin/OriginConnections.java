package dev.verge.node.origin;

import dev.verge.balancer.ConnectionSlots;
import dev.verge.balancer.Endpoint;
import dev.verge.balancer.FairLimit;
import dev.verge.balancer.options.OriginProtocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one origin: kept ones first, the last used of them before others; else a new one, as far as the
 * pool's slots reach; else a place in the queue. Used on its event loop alone.
 */
final class OriginConnections implements ConnectionSlots.Holder {
    /** How often names of kept connections are looked up again; answers come out of the resolver's memory for their time to live. */
    private static final long LOOKUP_NANOS = 1_000_000_000L;

    /** A connection that becomes free stays on its loop, unless somebody elsewhere has waited so much longer. */
    private static final long UNFAIR_NANOS = 50_000_000L;

    private final Vertx vertx;
    private final ContextInternal context;
    private final Connector connector;
    private final String scope;
    private final Endpoint endpoint;
    private final boolean leavesHttp;
    private final ConnectionSlots slots;
    private final Runnable unused;
    /** The last used first. */
    private final Deque<OriginConnection> idle = new ArrayDeque<>();

    private final List<OriginConnection> open = new ArrayList<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Who waits for a connection that is being opened, because many will fit on it. */
    private final List<Following> following = new ArrayList<>();

    private boolean multiplexes;
    private int connecting;
    private long idleNanos;
    private long idleTimer = -1;
    private long lookedUpNanos = System.nanoTime();
    private List<SocketAddress> known = List.of();

    /** Nothing became free within {@code timeouts.queue}. */
    static final class QueueTimeout extends RuntimeException {
        private static final long serialVersionUID = 1L;

        QueueTimeout() {
            super("no connection became free in time", null, false, false);
        }
    }

    /** The resolver did not answer within {@code timeouts.connect}. */
    static final class LookupTimeout extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LookupTimeout() {
            super("no address in time", null, false, false);
        }
    }

    /** What a request needs a connection for. */
    record Need(Duration queue, Duration connect, Duration idle, boolean fresh) {}

    private record Following(Need need, Promise<OriginConnection> promise) {}

    private final class Waiting {
        private final Promise<OriginConnection> promise = Promise.promise();
        private final Need need;
        private final ConnectionSlots.Ticket ticket;
        private final long timer;

        Waiting(Need need) {
            this.need = need;
            this.ticket = slots.await(() -> context.runOnContext(ignored -> granted()));
            this.timer = vertx.setTimer(Math.max(1, need.queue.toMillis()), ignored -> tooLong());
        }

        private void granted() {
            vertx.cancelTimer(timer);
            waiting.remove(this);
            connect(need).onComplete(promise);
        }

        private void tooLong() {
            if (slots.leave(ticket)) {
                waiting.remove(this);
                promise.fail(new QueueTimeout());
                forgetIfUnused();
            }
        }

        /** Whether it took the connection; if not, it has a slot already. */
        boolean served(OriginConnection connection) {
            if (!slots.leave(ticket)) {
                return false;
            }
            vertx.cancelTimer(timer);
            connection.take();
            promise.complete(connection);
            return true;
        }
    }

    /**
     * No connections yet.
     *
     * @param leavesHttp whether to open connections that can be asked for another protocol
     * @param unused told when there is nothing left to keep
     */
    OriginConnections(
            Vertx vertx,
            ContextInternal context,
            Connector connector,
            String scope,
            Endpoint endpoint,
            boolean leavesHttp,
            ConnectionSlots slots,
            Runnable unused) {
        this.vertx = vertx;
        this.context = context;
        this.connector = connector;
        this.scope = scope;
        this.endpoint = endpoint;
        this.leavesHttp = leavesHttp;
        this.slots = slots;
        this.unused = unused;
        OriginProtocol protocol = endpoint.origin().protocol();
        this.multiplexes = !leavesHttp && (protocol == OriginProtocol.H2 || protocol == OriginProtocol.H2C);
    }

    /** A connection for one request, which gives it back. */
    Future<OriginConnection> take(Need need) {
        idleNanos = need.idle.toNanos();
        if (!need.fresh) {
            lookUpAgain();
            OriginConnection kept = kept();
            if (kept != null) {
                kept.take();
                return Future.succeededFuture(kept);
            }
        }
        if (multiplexes && connecting > 0) {
            Following follower = new Following(need, Promise.promise());
            following.add(follower);
            return follower.promise.future();
        }
        if (slots.tryAcquire()) {
            return connect(need);
        }
        Waiting waiter = new Waiting(need);
        waiting.add(waiter);
        return waiter.promise.future();
    }

    private @Nullable OriginConnection kept() {
        for (OriginConnection connection : open) {
            if (!connection.isMultiplexed()) {
                break;
            }
            if (connection.hasRoom()) {
                idle.remove(connection);
                return connection;
            }
        }
        while (!idle.isEmpty()) {
            OriginConnection last = idle.pop();
            if (last.hasRoom()) {
                return last;
            }
            last.close();
        }
        return null;
    }

    /** Opens a connection on a slot that is taken already. */
    private Future<OriginConnection> connect(Need need) {
        connecting++;
        long begun = System.nanoTime();
        return connector
                .addresses(scope, endpoint)
                .timeout(Math.max(1, need.connect.toMillis()), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(cause instanceof TimeoutException ? new LookupTimeout() : cause))
                .recover(cause -> known.isEmpty() || cause instanceof Addresses.NotAllowed
                        ? Future.failedFuture(cause)
                        // A resolver that is away is no reason to lose an origin that was there a moment ago.
                        : Future.succeededFuture(known))
                .compose(addresses -> {
                    known = addresses;
                    Duration left = need.connect.minusNanos(System.nanoTime() - begun);
                    return AddressRace.run(
                            vertx,
                            addresses,
                            left,
                            address ->
                                    connector.connect(scope, endpoint, address, leavesHttp, FairLimit.longest(left)));
                })
                .map(this::opened)
                .onFailure(cause -> {
                    connecting--;
                    slots.release();
                    takeFollowing().forEach(follower -> follower.promise.fail(cause));
                    forgetIfUnused();
                });
    }

    private OriginConnection opened(AddressRace.Reached reached) {
        connecting--;
        HttpClientConnection http = reached.connection();
        OriginConnection connection = new OriginConnection(reached, this, context);
        if (open.isEmpty()) {
            slots.join(this);
        }
        open.add(connection);
        // The try on a connection hears of its end by itself; between tries it is no event.
        http.exceptionHandler(broken -> {});
        if (connection.isMultiplexed()) {
            http.goAwayHandler(going -> connection.drain());
        }
        http.closeHandler(gone -> closed(connection));
        connection.take();
        multiplexes = connection.isMultiplexed();
        for (Following follower : takeFollowing()) {
            if (connection.isMultiplexed() && connection.hasRoom()) {
                connection.take();
                follower.promise.complete(connection);
            } else {
                take(follower.need).onComplete(follower.promise);
            }
        }
        return connection;
    }

    private List<Following> takeFollowing() {
        List<Following> all = List.copyOf(following);
        following.clear();
        return all;
    }

    private void closed(OriginConnection connection) {
        connection.hasClosed();
        idle.remove(connection);
        if (open.remove(connection)) {
            slots.release();
            if (open.isEmpty()) {
                slots.leave(this);
            }
            forgetIfUnused();
        }
    }

    /** A request on this connection is over. */
    void givenBack(OriginConnection connection) {
        if (connection.isClosed()) {
            return;
        }
        if (connection.isDraining()) {
            connection.drain();
            return;
        }
        while (connection.hasRoom() && !waiting.isEmpty()) {
            Waiting first = waiting.peek();
            if (!connection.isMultiplexed() && slots.isOthersTurn(first.ticket, UNFAIR_NANOS)) {
                break;
            }
            waiting.remove();
            if (first.served(connection)) {
                return;
            }
        }
        if (!connection.isIdle()) {
            return;
        }
        if (slots.isContended()) {
            connection.close();
        } else {
            idle.push(connection);
            watchIdle();
        }
    }

    @Override
    public void spare(int most) {
        context.runOnContext(ignored -> {
            for (int i = 0; i < most && !idle.isEmpty(); i++) {
                idle.removeLast().close();
            }
        });
    }

    private void watchIdle() {
        OriginConnection oldest = idle.peekLast();
        if (idleTimer < 0 && oldest != null) {
            long left = oldest.idleSinceNanos() + idleNanos - System.nanoTime();
            idleTimer = vertx.setTimer(Math.max(1, Math.ceilDiv(left, 1_000_000)), ignored -> {
                idleTimer = -1;
                endIdle();
                watchIdle();
            });
        }
    }

    private void endIdle() {
        long now = System.nanoTime();
        while (!idle.isEmpty() && now - idle.getLast().idleSinceNanos() >= idleNanos) {
            idle.removeLast().close();
        }
    }

    /** Connections to addresses that the name no longer has are not used for new requests. No request waits for this. */
    private void lookUpAgain() {
        if (open.isEmpty() || System.nanoTime() - lookedUpNanos < LOOKUP_NANOS) {
            return;
        }
        lookedUpNanos = System.nanoTime();
        connector.addresses(scope, endpoint).onSuccess(addresses -> {
            if (!addresses.equals(known)) {
                known = addresses;
                Set<SocketAddress> now = new HashSet<>(addresses);
                for (OriginConnection connection : List.copyOf(open)) {
                    if (!now.contains(connection.address())) {
                        idle.remove(connection);
                        connection.drain();
                    }
                }
            }
        });
    }

    private void forgetIfUnused() {
        if (open.isEmpty() && waiting.isEmpty() && connecting == 0) {
            if (idleTimer >= 0) {
                vertx.cancelTimer(idleTimer); // or it keeps all this for as long as an unused connection may stay
                idleTimer = -1;
            }
            unused.run();
        }
    }
}
