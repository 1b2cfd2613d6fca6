package dev.verge.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the last first; one that cannot be closed does not keep the others open. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable close) {}

    synchronized void add(String name, AutoCloseable close) {
        parts.push(new Part(name, close));
    }

    /** Blocks until all is closed. */
    synchronized void run() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.close().close();
            } catch (Exception e) {
                LOG.warn("closing {} failed", part.name(), e);
            }
        }
    }
}
