package dev.verge.cache.store;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that may wait for RocksDB: a fixed number, behind a bounded queue. */
final class DiskExecutor {
    private final ThreadPoolExecutor threads;
    private final CacheMeters meters;

    DiskExecutor(String name, int count, int queue, CacheMeters meters) {
        this.meters = meters;
        var number = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queue), task -> {
                    var thread = new Thread(task, name + "-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Runs the task later; false when the queue is full or the cache is closed, and then the task never runs. */
    boolean tryRun(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException full) {
            meters.rejected.increment();
            return false;
        }
    }

    int waiting() {
        return threads.getQueue().size();
    }

    /** Refuses new tasks and waits for those accepted; false when they did not end in time. */
    boolean close(Duration patience) {
        threads.shutdown();
        try {
            return threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
