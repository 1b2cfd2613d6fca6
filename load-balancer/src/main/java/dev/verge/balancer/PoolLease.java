package dev.verge.balancer;

import dev.verge.balancer.health.HealthEvent;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that feeds the pool's counters and the origin's health. */
final class PoolLease implements Lease {
    private enum Outcome {
        NONE,
        ANSWERED_WELL,
        BLAMED,
        OUTRUN
    }

    private final UpstreamPool pool;
    private final int index;
    private final OriginRuntime origin;
    private final PoolCounters counters;
    private final MonotonicTime time;
    private final long startedNanos;
    private final AtomicBoolean pending = new AtomicBoolean(true);
    private final AtomicBoolean open = new AtomicBoolean(true);
    private volatile Outcome outcome = Outcome.NONE;

    PoolLease(UpstreamPool pool, int index, OriginRuntime origin, PoolCounters counters, MonotonicTime time) {
        this.pool = pool;
        this.index = index;
        this.origin = origin;
        this.counters = counters;
        this.time = time;
        this.startedNanos = time.nanos();
    }

    @Override
    public Endpoint endpoint() {
        return origin.endpoint();
    }

    @Override
    public ConnectionSlots connections() {
        return counters.connections();
    }

    @Override
    public void noConnection() {
        counters.count(Choice.Limit.MAX_CONNECTIONS);
    }

    @Override
    public void connected() {
        if (pending.compareAndSet(true, false)) {
            counters.releasePending();
        }
    }

    @Override
    public void responded(int status) {
        if (!open.get() || outcome != Outcome.NONE) {
            return;
        }
        long took = time.nanos() - startedNanos;
        origin.answered(status, took);
        pool.headTook(took);
        if (status >= 500) {
            outcome = Outcome.BLAMED;
            pool.report(index, new HealthEvent.Answered(status));
        } else {
            // Counted as good when the body has arrived too.
            outcome = Outcome.ANSWERED_WELL;
        }
    }

    @Override
    public void failed(TryFailure failure) {
        if (!open.get() || outcome == Outcome.BLAMED) {
            return;
        }
        outcome = Outcome.BLAMED;
        origin.failed(failure, time.nanos() - startedNanos);
        boolean refused = switch (failure) {
            case REFUSED, RESET -> true;
            case TLS_FAILED, CONNECT_TIMEOUT, TIMEOUT, BAD_RESPONSE, BODY_CUT -> false;
        };
        pool.report(index, new HealthEvent.Failed(refused));
    }

    @Override
    public void outrun() {
        if (open.get() && outcome == Outcome.NONE) {
            outcome = Outcome.OUTRUN;
            long waited = time.nanos() - startedNanos;
            origin.outrun(waited);
            // Else only the quick answers would be known, and what counts as slow would become ever shorter.
            pool.headTook(waited);
        }
    }

    @Override
    public void close() {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        connected();
        origin.tryEnded();
        counters.releaseRequest();
        switch (outcome) {
            case NONE -> origin.cancelled();
            case ANSWERED_WELL -> {
                if (origin.health().serverErrors() > 0 || origin.health().gatewayFailures() > 0) {
                    pool.report(index, new HealthEvent.Answered(200));
                }
            }
            case BLAMED, OUTRUN -> {}
        }
        pool.judgeInTime();
    }
}
