package dev.verge.control.report;

import dev.verge.control.resource.LoadPoint;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Database;
import dev.verge.sync.report.NodeReport;
import dev.verge.sync.report.OriginOutage;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.NodeState;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.Tails;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the nodes connected here tell of themselves, and keeps it, of all nodes together once a second. Of each node only the newest
 * report waits; what cannot be stored is made up for by the next one.
 */
public final class NodeReports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeReports.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration FORGET = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Database database;
    private final InstantSource clock;
    private final NodeRegistry nodes;
    private final Counter stored;
    private final Counter unreadable;
    private final Counter lost;
    private final Registration registration;
    private final long[] timers;
    private final Object lock = new Object();
    private Map<String, String> waiting = new HashMap<>();
    /** What is stored of each node's outages; guarded by {@link #writing}. */
    private final Map<String, Stored> known = new HashMap<>();

    private final ReentrantLock writing = new ReentrantLock();

    /**
     * Outages as they were told last.
     *
     * @param since when the node's stream began: what was told on another one may have been changed by another control plane
     */
    private record Stored(Instant since, List<OriginOutage> outages) {}

    /** Asks the nodes for reports from now on. */
    public NodeReports(Vertx vertx, Database database, InstantSource clock, SyncServer sync, MeterRegistry meters) {
        this.vertx = vertx;
        this.database = database;
        this.clock = clock;
        this.nodes = sync.nodes();
        this.stored = counter(meters, "stored");
        this.unreadable = counter(meters, "unreadable");
        this.lost = counter(meters, "lost");
        Gauge.builder("verge.origin.outages", database, store -> store.read(OutageTable::lasting))
                .description("Origins that nodes do not use now, once for each node.")
                .register(meters);
        this.registration = sync.tails().watch(NodeReport.PLATFORM, NodeReport.CHANNEL, this::seen);
        this.timers = new long[] {
            vertx.setPeriodic(
                    PAUSE.toMillis(), id -> Thread.ofVirtual().name("reports").start(this::write)),
            vertx.setPeriodic(
                    FORGET.toMillis(), id -> Thread.ofVirtual().name("reports").start(this::forget))
        };
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("verge.node.reports")
                .description("Reports of nodes: stored, unreadable, or lost since the store did not take them.")
                .tag("result", result)
                .register(meters);
    }

    private void seen(Tails.Seen seen) {
        if (seen instanceof Tails.Seen.Run(String node, String json)) {
            synchronized (lock) {
                waiting.put(node, json);
            }
        }
    }

    private void write() {
        // Who finds another one writing comes again in a second.
        if (!writing.tryLock()) {
            return;
        }
        try {
            Map<String, NodeReport> reports = taken();
            if (!reports.isEmpty()) {
                store(reports);
            }
        } finally {
            writing.unlock();
        }
    }

    private Map<String, NodeReport> taken() {
        Map<String, String> these;
        synchronized (lock) {
            these = waiting;
            waiting = new HashMap<>();
        }
        Map<String, NodeReport> reports = new HashMap<>();
        these.forEach((node, json) -> {
            try {
                reports.put(node, WireJson.read(json, NodeReport.class));
            } catch (IllegalArgumentException wrong) {
                unreadable.increment();
                LOG.warn("a report of node {} cannot be read: {}", node, wrong.getMessage());
            }
        });
        return reports;
    }

    private void store(Map<String, NodeReport> reports) {
        Instant now = clock.instant();
        Map<String, Stored> changed = new HashMap<>();
        reports.forEach((node, report) -> {
            Instant since = nodes.find(node).map(NodeState::since).orElse(Instant.EPOCH);
            Stored next = new Stored(since, report.outages());
            if (!next.equals(known.get(node))) {
                changed.put(node, next);
            }
        });
        Map<String, LoadPoint> loads = new HashMap<>();
        reports.forEach((node, report) -> loads.put(node, LoadPoint.of(now, report.load())));
        try {
            database.write(session -> {
                LoadTable.put(session, loads);
                reports.forEach((node, report) -> {
                    if (changed.containsKey(node)) {
                        OutageTable.told(session, node, report.outages(), report.omitted() == 0, now);
                    }
                });
                return true;
            });
            known.putAll(changed);
            stored.increment(reports.size());
        } catch (RuntimeException e) {
            lost.increment(reports.size());
            LOG.warn("reports of {} nodes could not be stored; the next ones stand for them", reports.size(), e);
        }
    }

    private void forget() {
        writing.lock();
        try {
            Instant now = clock.instant();
            boolean silent = database.write(session -> {
                LoadTable.forgetOld(session, now);
                return OutageTable.forgetOld(session, now);
            });
            if (silent) {
                known.clear();
            }
            known.keySet().removeIf(node -> nodes.find(node).isEmpty());
        } catch (RuntimeException e) {
            LOG.warn("old reports could not be removed; it is tried again", e);
        } finally {
            writing.unlock();
        }
    }

    /** Takes no more. */
    @Override
    public void close() {
        for (long timer : timers) {
            vertx.cancelTimer(timer);
        }
        registration.close();
    }
}
