package dev.verge.balancer;

import dev.verge.balancer.choice.Balancer;
import dev.verge.balancer.choice.Loads;
import dev.verge.balancer.choice.Snapshot;
import dev.verge.balancer.choice.Traits;
import dev.verge.balancer.health.HealthEvent;
import dev.verge.balancer.health.HealthRules;
import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.health.Outliers;
import dev.verge.balancer.health.PoolHealth;
import dev.verge.balancer.options.HashSource;
import dev.verge.balancer.options.Hedge;
import dev.verge.balancer.options.PoolOptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pool of origins, as one version of a site document describes it. Thread-safe and lock-free: event loops choose and
 * report at the same time. Made by {@link UpstreamPools}.
 */
public final class UpstreamPool {
    private static final Logger log = LoggerFactory.getLogger(UpstreamPool.class);

    private final String scope;
    private final String name;
    private final PoolOptions options;
    private final List<OriginRuntime> origins;
    private final PoolCounters counters;
    private final MonotonicTime time;
    private final Supplier<RandomGenerator> random;
    private final HealthRules rules;
    private final Balancer balancer;
    private final Loads loads = new LiveLoads();
    private final AtomicReference<PoolHealth> health;
    /** What was wrong with each origin's last probe; null: nothing. */
    private final AtomicReferenceArray<@Nullable String> probeFailures;

    /** When success and latency are judged next. */
    private final AtomicLong nextJudgement;

    private volatile PoolView view;
    /** The pool of the next version of the document: results of requests that began here still count there. */
    private volatile @Nullable UpstreamPool successor;

    UpstreamPool(
            String scope,
            String name,
            PoolOptions options,
            List<OriginRuntime> origins,
            List<HealthState> initialHealth,
            PoolCounters counters,
            MonotonicTime time,
            Supplier<RandomGenerator> random) {
        this.scope = scope;
        this.name = name;
        this.options = options;
        this.origins = List.copyOf(origins);
        this.counters = counters;
        this.time = time;
        this.random = random;
        this.rules = new HealthRules(options.healthCheck(), options.outlier());
        this.probeFailures = new AtomicReferenceArray<>(origins.size());
        this.balancer = new Balancer(options.method());
        PoolHealth initial =
                new PoolHealth(origins.stream().map(OriginRuntime::health).toList());
        this.health = new AtomicReference<>(initial);
        for (int i = 0; i < this.origins.size(); i++) {
            int index = i;
            this.origins.get(i).healthFrom(() -> health.get().origins().get(index));
        }
        this.nextJudgement =
                new AtomicLong(time.nanos() + options.outlier().interval().toNanos());
        this.origins.forEach(OriginRuntime::takeSample);
        this.view = PoolView.of(options, endpoints(), initial, time.now(), time.nanos());
    }

    public String name() {
        return name;
    }

    public PoolOptions options() {
        return options;
    }

    /** The pool's origins, in the order of the document. */
    public List<Endpoint> endpoints() {
        return origins.stream().map(OriginRuntime::endpoint).toList();
    }

    /**
     * Begins a client's request to this pool; the caller closes it when the request is over, whatever happened. Null once the pool has been
     * given up: {@link LatePool#open} makes another one.
     */
    @Nullable
    UpstreamCall open() {
        long now = time.nanos();
        return counters.enter(now) ? new UpstreamCall(this, counters, time, now, random.get()) : null;
    }

    /** What this pool looks like now. */
    PoolStatus status() {
        Instant now = time.now();
        List<PoolStatus.OriginStatus> list = new ArrayList<>();
        for (int i = 0; i < origins.size(); i++) {
            OriginRuntime origin = origins.get(i);
            HealthState state = origin.health();
            list.add(new PoolStatus.OriginStatus(
                    origin.endpoint().id(),
                    origin.endpoint().origin().url(),
                    origin.endpoint().origin().role(),
                    state.usable(now),
                    state.down(),
                    state.ejected(now),
                    origin.inFlight(),
                    origin.latencyNanos() / 1e6,
                    probeFailures.get(i)));
        }
        return new PoolStatus(scope, name, counters.requests(), counters.pending(), list);
    }

    /** Whether one of its origins may not serve now. */
    boolean isTroubled(Instant now) {
        return health.get().origins().stream().anyMatch(state -> !state.usable(now));
    }

    /** How many usable origins are not excluded. */
    int untried(IntPredicate tried) {
        return currentView().snapshot().count(tried);
    }

    Choice choose(RequestTraits request, IntPredicate excluded) {
        Snapshot snapshot = currentView().snapshot();
        if (snapshot.isEmpty()) {
            return new Choice.NoneUsable(Choice.Reason.ALL_DOWN);
        }
        String cookie = options.affinity() == null
                ? null
                : request.cookie(options.affinity().cookie());
        int preferred = cookie == null ? -1 : indexOf(cookie);
        Traits traits = new Traits(request.clientIp(), hashKey(request), counters.nextTicket());
        OptionalInt chosen = balancer.choose(snapshot, traits, loads, preferred, excluded, random.get());
        if (chosen.isEmpty()) {
            return new Choice.NoneUsable(Choice.Reason.ALL_TRIED);
        }
        if (!counters.acquireRequest(options.limits().maxRequests())) {
            return overloaded(Choice.Limit.MAX_REQUESTS);
        }
        // A new request waits for a moment even when a connection is free, so maxPending 0 still lets one through.
        if (!counters.acquirePending(Math.max(1, options.limits().maxPending()))) {
            counters.releaseRequest();
            return overloaded(Choice.Limit.MAX_PENDING);
        }
        int index = chosen.getAsInt();
        OriginRuntime origin = origins.get(index);
        origin.tryStarted();
        return new Choice.Picked(
                new PoolLease(this, index, origin, counters, time), setCookie(origin, preferred, index));
    }

    private Choice overloaded(Choice.Limit limit) {
        counters.count(limit);
        return new Choice.Overloaded(limit);
    }

    void budgetUsedUp() {
        counters.count(Choice.Limit.RETRY_BUDGET);
    }

    int indexOf(Lease lease) {
        return indexOf(lease.endpoint().id());
    }

    /** Feeds a result into the health of an origin. */
    void report(int index, HealthEvent event) {
        UpstreamPool next = successor;
        if (next != null) {
            int there = next.indexOf(origins.get(index).endpoint().id());
            if (there >= 0) {
                next.report(there, event);
            }
            return;
        }
        Instant now = time.now();
        while (true) {
            PoolHealth before = health.get();
            PoolHealth after = before.next(index, event, rules, now);
            if (after.equals(before)) {
                return;
            }
            if (health.compareAndSet(before, after)) {
                announce(index, before.origins().get(index), after.origins().get(index), now);
                return;
            }
        }
    }

    /** A try has ended: once in each interval this is the moment to compare the origins. */
    void judgeInTime() {
        if (!Outliers.wanted(options.outlier())) {
            return;
        }
        long due = nextJudgement.get();
        long now = time.nanos();
        if (now - due >= 0
                && nextJudgement.compareAndSet(
                        due, now + options.outlier().interval().toNanos())) {
            List<Outliers.Sample> samples =
                    origins.stream().map(OriginRuntime::takeSample).toList();
            Outliers.find(samples, options.outlier()).stream()
                    .forEach(index -> report(index, new HealthEvent.StoodOut()));
        }
    }

    /** The time up to an answer's head, or as long as it was waited for. */
    void headTook(long tookNanos) {
        Hedge hedge = options.retries().hedge();
        if (hedge != null && hedge.percentile() != null) {
            counters.headTook(tookNanos, time.nanos());
        }
    }

    /** What is known of each origin's health, by its id. */
    Map<String, HealthState> health() {
        Map<String, HealthState> known = new HashMap<>();
        for (OriginRuntime origin : origins) {
            HealthState state = origin.health();
            if (!state.equals(HealthState.INITIAL)) {
                known.put(origin.endpoint().id(), state);
            }
        }
        return Map.copyOf(known);
    }

    /** Hands over to the pool of a newer version of the document. */
    void replacedBy(UpstreamPool newer) {
        successor = newer;
    }

    /** Takes a probe's result; returns whether recent probes disagree with the origin's state. */
    boolean probed(int index, @Nullable String failure) {
        probeFailures.set(index, failure);
        report(index, failure == null ? new HealthEvent.ProbeGood() : new HealthEvent.ProbeBad());
        return health.get().origins().get(index).streak() > 0;
    }

    private void announce(int index, HealthState before, HealthState after, Instant now) {
        OriginRuntime origin = origins.get(index);
        if (before.down() != after.down()) {
            String url = origin.endpoint().origin().url();
            if (after.down()) {
                log.warn("{} pool {} origin {} is down: {}", scope, name, url, probeFailures.get(index));
            } else {
                log.info("{} pool {} origin {} is up again", scope, name, url);
            }
        }
        if (!before.ejected(now) && after.ejected(now)) {
            log.warn(
                    "{} pool {} origin {} keeps failing and rests until {}",
                    scope,
                    name,
                    origin.endpoint().origin().url(),
                    after.ejectedUntil());
        }
    }

    private PoolView currentView() {
        PoolView current = view;
        PoolHealth state = health.get();
        long nanos = time.nanos();
        if (!current.isCurrent(state, nanos)) {
            current = PoolView.of(options, endpoints(), state, time.now(), nanos);
            view = current;
        }
        return current;
    }

    private String hashKey(RequestTraits request) {
        HashSource source = options.hashSource();
        String key = switch (options.method()) {
            case CONSISTENT_HASH ->
                switch (source.kind()) {
                    case PATH -> request.path();
                    case URL -> request.query() == null ? request.path() : request.path() + '?' + request.query();
                    case CLIENT_IP -> request.clientIp();
                    case HEADER -> request.header(source.name());
                    case COOKIE -> request.cookie(source.name());
                };
            case ROUND_ROBIN, LEAST_REQUESTS, RANDOM_TWO, PEAK_EWMA, IP_HASH -> "";
        };
        return key == null ? "" : key;
    }

    private @Nullable String setCookie(OriginRuntime origin, int preferred, int chosen) {
        if (options.affinity() == null || preferred == chosen) {
            return null;
        }
        return options.affinity().cookie() + '=' + origin.endpoint().id() + "; Path=/; Max-Age="
                + options.affinity().ttl().toSeconds() + "; HttpOnly; SameSite=Lax";
    }

    private int indexOf(String id) {
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).endpoint().id().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** Reads the counters as they are at that moment. */
    private final class LiveLoads implements Loads {
        @Override
        public int inFlight(int index) {
            return origins.get(index).inFlight();
        }

        @Override
        public double latencyNanos(int index) {
            return origins.get(index).latencyNanos();
        }
    }
}
