package dev.verge.control.usage;

import dev.verge.control.store.Database;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.server.Tails;
import dev.verge.sync.server.UsageTaker;
import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what nodes counted, of all of them together in one transaction, twice a second: however many nodes there are, the store is not
 * written to more often. Nodes hear that something is taken when it is durable. What does not fit into memory is refused, and sent again.
 */
public final class UsageIntake implements UsageTaker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UsageIntake.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration FORGET = Duration.ofMinutes(10);

    /** Rows that may wait; one has some hundred bytes. */
    private static final int MOST_ROWS = 200_000;

    private static final int MOST_MESSAGES = 20_000;
    private static final long FORGOTTEN_AT_ONCE = Duration.ofHours(6).toMinutes();

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final Duration kept;
    private final Counted counted;
    private final LiveUsage live;
    private final QuotaShares shares = new QuotaShares();
    private final String replica;
    private final IntSupplier nodes;
    private final Object lock = new Object();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final long[] timers;
    private List<Waiting> waiting = new ArrayList<>();
    private int rows;

    private record Waiting(String node, Frame.Usage usage, Promise<Void> taken) {}

    /**
     * Takes from now on.
     *
     * @param counted hears of all that counts
     * @param replica identity of this control plane
     * @param nodes how many nodes are connected, here and elsewhere
     */
    public UsageIntake(
            Vertx vertx,
            Database database,
            InstantSource clock,
            UsageRetention retention,
            Tails tails,
            Counted counted,
            String replica,
            IntSupplier nodes) {
        this.vertx = vertx;
        this.database = database;
        this.clock = clock;
        this.kept = retention.kept();
        this.counted = counted;
        this.replica = replica;
        this.nodes = nodes;
        this.live = new LiveUsage(tails);
        this.timers = new long[] {
            vertx.setPeriodic(
                    PAUSE.toMillis(), id -> Thread.ofVirtual().name("usage").start(this::write)),
            vertx.setPeriodic(
                    FORGET.toMillis(), id -> Thread.ofVirtual().name("usage").start(this::forget))
        };
    }

    @Override
    public Future<Void> take(NodeIdentity from, Frame.Usage usage) {
        Promise<Void> taken = Promise.promise();
        int more =
                usage.intervals().stream().mapToInt(each -> each.rows().size()).sum();
        synchronized (lock) {
            if (waiting.size() >= MOST_MESSAGES || rows + more > MOST_ROWS) {
                return Future.failedFuture("more usage waits than can be stored");
            }
            rows += more;
            waiting.add(new Waiting(from.node(), usage, taken));
        }
        live.add(from.node(), usage.boot(), usage.intervals());
        return taken.future();
    }

    @Override
    public Map<String, QuotaShare> shares(NodeIdentity of) {
        return shares.of(of.node());
    }

    private void write() {
        if (!writing.compareAndSet(false, true)) {
            return;
        }
        try {
            live.flush();
            List<Waiting> these = taken();
            if (these.isEmpty()) {
                return;
            }
            try {
                Instant now = clock.instant();
                Set<String> limited = new HashSet<>();
                Map<String, QuotaShares.Use> elsewhere = new HashMap<>();
                Set<Waiting> stored = database.write(session -> {
                    UsageStore store = new UsageStore(
                            session,
                            these.stream().map(Waiting::node).distinct().toList(),
                            now);
                    Set<Waiting> taken = Collections.newSetFromMap(new IdentityHashMap<>());
                    these.stream()
                            .filter(each -> store.take(each.node(), each.usage()))
                            .forEach(taken::add);
                    counted.counted(session, store.write(), now);
                    limited.clear();
                    limited.addAll(QuotaTable.limited(session));
                    if (database.shared()) {
                        long nanos = System.nanoTime();
                        elsewhere.clear();
                        elsewhere.putAll(
                                QuotaTable.exchange(session, replica, shares.sums(limited, nanos), now, nanos));
                    }
                    return taken;
                });
                long nanos = System.nanoTime();
                stored.forEach(each -> shares.used(each.node(), each.usage().intervals(), limited, nanos));
                shares.handOut(limited, elsewhere, Math.max(1, nodes.getAsInt()), nanos);
                for (Waiting each : these) {
                    if (stored.contains(each)) {
                        each.taken().complete();
                    } else {
                        each.taken().fail("something before it did not arrive");
                    }
                }
            } catch (RuntimeException e) {
                LOG.warn("usage could not be stored; the nodes send it again", e);
                these.forEach(each -> each.taken().fail(e));
            }
        } finally {
            writing.set(false);
        }
    }

    private List<Waiting> taken() {
        synchronized (lock) {
            List<Waiting> these = waiting;
            waiting = new ArrayList<>();
            rows = 0;
            return these;
        }
    }

    private void forget() {
        try {
            Instant before = clock.instant().minus(kept);
            database.write(session -> UsageTable.forget(session, before, FORGOTTEN_AT_ONCE));
        } catch (RuntimeException e) {
            LOG.warn("old usage could not be removed; it is tried again", e);
        }
    }

    /** Stores what waits, and takes no more. Blocks. */
    @Override
    public void close() {
        for (long timer : timers) {
            vertx.cancelTimer(timer);
        }
        write();
    }
}
