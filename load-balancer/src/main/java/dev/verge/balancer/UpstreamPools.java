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
import java.time.Instant;
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
    private final KeptPools kept;
    private final Map<String, Map<String, LatePool>> scopes = new ConcurrentHashMap<>();

    /**
     * @param guard resolves and checks the addresses that probes connect to
     * @param keys what is shown to origins that ask for a certificate
     * @param installation names the installation: the same on all its nodes, so that affinity cookies and hashes agree; not
     *     known to clients
     * @param idlePools how many pools whose origins are not probed are kept though nobody uses them at the moment, at least 1
     */
    public UpstreamPools(
            Vertx vertx,
            MeterRegistry registry,
            AddressGuard guard,
            ClientKeys keys,
            String installation,
            int idlePools) {
        this(vertx, registry, guard, keys, installation, idlePools, MonotonicTime.system(), ThreadLocalRandom::current);
    }

    UpstreamPools(
            Vertx vertx,
            MeterRegistry registry,
            AddressGuard guard,
            ClientKeys keys,
            String installation,
            int idlePools,
            MonotonicTime time,
            Supplier<RandomGenerator> random) {
        this.vertx = vertx;
        this.registry = registry;
        this.guard = guard;
        this.keys = keys;
        this.ids = new OriginIds(installation);
        this.time = time;
        this.random = random;
        this.kept = new KeptPools(idlePools, time, registry);
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
            kept.remove(old);
            next.inherit(old.health());
        }
        if (former != null || options.healthCheck() != null) {
            next.made(made(next, former, registry));
        }
        if (former != null && options.healthCheck() == null) {
            kept.add(next);
        }
        return next;
    }

    /** Makes a pool that somebody asks for; one that has ended meanwhile counts where nobody looks, and probes nothing. */
    synchronized Made make(LatePool late) {
        Made known = late.made();
        // The second: an update has taken it over from this one, and what came of it was given up.
        if (known == null || known.counters().isGivenUp()) {
            known = made(late, null, late.hasEnded() ? new SimpleMeterRegistry() : registry);
            late.made(known);
            if (!late.hasEnded()) {
                kept.add(late);
            }
        }
        return known;
    }

    /** Ends all pools of a scope. */
    public synchronized void remove(String scope) {
        Map<String, LatePool> pools = scopes.remove(scope);
        if (pools != null) {
            pools.values().forEach(this::end);
        }
    }

    /** All pools at this moment. */
    public List<PoolStatus> status() {
        return scopes.values().stream()
                .flatMap(pools -> pools.values().stream())
                .map(this::status)
                .toList();
    }

    /** What nobody has asked for is as well as can be; what was given up, as it was, but for what time has mended. */
    PoolStatus status(LatePool late) {
        Made made = late.made();
        if (made != null) {
            return made.pool().status();
        }
        Instant now = time.now();
        List<PoolStatus.OriginStatus> origins = new ArrayList<>();
        for (Origin origin : late.options().origins()) {
            String id = ids.id(late.scope(), late.name(), origin);
            // Weight and role say nothing about health: an origin at the same place keeps its state when they change.
            HealthState state = late.health().getOrDefault(id, HealthState.INITIAL);
            origins.add(new PoolStatus.OriginStatus(
                    id, origin.url(), origin.role(), state.usable(now), state.down(), state.ejected(now), 0, 0, null));
        }
        return new PoolStatus(late.scope(), late.name(), 0, 0, origins);
    }

    /** Those with an origin that may not serve at this moment; of many thousands there are few. */
    public List<PoolStatus> troubled() {
        Instant now = time.now();
        return scopes.values().stream()
                .flatMap(pools -> pools.values().stream())
                .filter(late -> late.isTroubled(now))
                .map(this::status)
                .toList();
    }

    /** Stops all probes and removes all meters. */
    @Override
    public synchronized void close() {
        List.copyOf(scopes.keySet()).forEach(this::remove);
        kept.close();
    }

    private Made made(LatePool late, @Nullable Made old, MeterRegistry meters) {
        PoolOptions options = late.options();
        List<OriginRuntime> known = old == null ? List.of() : old.origins();
        List<@Nullable OriginRuntime> staying = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        for (Origin origin : options.origins()) {
            Endpoint endpoint = Endpoint.of(ids.id(late.scope(), late.name(), origin), origin);
            endpoints.add(endpoint);
            staying.add(known.stream()
                    .filter(o -> o.endpoint().equals(endpoint))
                    .findFirst()
                    .orElse(null));
        }
        if (old != null) {
            end(old, staying);
        }
        List<OriginRuntime> origins = new ArrayList<>();
        List<HealthState> health = new ArrayList<>();
        Tags tags = Tags.of("site", late.scope(), "pool", late.name());
        for (int i = 0; i < endpoints.size(); i++) {
            OriginRuntime origin = staying.get(i);
            // Weight and role say nothing about health: an origin at the same place keeps its state when they change.
            HealthState state = late.health().getOrDefault(endpoints.get(i).id(), HealthState.INITIAL);
            health.add(options.healthCheck() == null ? state.withoutChecks() : state);
            origins.add(origin == null ? new OriginRuntime(endpoints.get(i), state, time, meters, tags) : origin);
        }
        PoolCounters counters =
                old == null ? new PoolCounters(meters, tags, time.nanos(), late.turn()) : old.counters();
        counters.connections().resize(options.limits().maxConnections());
        UpstreamPool pool =
                new UpstreamPool(late.scope(), late.name(), options, origins, health, counters, time, random);
        if (old != null) {
            old.pool().replacedBy(pool);
        }
        return new Made(
                pool, List.copyOf(origins), counters, late.hasEnded() ? null : prober(late.scope(), options, pool));
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

    private void end(LatePool late) {
        late.end();
        kept.remove(late);
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
