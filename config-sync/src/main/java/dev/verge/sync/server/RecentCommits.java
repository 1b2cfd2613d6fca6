package dev.verge.sync.server;

import dev.verge.sync.log.Commit;
import dev.verge.sync.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest commits, encoded once for all streams. Bounded; older ones are read from the source again. Thread-safe. */
final class RecentCommits {

    /** A commit as it goes over the wire. */
    record Encoded(long revision, String text, int bytes) {
        static Encoded of(Commit commit) {
            String text = Frames.of(commit).encode();
            return new Encoded(commit.revision(), text, text.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    private final int maxCommits;
    private final long maxBytes;
    private final Deque<Encoded> commits = new ArrayDeque<>();
    private long bytes;

    RecentCommits(int maxCommits, long maxBytes) {
        this.maxCommits = maxCommits;
        this.maxBytes = maxBytes;
    }

    /** Adds the next commit; one that does not follow starts anew. */
    synchronized void add(Encoded next) {
        if (!commits.isEmpty() && next.revision() <= commits.getLast().revision()) {
            return;
        }
        if (!commits.isEmpty() && next.revision() != commits.getLast().revision() + 1) {
            commits.clear();
            bytes = 0;
        }
        commits.add(next);
        bytes += next.bytes();
        while (commits.size() > maxCommits || (bytes > maxBytes && commits.size() > 1)) {
            bytes -= commits.remove().bytes();
        }
    }

    /** What follows {@code revision}, at most {@code max}; null when it is not all here. */
    synchronized @Nullable List<Encoded> after(long revision, int max) {
        if (commits.isEmpty()
                || commits.getFirst().revision() > revision + 1
                || commits.getLast().revision() <= revision) {
            return null;
        }
        List<Encoded> found = new ArrayList<>();
        for (Encoded commit : commits) {
            if (commit.revision() > revision && found.size() < max) {
                found.add(commit);
            }
        }
        return found;
    }

    /** Newest revision here, 0 for none. */
    synchronized long last() {
        return commits.isEmpty() ? 0 : commits.getLast().revision();
    }
}
