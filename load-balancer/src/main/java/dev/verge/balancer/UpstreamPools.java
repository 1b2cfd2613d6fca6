package dev.verge.balancer;

import dev.verge.balancer.health.AddressGuard;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.health.HealthProber;
import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.PoolOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All pools of a node, by scope (one site) and name. Updates come one at a time and take a lock; choosing never does.
 *
 * <p>An update keeps the very same pool when its options are equal, and otherwise carries over what is known of each origin that
 * stays as it is: health, requests in flight, latency, meters; and of the pool: its use of limits and budget. A request
 * under way goes on with the pool it began with.
 */
public final class UpstreamPools implements AutoCloseable {
    private final Vertx vertx;
    private final MeterRegistry registry;
    private final AddressGuard guard;
    private final ClientKeys keys;
    private final OriginIds ids;
    private final MonotonicTime time;
    private final Supplier<RandomGenerator> random;
    private final Map<String, Map<String, Entry>> scopes = new ConcurrentHashMap<>();

    private record Entry(
            UpstreamPool pool,
            List<OriginRuntime> origins,
            PoolCounters counters,
            @Nullable HealthProber prober) {}

    /**
     * @param guard resolves and checks the addresses that probes connect to
     * @param keys what is shown to origins that ask for a certificate
     * @param installation names the installation: the same on all its nodes, so that affinity cookies and hashes agree; not
     *     known to clients
     */
    public UpstreamPools(
            Vertx vertx, MeterRegistry registry, AddressGuard guard, ClientKeys keys, String installation) {
        this(vertx, registry, guard, keys, installation, MonotonicTime.system(), ThreadLocalRandom::current);
    }

    UpstreamPools(
            Vertx vertx,
            MeterRegistry registry,
            AddressGuard guard,
            ClientKeys keys,
            String installation,
            MonotonicTime time,
            Supplier<RandomGenerator> random) {
        this.vertx = vertx;
        this.registry = registry;
        this.guard = guard;
        this.keys = keys;
        this.ids = new OriginIds(installation);
        this.time = time;
        this.random = random;
    }

    /** Makes these the pools of a scope, and returns them by name. Pools of that scope that are not named end. */
    public synchronized Map<String, UpstreamPool> update(String scope, Map<String, PoolOptions> pools) {
        Map<String, Entry> before = scopes.getOrDefault(scope, Map.of());
        Map<String, Entry> after = new HashMap<>();
        before.forEach((name, entry) -> {
            if (!pools.containsKey(name)) {
                end(entry, List.of());
                entry.counters.close();
            }
        });
        pools.forEach((name, options) -> {
            Entry old = before.get(name);
            after.put(
                    name, old != null && old.pool.options().equals(options) ? old : replace(scope, name, options, old));
        });
        scopes.put(scope, Map.copyOf(after));
        Map<String, UpstreamPool> result = new HashMap<>();
        after.forEach((name, entry) -> result.put(name, entry.pool));
        return Map.copyOf(result);
    }

    /** Ends all pools of a scope. */
    public synchronized void remove(String scope) {
        Map<String, Entry> entries = scopes.remove(scope);
        if (entries != null) {
            entries.values().forEach(entry -> {
                end(entry, List.of());
                entry.counters.close();
            });
        }
    }

    /** All pools at this moment. */
    public List<PoolStatus> status() {
        return scopes.values().stream()
                .flatMap(entries -> entries.values().stream())
                .map(entry -> entry.pool.status())
                .toList();
    }

    /** Those with an origin that may not serve at this moment; of many thousands there are few. */
    public List<PoolStatus> troubled() {
        return scopes.values().stream()
                .flatMap(entries -> entries.values().stream())
                .filter(entry -> entry.pool.isTroubled())
                .map(entry -> entry.pool.status())
                .toList();
    }

    /** Stops all probes and removes all meters. */
    @Override
    public synchronized void close() {
        List.copyOf(scopes.keySet()).forEach(this::remove);
    }

    private Entry replace(String scope, String name, PoolOptions options, @Nullable Entry old) {
        List<OriginRuntime> known = old == null ? List.of() : old.origins;
        List<@Nullable OriginRuntime> kept = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Origin origin : options.origins()) {
            Endpoint endpoint = Endpoint.of(ids.id(scope, name, origin), origin);
            endpoints.add(endpoint);
            kept.add(known.stream()
                    .filter(o -> o.endpoint().equals(endpoint))
                    .findFirst()
                    .orElse(null));
        }
        if (old != null) {
            end(old, kept);
        }
        List<OriginRuntime> origins = new ArrayList<>();
        List<HealthState> health = new ArrayList<>();
        Tags tags = Tags.of("site", scope, "pool", name);
        for (int i = 0; i < endpoints.size(); i++) {
            OriginRuntime origin = kept.get(i);
            HealthState state = inherited(known, endpoints.get(i));
            health.add(options.healthCheck() == null ? state.withoutChecks() : state);
            origins.add(origin == null ? new OriginRuntime(endpoints.get(i), state, time, registry, tags) : origin);
        }
        PoolCounters counters = old == null ? new PoolCounters(registry, tags) : old.counters;
        counters.connections().resize(options.limits().maxConnections());
        UpstreamPool pool = new UpstreamPool(scope, name, options, origins, health, counters, time, random);
        if (old != null) {
            old.pool.replacedBy(pool);
        }
        return new Entry(pool, List.copyOf(origins), counters, prober(scope, options, pool));
    }

    /** Weight and role say nothing about health: an origin at the same place keeps its state when they change. */
    private static HealthState inherited(List<OriginRuntime> known, Endpoint endpoint) {
        for (OriginRuntime origin : known) {
            if (origin.endpoint().id().equals(endpoint.id())) {
                return origin.health();
            }
        }
        return HealthState.INITIAL;
    }

    private @Nullable HealthProber prober(String scope, PoolOptions options, UpstreamPool pool) {
        if (options.healthCheck() == null) {
            return null;
        }
        HealthProber prober =
                new HealthProber(vertx, scope, options.healthCheck(), options, guard, keys, random, pool::probed);
        prober.start();
        return prober;
    }

    private static void end(Entry entry, List<@Nullable OriginRuntime> kept) {
        if (entry.prober != null) {
            entry.prober.close();
        }
        for (OriginRuntime origin : entry.origins) {
            if (!kept.contains(origin)) {
                origin.close();
            }
        }
    }
}
