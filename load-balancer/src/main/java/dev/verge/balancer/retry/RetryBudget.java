package dev.verge.balancer.retry;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests and retries of a pool, so that retries stay a share of the requests active or started in the last 10 s. A
 * dying origin then costs the pool its share of extra load, and not a multiple. Lock-free; any thread may count.
 */
public final class RetryBudget {
    private static final int SECONDS = 10;

    /** One second's counts; replaced when its slot comes round again. */
    private static final class Slot {
        private final long second;
        private final AtomicInteger requests = new AtomicInteger();
        private final AtomicInteger retries = new AtomicInteger();

        Slot(long second) {
            this.second = second;
        }
    }

    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(SECONDS + 1);
    private final AtomicLong active = new AtomicLong();

    /** A request begins; it counts as active until {@link #requestEnded}. */
    public void requestStarted(long nowNanos) {
        active.incrementAndGet();
        slot(nowNanos).requests.incrementAndGet();
    }

    public void requestEnded() {
        active.decrementAndGet();
    }

    /** Whether another retry is affordable. */
    public boolean affords(int budgetPercent, int minBudget, long nowNanos) {
        return used(nowNanos) < allowed(budgetPercent, minBudget, nowNanos);
    }

    /** A counted retry begins. */
    public void retryStarted(long nowNanos) {
        slot(nowNanos).retries.incrementAndGet();
    }

    private long allowed(int budgetPercent, int minBudget, long nowNanos) {
        long started = 0;
        long oldest = second(nowNanos) - SECONDS;
        for (int i = 0; i < slots.length(); i++) {
            Slot slot = slots.get(i);
            if (slot != null && slot.second > oldest) {
                started += slot.requests.get();
            }
        }
        // Requests that began in the window and are still active must not count twice: the larger number is a safe
        // floor.
        return Math.max(minBudget, Math.max(started, active.get()) * budgetPercent / 100);
    }

    private long used(long nowNanos) {
        long retries = 0;
        long oldest = second(nowNanos) - SECONDS;
        for (int i = 0; i < slots.length(); i++) {
            Slot slot = slots.get(i);
            if (slot != null && slot.second > oldest) {
                retries += slot.retries.get();
            }
        }
        return retries;
    }

    private Slot slot(long nowNanos) {
        long second = second(nowNanos);
        int place = (int) Math.floorMod(second, (long) slots.length());
        while (true) {
            Slot slot = slots.get(place);
            if (slot != null && slot.second >= second) {
                return slot;
            }
            Slot fresh = new Slot(second);
            if (slots.compareAndSet(place, slot, fresh)) {
                return fresh;
            }
        }
    }

    private static long second(long nanos) {
        return Math.floorDiv(nanos, 1_000_000_000L);
    }
}
