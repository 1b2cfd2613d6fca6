package dev.verge.load.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Callers of the API that each make one change after the other. */
final class Writers {
    private static final double NANOS = 1e9;

    private final int count;
    private final Duration length;

    /** One change of one writer. */
    interface Change {
        /**
         * Makes it.
         *
         * @return the log position that it got; 0 when it was refused, -1 when it has none
         */
        long make(int writer, int number) throws IOException, InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param perSecond changes made a second
     * @param latencies of each change made, nanoseconds, sorted
     * @param refused changes that were answered otherwise
     * @param last the newest log position
     */
    record Made(double perSecond, List<Long> latencies, long refused, long last) {}

    Writers(int count, Duration length) {
        this.count = count;
        this.length = length;
    }

    Made run(Change change) throws InterruptedException {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicLong refused = new AtomicLong();
        AtomicLong last = new AtomicLong();
        long begun = System.nanoTime();
        long end = begun + length.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < count; w++) {
            int writer = w;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    long at = System.nanoTime();
                    for (int i = 0; at < end; i++) {
                        long revision = change.make(writer, i);
                        long now = System.nanoTime();
                        if (revision == 0) {
                            refused.incrementAndGet();
                        } else {
                            latencies.add(now - at);
                            last.accumulateAndGet(revision, Math::max);
                        }
                        at = now;
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        double seconds = (System.nanoTime() - begun) / NANOS;
        return new Made(latencies.size() / seconds, latencies.stream().sorted().toList(), refused.get(), last.get());
    }
}
