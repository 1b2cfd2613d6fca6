package dev.verge.load.fleet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The answers of all nodes, by revision. Thread-safe. */
final class Acks {
    private static final long PATIENCE_SECONDS = 60;

    /** On top of that: what a machine takes to send a megabyte to each node, and to be each of them. */
    private static final int MILLIS_A_NODE = 120;

    private static final long LOOK_MICROS = 200;

    private final int nodes;
    private final Map<Long, Answers> revisions = new ConcurrentHashMap<>();
    private final AtomicLong newest = new AtomicLong();

    private static final class Answers {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);
    }

    /** @param nodes that answer to each revision */
    Acks(int nodes) {
        this.nodes = nodes;
    }

    /** A node has a revision in force. */
    void one(long revision) {
        Answers answers = revisions.computeIfAbsent(revision, r -> new Answers());
        answers.last.accumulateAndGet(System.nanoTime(), Math::max);
        answers.count.incrementAndGet();
        newest.accumulateAndGet(revision, Math::max);
    }

    /** The newest revision that any node has. */
    long newest() {
        return newest.get();
    }

    /**
     * Waits until every node has a revision.
     *
     * @return when the last one had it, by {@link System#nanoTime}
     */
    long all(long revision) throws InterruptedException {
        Answers answers = revisions.computeIfAbsent(revision, r -> new Answers());
        long end = System.nanoTime()
                + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)
                + TimeUnit.MILLISECONDS.toNanos((long) nodes * MILLIS_A_NODE);
        while (answers.count.get() < nodes) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        answers.count.get() + " of " + nodes + " nodes have revision " + revision);
            }
            TimeUnit.MICROSECONDS.sleep(LOOK_MICROS);
        }
        return answers.last.get();
    }
}
