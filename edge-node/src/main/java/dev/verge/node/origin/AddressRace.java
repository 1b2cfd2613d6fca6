package dev.verge.node.origin;

import dev.verge.balancer.FairLimit;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection to whichever address of a name answers first (RFC 8305 §5): the next address is tried when one has failed, or has
 * not answered for 250 ms; who comes second is closed. Used on one event loop.
 */
final class AddressRace {
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final Vertx vertx;
    private final List<SocketAddress> addresses;
    private final Function<SocketAddress, Future<HttpClientConnection>> connect;
    private final Promise<Reached> winner = Promise.promise();
    private final FairLimit deadline;
    private int next;
    private int running;
    private long timer = -1;
    private boolean over;
    private @Nullable Throwable failure;

    /** The connection that was there first, and where it leads. */
    record Reached(HttpClientConnection connection, SocketAddress address) {}

    private AddressRace(
            Vertx vertx,
            List<SocketAddress> addresses,
            Duration time,
            Function<SocketAddress, Future<HttpClientConnection>> connect) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.connect = connect;
        this.deadline = FairLimit.in(vertx, time, this::outOfTime);
    }

    /**
     * Runs the race.
     *
     * @param addresses at least one, in the order to try them
     * @param time for all of it, TLS included; then it fails with {@link ConnectTimeoutException}
     * @param connect begins a connection to an address
     */
    static Future<Reached> run(
            Vertx vertx,
            List<SocketAddress> addresses,
            Duration time,
            Function<SocketAddress, Future<HttpClientConnection>> connect) {
        AddressRace race = new AddressRace(vertx, addresses, time, connect);
        race.start();
        return race.winner.future();
    }

    private void start() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        SocketAddress address = addresses.get(next++);
        running++;
        connect.apply(address).onComplete(connection -> connected(connection, address), this::failed);
        if (!over && next < addresses.size() && timer < 0) {
            timer = vertx.setTimer(HEAD_START.toMillis(), ignored -> {
                timer = -1;
                if (!over && next < addresses.size()) {
                    start();
                }
            });
        }
    }

    private void connected(HttpClientConnection connection, SocketAddress address) {
        if (over) {
            var _ = connection.close();
        } else {
            finish();
            winner.complete(new Reached(connection, address));
        }
    }

    private void failed(Throwable cause) {
        running--;
        if (failure == null) {
            failure = cause;
        }
        if (over) {
            return;
        }
        if (next < addresses.size()) {
            start();
        } else if (running == 0) {
            finish();
            winner.fail(failure);
        }
    }

    private void outOfTime() {
        if (!over) {
            finish();
            winner.fail(new ConnectTimeoutException("no connection in time"));
        }
    }

    private void finish() {
        over = true;
        deadline.lift();
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }
}
