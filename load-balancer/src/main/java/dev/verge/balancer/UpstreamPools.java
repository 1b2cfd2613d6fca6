package dev.verge.balancer;

import dev.verge.balancer.LatePool.Made;
import dev.verge.balancer.health.AddressGuard;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.health.HealthProber;
import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.PoolOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
 * All pools of a node, by scope (one site) and name. Updates come one at a time and take a lock, as does the making of a pool when it is
 * first asked for; choosing never does.
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
    private final Map<String, Map<String, LatePool>> scopes = new ConcurrentHashMap<>();

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
    public synchronized Map<String, LatePool> update(String scope, Map<String, PoolOptions> pools) {
        Map<String, LatePool> before = scopes.getOrDefault(scope, Map.of());
        Map<String, LatePool> after = new HashMap<>();
        before.forEach((name, old) -> {
            if (!pools.containsKey(name)) {
                end(old);
            }
        });
        pools.forEach((name, options) -> {
            LatePool old = before.get(name);
            after.put(name, old != null && old.options().equals(options) ? old : replace(scope, name, options, old));
        });
        Map<String, LatePool> result = Map.copyOf(after);
        scopes.put(scope, result);
        return result;
    }

    private LatePool replace(String scope, String name, PoolOptions options, @Nullable LatePool old) {
        LatePool next = new LatePool(this, scope, name, options);
        Made former = null;
        if (old != null) {
            old.end();
            former = old.made();
        }
        if (former != null || options.healthCheck() != null) {
            next.made(made(next, former, registry));
        }
        return next;
    }

    /** Makes a pool that somebody asks for; one that has ended meanwhile counts where nobody looks, and probes nothing. */
    synchronized Made make(LatePool late) {
        Made known = late.made();
        if (known == null) {
            known = made(late, null, late.hasEnded() ? new SimpleMeterRegistry() : registry);
            late.made(known);
        }
        return known;
    }

    /** Ends all pools of a scope. */
    public synchronized void remove(String scope) {
        Map<String, LatePool> pools = scopes.remove(scope);
        if (pools != null) {
            pools.values().forEach(UpstreamPools::end);
        }
    }

    /** All pools at this moment. */
    public List<PoolStatus> status() {
        return scopes.values().stream()
                .flatMap(pools -> pools.values().stream())
                .map(this::status)
                .toList();
    }

    /** What nobody has asked for is as well as can be. */
    private PoolStatus status(LatePool late) {
        Made made = late.made();
        if (made != null) {
            return made.pool().status();
        }
        List<PoolStatus.OriginStatus> origins = late.options().origins().stream()
                .map(origin -> new PoolStatus.OriginStatus(
                        ids.id(late.scope(), late.name(), origin),
                        origin.url(),
                        origin.role(),
                        true,
                        false,
                        false,
                        0,
                        0,
                        null))
                .toList();
        return new PoolStatus(late.scope(), late.name(), 0, 0, origins);
    }

    /** Those with an origin that may not serve at this moment; of many thousands there are few. */
    public List<PoolStatus> troubled() {
        return scopes.values().stream()
                .flatMap(pools -> pools.values().stream())
                .map(LatePool::made)
                .filter(made -> made != null && made.pool().isTroubled())
                .map(made -> made.pool().status())
                .toList();
    }

    /** Stops all probes and removes all meters. */
    @Override
    public synchronized void close() {
        List.copyOf(scopes.keySet()).forEach(this::remove);
    }

    private Made made(LatePool late, @Nullable Made old, MeterRegistry meters) {
        PoolOptions options = late.options();
        List<OriginRuntime> known = old == null ? List.of() : old.origins();
        List<@Nullable OriginRuntime> kept = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Origin origin : options.origins()) {
            Endpoint endpoint = Endpoint.of(ids.id(late.scope(), late.name(), origin), origin);
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
        Tags tags = Tags.of("site", late.scope(), "pool", late.name());
        for (int i = 0; i < endpoints.size(); i++) {
            OriginRuntime origin = kept.get(i);
            HealthState state = inherited(known, endpoints.get(i));
            health.add(options.healthCheck() == null ? state.withoutChecks() : state);
            origins.add(origin == null ? new OriginRuntime(endpoints.get(i), state, time, meters, tags) : origin);
        }
        PoolCounters counters = old == null ? new PoolCounters(meters, tags) : old.counters();
        counters.connections().resize(options.limits().maxConnections());
        UpstreamPool pool =
                new UpstreamPool(late.scope(), late.name(), options, origins, health, counters, time, random);
        if (old != null) {
            old.pool().replacedBy(pool);
        }
        return new Made(
                pool, List.copyOf(origins), counters, late.hasEnded() ? null : prober(late.scope(), options, pool));
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

    private static void end(LatePool late) {
        late.end();
        Made made = late.made();
        if (made != null) {
            end(made, List.of());
            made.counters().close();
        }
    }

    private static void end(Made made, List<@Nullable OriginRuntime> kept) {
        HealthProber prober = made.prober();
        if (prober != null) {
            prober.close();
        }
        for (OriginRuntime origin : made.origins()) {
            if (!kept.contains(origin)) {
                origin.close();
            }
        }
    }
}
