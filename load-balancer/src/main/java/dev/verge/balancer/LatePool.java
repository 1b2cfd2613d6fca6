package dev.verge.balancer;

import dev.verge.balancer.health.HealthProber;
import dev.verge.balancer.health.HealthState;
import dev.verge.balancer.options.PoolOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool that is made when it is first asked for, or at once where its origins are probed: a node may know a hundred thousand sites, and
 * most of them are asked for seldom. What nobody uses may be given up, and is made again, with what was known of its origins' health; nobody
 * sees a difference but in its meters. Thread-safe.
 */
public final class LatePool {
    private final UpstreamPools owner;
    private final String scope;
    private final String name;
    private final PoolOptions options;
    private volatile @Nullable Made made;

    /** No longer part of the configuration. Guarded by the owner, as are the making and the giving up. */
    private boolean ended;

    /** What was known of the origins when the pool was given up, by their ids. */
    private volatile Map<String, HealthState> health = Map.of();

    /** Whose turn it was then: pools that are made anew for each request would ask nobody but their first origin. Guarded as well. */
    private long turn;

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

    /** Begins a client's request; the caller closes it when the request is over, whatever happened. */
    public UpstreamCall open() {
        UpstreamCall call = get().open();
        while (call == null) {
            call = owner.make(this).pool().open();
        }
        return call;
    }

    /** What it looks like now. */
    public PoolStatus status() {
        return owner.status(this);
    }

    /** The pool, the same one until it is given up. The first call may wait for an update that is under way. */
    UpstreamPool get() {
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

    /** What is known of each origin of which anything is, by its id. */
    Map<String, HealthState> health() {
        Made known = made;
        return known == null ? health : known.pool().health();
    }

    /** What was known under the settings before these. */
    void inherit(Map<String, HealthState> known) {
        health = known;
    }

    /** Whether one of its origins may not serve now. */
    boolean isTroubled(Instant now) {
        Made known = made;
        return known == null
                ? !health.isEmpty() && health.values().stream().anyMatch(state -> !state.usable(now))
                : known.pool().isTroubled(now);
    }

    boolean isUnused() {
        Made known = made;
        return known != null && !known.counters().isUsed();
    }

    /** When somebody last began to use it, in nanoseconds of the owner's time. */
    long usedNanos() {
        Made known = made;
        return known == null ? 0 : known.counters().usedNanos();
    }

    /** Keeps no more than the origins' health, unless somebody uses it; while it has unused connections, these go first. */
    boolean giveUp() {
        Made known = made;
        if (known == null) {
            return true;
        }
        if (known.counters().connections().used() > 0) {
            known.counters().connections().spareUnused();
            return false;
        }
        if (!known.counters().giveUp()) {
            return false;
        }
        health = known.pool().health();
        turn = known.counters().nextTicket();
        made = null;
        known.origins().forEach(OriginRuntime::close);
        known.counters().close();
        return true;
    }

    /** Where turns begin or go on. */
    long turn() {
        return turn;
    }

    boolean hasEnded() {
        return ended;
    }

    void end() {
        ended = true;
    }
}
