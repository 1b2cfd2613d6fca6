package dev.verge.control.run;

import dev.verge.control.log.LogTable;
import dev.verge.control.node.NodeTable;
import dev.verge.control.replica.Peers;
import dev.verge.control.store.Database;
import dev.verge.sync.document.Placement;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives an order to one node after the other until one has run it. A node that says that it did not run it is followed by the next;
 * one that took it and fell silent is not, so no order is ever carried out twice.
 */
public final class Dispatcher {
    private static final int MOST_NODES = 3;

    /** Nodes that an order for all of them is with at a time. */
    private static final int NODES_AT_ONCE = 64;

    /** Beyond the registry's own patience, so that its words are heard. */
    private static final Duration PATIENCE = Order.PATIENCE.plusSeconds(5);

    private final NodeRegistry registry;
    private final Peers peers;
    private final Database database;
    private final Semaphore slots;
    private final AtomicInteger turn = new AtomicInteger();

    /** Orders to the nodes that are connected to one of the peers, so many at a time. */
    public Dispatcher(NodeRegistry registry, Peers peers, Database database, int concurrent) {
        this.registry = registry;
        this.peers = peers;
        this.database = database;
        this.slots = new Semaphore(concurrent, true);
    }

    /**
     * Gives the order, and waits for what comes of it; for a virtual thread.
     *
     * @param revision the log position of what the order is about, a function's deployment or a site: nodes that have it come first
     * @param patience how long to wait for a free slot
     */
    public Dispatched give(Order order, long revision, Duration patience) {
        try {
            if (!slots.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Dispatched.NotRun("too many runs are under way");
            }
            try {
                return give(order, nodes(order, revision));
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dispatched.NotRun("the control plane is stopping");
        }
    }

    /**
     * Gives the order to every connected node that it concerns and that does not drain, some at a time, and waits for what comes of it at
     * each; for a virtual thread.
     *
     * @param revision the log position of what the order is about
     * @return by node, sorted
     */
    public SortedMap<String, Dispatched> giveAll(Order order, long revision) {
        SortedMap<String, Dispatched> all = Collections.synchronizedSortedMap(new TreeMap<>());
        Semaphore some = new Semaphore(NODES_AT_ONCE);
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (NodeAnswer node : live(order, revision)) {
                some.acquire();
                each.execute(() -> {
                    try {
                        all.put(node.node(), ask(node.node(), order));
                    } finally {
                        some.release();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new TreeMap<>(all);
    }

    private Dispatched give(Order order, List<String> nodes) {
        Dispatched last = new Dispatched.NotRun("no node is connected");
        for (String node : nodes) {
            last = ask(node, order);
            if (!(last instanceof Dispatched.NotRun)) {
                return last;
            }
        }
        return last;
    }

    private Dispatched ask(String node, Order order) {
        try {
            OrderResult result = peers.order(node, order)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!result.outcome().equals(OrderResult.NOT_RUN)) {
                return new Dispatched.Ran(node, result);
            }
            return new Dispatched.NotRun(
                    result.reason().isEmpty() ? "node " + node + " did not run it" : result.reason());
        } catch (TimeoutException e) {
            return new Dispatched.Lost(node, "no answer came in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Dispatched.Lost(node, String.valueOf(cause.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dispatched.Lost(node, "the control plane is stopping");
        }
    }

    private List<NodeAnswer> live(Order order, long revision) {
        Set<String> draining = database.read(NodeTable::draining);
        Placement placement = database.read(session -> LogTable.placement(session, order.subject()));
        return registry.answers(order.subject(), revision, placement).stream()
                .filter(node -> node.connected() && !draining.contains(node.node()))
                .toList();
    }

    /** Connected nodes that do not drain, in turn; those that have the deployment come before those that have not. */
    private List<String> nodes(Order order, long revision) {
        List<String> ready = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (NodeAnswer node : live(order, revision)) {
            (node.state() == NodeAnswer.State.APPLIED ? ready : others).add(node.node());
        }
        if (!ready.isEmpty()) {
            Collections.rotate(ready, -(turn.getAndIncrement() & 0xffff));
        }
        ready.addAll(others);
        return ready.subList(0, Math.min(ready.size(), MOST_NODES));
    }
}
