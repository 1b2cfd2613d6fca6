package dev.verge.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened, the last first. One part that cannot be closed, or takes longer than it may, is named in the log and does
 * not keep the others open.
 */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(3);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, Duration limit, AutoCloseable close) {}

    <T extends AutoCloseable> T add(String name, T close) {
        add(name, USUAL_LIMIT, close);
        return close;
    }

    /** Adds a part that may take so long to close. */
    synchronized void add(String name, Duration limit, AutoCloseable close) {
        parts.push(new Part(name, limit, close));
    }

    /** Blocks until all is closed, or given up. */
    synchronized void run() {
        while (!parts.isEmpty()) {
            close(parts.pop());
        }
    }

    private static void close(Part part) {
        long begun = System.nanoTime();
        Thread closing = Thread.ofVirtual().name("verge-close-" + part.name()).start(() -> {
            try {
                part.close().close();
            } catch (Exception e) {
                LOG.warn("closing {} failed", part.name(), e);
            }
        });
        try {
            if (!closing.join(part.limit())) {
                LOG.warn("{} did not close within {}: going on without", part.name(), part.limit());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.debug("{} closed after {} ms", part.name(), (System.nanoTime() - begun) / 1_000_000);
    }
}
