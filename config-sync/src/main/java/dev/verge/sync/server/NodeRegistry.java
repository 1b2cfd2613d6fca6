package dev.verge.sync.server;

import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is connected, and what each node answered. Safe for use from any thread. */
public final class NodeRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistry.class);

    private final Clock clock;
    private final Function<String, @Nullable NodeStream> streams;
    private final Object lock = new Object();
    private final Map<String, Known> nodes = new HashMap<>();
    private final CopyOnWriteArrayList<Consumer<NodeState>> listeners = new CopyOnWriteArrayList<>();

    private static final class Known {
        NodeState state;
        boolean allowShared;
        final AnswerTimes answers = new AnswerTimes();

        Known(NodeState state) {
            this.state = state;
        }
    }

    NodeRegistry(Clock clock, Function<String, @Nullable NodeStream> streams) {
        this.clock = clock;
        this.streams = streams;
    }

    /**
     * Asks a node to run a function, and waits for what comes of it.
     *
     * @return fails when the node is not connected here, or its stream ends before the answer: whether it ran is then not known
     */
    public Future<OrderResult> order(String node, Order order) {
        NodeStream stream = streams.apply(node);
        return stream == null
                ? Future.failedFuture("node " + node + " is not connected to this control plane")
                : stream.order(order);
    }

    /** All nodes seen since the start, connected or not, by name. */
    public List<NodeState> all() {
        synchronized (lock) {
            return nodes.values().stream()
                    .map(known -> known.state)
                    .sorted(Comparator.comparing(NodeState::node))
                    .toList();
        }
    }

    /** The nodes whose streams end here. */
    public List<NodeState> local() {
        synchronized (lock) {
            return nodes.values().stream()
                    .map(known -> known.state)
                    .filter(state -> streams.apply(state.node()) != null)
                    .toList();
        }
    }

    /** One node. */
    public Optional<NodeState> find(String node) {
        synchronized (lock) {
            return Optional.ofNullable(nodes.get(node)).map(known -> known.state);
        }
    }

    /** How each node stands to the value that {@code key} got in {@code revision}. */
    public List<NodeAnswer> answers(String key, long revision) {
        return answers(key, revision, Placement.EVERYWHERE);
    }

    /** The same of those nodes only that the value is for. */
    public List<NodeAnswer> answers(String key, long revision, Placement placement) {
        List<NodeAnswer> answers = new ArrayList<>();
        synchronized (lock) {
            for (Known known : nodes.values()) {
                if (placement.includes(known.state.groups())) {
                    answers.add(answer(known, key, revision));
                }
            }
        }
        answers.sort(Comparator.comparing(NodeAnswer::node));
        return answers;
    }

    private static NodeAnswer answer(Known known, String key, long revision) {
        NodeState state = known.state;
        @Nullable Refusal refusal = state.refused().get(key);
        Instant at = Objects.requireNonNullElse(known.answers.at(revision), state.ackedAt());
        if (state.acked() < revision) {
            return new NodeAnswer(state.node(), state.connected(), state.acked(), NodeAnswer.State.PENDING, null, null);
        }
        if (refusal != null && refusal.revision() >= revision) {
            return new NodeAnswer(
                    state.node(), state.connected(), state.acked(), NodeAnswer.State.REFUSED, refusal.reason(), at);
        }
        return new NodeAnswer(state.node(), state.connected(), state.acked(), NodeAnswer.State.APPLIED, null, at);
    }

    /** When a node took in a revision, as far as that is remembered; empty while it has not. */
    public Optional<Instant> ackedAt(String node, long revision) {
        synchronized (lock) {
            Known known = nodes.get(node);
            if (known == null || known.state.acked() < revision) {
                return Optional.empty();
            }
            return Optional.of(Objects.requireNonNullElse(known.answers.at(revision), known.state.ackedAt()));
        }
    }

    /** Tells of each change of a node, on the thread of its stream: return at once. */
    public Registration onChange(Consumer<NodeState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Makes a node known that has not connected since the start, from what the control plane stored of it. */
    public void remember(NodeState state) {
        synchronized (lock) {
            nodes.putIfAbsent(state.node(), new Known(state));
        }
    }

    /**
     * Takes over what another control plane says of a node, unless the node's stream ends here. Listeners are not told: what they hear is
     * about streams of this one.
     */
    public void elsewhere(NodeState state) {
        synchronized (lock) {
            Known known = nodes.computeIfAbsent(state.node(), name -> new Known(state));
            if (streams.apply(state.node()) != null) {
                return;
            }
            if (known.state.acked() > state.acked()) {
                known.answers.clear();
            } else if (known.state.acked() < state.acked()) {
                known.answers.add(state.acked(), state.ackedAt());
            }
            known.state = state;
        }
    }

    /** Drops a node that is gone for good. */
    public void forget(String node) {
        synchronized (lock) {
            nodes.remove(node);
        }
    }

    /** Whether a node that is connected here runs functions with {@code isolation: shared}. */
    public boolean anyAllowsShared() {
        synchronized (lock) {
            return nodes.values().stream().anyMatch(known -> known.allowShared && known.state.connected());
        }
    }

    void connected(
            NodeIdentity identity, String software, long acked, Map<String, Refusal> refused, boolean allowShared) {
        Instant now = clock.instant();
        NodeState state =
                new NodeState(identity.node(), identity.groups(), true, now, software, acked, now, refused, null);
        synchronized (lock) {
            Known known = nodes.computeIfAbsent(identity.node(), name -> new Known(state));
            known.allowShared = allowShared;
            if (known.state.acked() > acked) {
                known.answers.clear();
            }
            NodeState here = known.state.acked() == acked ? state.acked(acked, known.state.ackedAt()) : state;
            known.state = here.compared(known.state.comparison());
        }
        change(identity.node(), known -> known);
    }

    void disconnected(String node) {
        change(node, state -> state.disconnected(clock.instant()));
    }

    void acked(String node, long revision) {
        Instant now = clock.instant();
        synchronized (lock) {
            Known known = nodes.get(node);
            if (known == null || known.state.acked() >= revision) {
                return;
            }
            known.answers.add(revision, now);
        }
        change(node, state -> state.acked(revision, now));
    }

    void refusals(String node, Map<String, Refusal> refused) {
        change(node, state -> state.refused(refused));
    }

    void compared(String node, int differing) {
        change(node, state -> state.compared(new Comparison(clock.instant(), differing)));
    }

    private void change(String node, UnaryOperator<NodeState> next) {
        NodeState state;
        synchronized (lock) {
            Known known = nodes.get(node);
            if (known == null) {
                return;
            }
            state = next.apply(known.state);
            known.state = state;
        }
        tell(state);
    }

    private void tell(NodeState state) {
        for (Consumer<NodeState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException bug) {
                LOG.error("a listener to node changes failed", bug);
            }
        }
    }
}
