package dev.verge.sync.server;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was sent to a node and not yet acknowledged, within bounds. */
final class Window {
    private final int maxCommits;
    private final int maxBytes;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long bytes;

    private record Sent(long revision, int bytes) {}

    Window(SyncServerOptions options) {
        this.maxCommits = options.maxInFlight();
        this.maxBytes = options.maxInFlightBytes();
    }

    void add(long revision, int size) {
        sent.add(new Sent(revision, size));
        bytes += size;
    }

    void acked(long revision) {
        while (!sent.isEmpty() && sent.getFirst().revision() <= revision) {
            bytes -= sent.remove().bytes();
        }
    }

    void clear() {
        sent.clear();
        bytes = 0;
    }

    boolean empty() {
        return sent.isEmpty();
    }

    /** How many more commits may be sent, however short. */
    int room() {
        return maxCommits - sent.size();
    }

    boolean full() {
        return sent.size() >= maxCommits || (bytes >= maxBytes && !sent.isEmpty());
    }
}
