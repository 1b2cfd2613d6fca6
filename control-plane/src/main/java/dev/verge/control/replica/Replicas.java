package dev.verge.control.replica;

import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.control.store.Signal;
import dev.verge.control.store.SignalListener;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.Tails;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This control plane among those that share its store. Each says every two seconds that it is alive; one that was silent for ten is dead. */
public final class Replicas implements Peers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration FLUSH = Duration.ofMillis(50);

    private final Vertx vertx;
    private final Database database;
    private final SyncServer sync;
    private final String id;
    private final Duties duties;
    private final Relay relay;
    private final RemoteOrders orders;
    private final RemoteTails tails;
    private final SignalListener listener;
    private final AtomicBoolean beating = new AtomicBoolean();
    private final long[] timers;
    private volatile List<String> others = List.of();
    private volatile boolean closed;

    /** What else is done when something happens among the control planes; everything may block. */
    public interface Duties {

        /** The log may have a new head. */
        void log();

        /** The standing of nodes may have changed. */
        void nodes();

        /** A control plane is dead: what it had begun ends, in the transaction that forgets it. */
        void dead(Session session, String replica);

        /** This one was taken for dead, or has just begun: what it knows of its nodes is to be written again. */
        void again();
    }

    /** Joins the others; blocks while the store is told. */
    public Replicas(Vertx vertx, Database database, SyncServer sync, String id, Duties duties) {
        this.vertx = vertx;
        this.database = database;
        this.sync = sync;
        this.id = id;
        this.duties = duties;
        this.relay = new Relay(database, id, this::lost);
        this.orders = new RemoteOrders(relay::send);
        this.tails = new RemoteTails(sync.tails(), relay::send, this::tellWatched);
        beat();
        this.listener = database.listener(new SignalListener.Heard() {
            @Override
            public void signal(Signal signal, String text) {
                switch (signal) {
                    case LOG -> duties.log();
                    case NODES -> duties.nodes();
                    case RELAY -> {
                        if (text.equals(id)) {
                            relay.receive(Replicas.this::received);
                        }
                    }
                }
            }

            @Override
            public void look() {
                duties.log();
                duties.nodes();
                relay.receive(Replicas.this::received);
            }
        });
        this.timers = new long[] {
            vertx.setPeriodic(
                    BEAT.toMillis(), timer -> Thread.ofVirtual().name("replica").start(this::beat)),
            vertx.setPeriodic(FLUSH.toMillis(), timer -> tails.flush())
        };
    }

    /** The control planes that are alive. */
    public static Set<String> alive(Session session) {
        return Set.copyOf(ReplicaTable.all(session));
    }

    @Override
    public Future<OrderResult> order(String node, Order order) {
        if (connectedHere(node)) {
            return sync.nodes().order(node, order);
        }
        Optional<String> peer = database.read(session -> ReplicaTable.of(session, node));
        return peer.isEmpty() || peer.get().equals(id)
                ? Future.failedFuture("node " + node + " is not connected to any control plane")
                : orders.give(peer.get(), node, order);
    }

    @Override
    public void disconnect(String node, String reason) {
        sync.disconnect(node, reason);
        // All of them: where a node is may not be in the store yet.
        database.read(ReplicaTable::all).stream()
                .filter(peer -> !peer.equals(id))
                .forEach(peer -> relay.send(new Message(peer, Message.Kind.DISCONNECT, node, reason)));
    }

    private boolean connectedHere(String node) {
        return sync.connected(node);
    }

    @Override
    public Registration watch(String account, String function, Consumer<Tails.Seen> watcher) {
        return tails.watch(account, function, watcher);
    }

    @Override
    public int watchers() {
        return tails.watchers();
    }

    private void tellWatched() {
        String body = tails.watched().encode();
        others.forEach(peer -> relay.send(new Message(peer, Message.Kind.WATCH, "", body)));
    }

    private void received(Message message) {
        try {
            switch (message.kind()) {
                case ORDER -> carryOut(message);
                case DONE -> frame(message, Frame.OrderDone.class, (peer, done) -> orders.done(done));
                case FAILED -> orders.failed(message.body());
                case DISCONNECT -> sync.disconnect(message.node(), message.body());
                case WATCH ->
                    frame(
                            message,
                            Frame.Tail.class,
                            (peer, watched) -> tails.watches(peer, watched, System.nanoTime()));
                case SEEN ->
                    frame(message, Frame.Records.class, (peer, records) -> tails.seen(message.node(), records));
            }
        } catch (RuntimeException e) {
            LOG.warn("a message {} of control plane {} could not be followed", message.kind(), message.peer(), e);
        }
    }

    private static <T extends Frame> void frame(Message message, Class<T> type, BiConsumer<String, T> follow) {
        follow.accept(message.peer(), type.cast(Frame.decode(message.body())));
    }

    private void carryOut(Message message) {
        frame(
                message,
                Frame.OrderGiven.class,
                (peer, given) -> sync.nodes()
                        .order(message.node(), given.order())
                        .onSuccess(result ->
                                answer(peer, Message.Kind.DONE, new Frame.OrderDone(given.number(), result).encode()))
                        .onFailure(failure ->
                                answer(peer, Message.Kind.FAILED, given.number() + " " + failure.getMessage())));
    }

    private void answer(String peer, Message.Kind kind, String body) {
        if (!relay.send(new Message(peer, kind, "", body))) {
            LOG.warn("an answer to control plane {} was given up: too much is on its way", peer);
        }
    }

    private void lost(Message message) {
        if (message.kind() == Message.Kind.ORDER) {
            orders.lost(message);
        }
    }

    /** Says that this one is alive, and forgets those that are not. One beat at a time; a slow one takes the next one's place. */
    private void beat() {
        if (closed || !beating.compareAndSet(false, true)) {
            return;
        }
        try {
            boolean again = database.relay(session -> ReplicaTable.alive(session, id));
            List<String> silent = database.read(session -> ReplicaTable.silent(session, SILENCE));
            for (String dead : silent) {
                bury(dead);
            }
            List<String> before = others;
            others = database.read(ReplicaTable::all).stream()
                    .filter(other -> !other.equals(id))
                    .toList();
            // Whoever buried them: this one's orders wait for nobody.
            before.stream().filter(other -> !others.contains(other)).forEach(orders::gone);
            if (again) {
                duties.again();
            }
            tails.expire(System.nanoTime(), SILENCE);
            if (tails.watchers() > 0) {
                tellWatched();
            }
        } catch (RuntimeException e) {
            LOG.warn("the store could not be told that this control plane is alive; it is tried again", e);
        } finally {
            beating.set(false);
        }
    }

    private void bury(String dead) {
        boolean first = database.write(session -> {
            if (!ReplicaTable.silent(session, SILENCE).contains(dead)) {
                return false;
            }
            ReplicaTable.remove(session, dead);
            duties.dead(session, dead);
            return true;
        });
        if (first) {
            LOG.warn("control plane {} is dead: not heard for {} s", dead, SILENCE.toSeconds());
        }
        orders.gone(dead);
    }

    /** Leaves the others: what is under way ends, and nodes are no longer said to be here. Blocks. */
    @Override
    public void close() {
        closed = true;
        for (long timer : timers) {
            vertx.cancelTimer(timer);
        }
        listener.close();
        relay.close();
        try {
            database.write(session -> {
                ReplicaTable.remove(session, id);
                duties.dead(session, id);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.warn("the others could not be told that this control plane ends; they will notice", e);
        }
    }
}
