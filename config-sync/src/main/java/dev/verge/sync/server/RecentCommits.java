package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frames;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest commits, encoded once for all streams. Bounded; older ones are read from the source again. Thread-safe. */
final class RecentCommits {

    /**
     * A commit as it goes over the wire. What has a placement goes to different nodes in different forms; each is encoded once, too.
     *
     * @param fleetKey what its secrets are sealed under; null without secrets
     */
    record Encoded(SignedCommit commit, @Nullable FleetKey fleetKey, Message whole, Map<List<String>, Message> views) {
        private static final int MAX_VIEWS = 64;

        static Encoded of(SignedCommit commit, @Nullable FleetKey fleetKey) {
            return new Encoded(
                    commit,
                    fleetKey,
                    Message.of(Frames.of(commit).encode()),
                    commit.placed() ? new ConcurrentHashMap<>() : Map.of());
        }

        int bytes() {
            return whole.bytes();
        }

        long revision() {
            return commit.revision();
        }

        /** What a node of these memberships gets. */
        Message messageFor(List<String> memberships) {
            if (!commit.placed()) {
                return whole;
            }
            Message known = views.get(memberships);
            if (known == null) {
                known = Message.of(Frames.of(commit.cut(memberships)).encode());
                if (views.size() < MAX_VIEWS) {
                    views.put(memberships, known);
                }
            }
            return known;
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
