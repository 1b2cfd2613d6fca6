package dev.verge.control;

import dev.verge.sync.client.UsageSource;
import dev.verge.sync.usage.UsageInterval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Intervals of some runs of a node's process, handed over from the first to the last, and from the first again on each stream. */
final class CountingNode implements UsageSource {
    private final List<Batch> batches;
    private final Map<String, Long> taken = new HashMap<>();
    private final CountDownLatch left;

    CountingNode(List<Batch> batches) {
        this.batches = List.copyOf(batches);
        this.left = new CountDownLatch(batches.size());
    }

    static Batch batch(String boot, UsageInterval... intervals) {
        return new Batch(boot, List.of(intervals));
    }

    @Override
    public @Nullable Batch next(@Nullable Place after) {
        if (after == null) {
            return batches.isEmpty() ? null : batches.getFirst();
        }
        List<Batch> rest = new ArrayList<>(batches);
        while (!rest.isEmpty()) {
            Batch batch = rest.removeFirst();
            if (batch.boot().equals(after.boot()) && batch.intervals().getLast().sequence() == after.sequence()) {
                return rest.isEmpty() ? null : rest.getFirst();
            }
        }
        return null;
    }

    @Override
    public synchronized void taken(Place upTo) {
        taken.merge(upTo.boot(), upTo.sequence(), Math::max);
        left.countDown();
    }

    /** Waits until the control plane has said of every batch that it is stored. */
    void awaitTaken() {
        try {
            if (!left.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("not everything was taken: " + taken);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
