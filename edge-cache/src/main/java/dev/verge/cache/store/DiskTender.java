package dev.verge.cache.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A thread that looks after the disk tier: retries what failed, and opens the folder again after a failure. */
final class DiskTender {
    private static final Duration PERIOD = Duration.ofMillis(250);

    private final ScheduledExecutorService thread;

    DiskTender(DiskTier tier) {
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            var daemon = new Thread(task, "cache-disk-tender");
            daemon.setDaemon(true);
            return daemon;
        });
        long period = PERIOD.toMillis();
        // Futures of periodic tasks are for cancelling only; the task throws nothing that could be handled.
        var _ = thread.scheduleWithFixedDelay(tier::tend, period, period, TimeUnit.MILLISECONDS);
    }

    /** Ends; false when it did not in time. */
    boolean close(Duration patience) {
        thread.shutdown();
        try {
            return thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
