package dev.verge.balancer;

import dev.verge.balancer.retry.RetryBudget;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What is in use of a pool's limits and budget. Shared by all versions of a pool while a config update is under way. */
final class PoolCounters {
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong tickets = new AtomicLong();
    private final RetryBudget budget = new RetryBudget();

    /** Reserves one of at most {@code max} requests. */
    boolean acquireRequest(int max) {
        return acquire(requests, max);
    }

    void releaseRequest() {
        requests.decrementAndGet();
    }

    /** Reserves one of at most {@code max} places in the queue for a connection. */
    boolean acquirePending(int max) {
        return acquire(pending, max);
    }

    void releasePending() {
        pending.decrementAndGet();
    }

    int requests() {
        return requests.get();
    }

    int pending() {
        return pending.get();
    }

    long nextTicket() {
        return tickets.getAndIncrement();
    }

    RetryBudget budget() {
        return budget;
    }

    private static boolean acquire(AtomicInteger counter, int max) {
        if (counter.incrementAndGet() > max) {
            counter.decrementAndGet();
            return false;
        }
        return true;
    }
}
