package dev.verge.balancer;

import dev.verge.balancer.health.HealthProber;
import dev.verge.balancer.options.PoolOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is made when it is first asked for, or at once where its origins are probed: a node may know a hundred thousand sites, and
 * most of them are asked for seldom. Thread-safe.
 */
public final class LatePool {
    private final UpstreamPools owner;
    private final String scope;
    private final String name;
    private final PoolOptions options;
    private volatile @Nullable Made made;

    /** No longer part of the configuration. Guarded by the owner, as is the making. */
    private boolean ended;

    /** A pool with all that belongs to it. */
    record Made(
            UpstreamPool pool,
            List<OriginRuntime> origins,
            PoolCounters counters,
            @Nullable HealthProber prober) {}

    LatePool(UpstreamPools owner, String scope, String name, PoolOptions options) {
        this.owner = owner;
        this.scope = scope;
        this.name = name;
        this.options = options;
    }

    /** The pool, always the same one. The first call may wait for an update that is under way. */
    public UpstreamPool get() {
        Made known = made;
        return (known != null ? known : owner.make(this)).pool();
    }

    public PoolOptions options() {
        return options;
    }

    String scope() {
        return scope;
    }

    String name() {
        return name;
    }

    /** Null while nobody has asked for it. */
    @Nullable
    Made made() {
        return made;
    }

    void made(Made now) {
        made = now;
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
