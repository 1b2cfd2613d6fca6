package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /**
     * Commits that follow each other as one message, encoded once for all streams.
     *
     * @param message null when it is one commit only
     */
    record Joined(List<Encoded> commits, @Nullable Message message) {

        /** What a node of these memberships gets. */
        Message messageFor(List<String> memberships) {
            return message == null ? commits.getFirst().messageFor(memberships) : message;
        }
    }

    private static final int MOST_JOINED = 64;
    private static final int MOST_JOINED_BYTES = 256 << 10;

    /** Streams are pumped in rounds, so that hardly more than one run is asked for at a time. */
    private static final int KNOWN_RUNS = 8;

    private final int maxCommits;
    private final long maxBytes;
    private final Map<List<Long>, Joined> runs = new LinkedHashMap<>();
    /** A ring: commits have no gaps, so each stands at its revision's remainder. */
    private final @Nullable Encoded[] ring;

    /** The oldest revision here; above the newest when there is none. */
    private long first = 1;

    private long last;
    private long bytes;

    RecentCommits(int maxCommits, long maxBytes) {
        this.maxCommits = maxCommits;
        this.maxBytes = maxBytes;
        this.ring = new Encoded[maxCommits];
    }

    /** Adds the next commit; one that does not follow starts anew. */
    synchronized void add(Encoded next) {
        if (next.revision() <= last) {
            return;
        }
        if (next.revision() != last + 1) {
            Arrays.fill(ring, null);
            bytes = 0;
            first = next.revision();
        }
        last = next.revision();
        while (last - first >= maxCommits) {
            dropFirst();
        }
        ring[at(last)] = next;
        bytes += next.bytes();
        while (bytes > maxBytes && first < last) {
            dropFirst();
        }
    }

    private void dropFirst() {
        bytes -= get(first).bytes();
        ring[at(first)] = null;
        first++;
    }

    private Encoded get(long revision) {
        return Objects.requireNonNull(ring[at(revision)], "it is there");
    }

    private int at(long revision) {
        return (int) (revision % maxCommits);
    }

    /** What follows {@code revision}, at most {@code max}; null when it is not all here. */
    synchronized @Nullable List<Encoded> after(long revision, int max) {
        if (first > revision + 1 || last <= revision) {
            return null;
        }
        List<Encoded> found = new ArrayList<>();
        for (long next = revision + 1; next <= last && found.size() < max; next++) {
            found.add(get(next));
        }
        return found;
    }

    /**
     * The begin of {@code ready} as one message, as far as it goes to all nodes alike; only its first commit when that does not.
     *
     * @param upTo the last revision that may be in it
     */
    Joined join(List<Encoded> ready, long upTo) {
        int end = 0;
        long size = 0;
        while (end < ready.size()
                && end < MOST_JOINED
                && !ready.get(end).commit().placed()
                && ready.get(end).revision() <= upTo
                && (end == 0 || size + ready.get(end).bytes() <= MOST_JOINED_BYTES)) {
            size += ready.get(end).bytes();
            end++;
        }
        if (end < 2) {
            return new Joined(ready.subList(0, 1), null);
        }
        List<Encoded> run = List.copyOf(ready.subList(0, end));
        List<Long> name = List.of(run.getFirst().revision(), run.getLast().revision());
        synchronized (runs) {
            Joined known = runs.get(name);
            if (known == null) {
                known = new Joined(
                        run,
                        Message.of(new Frame.CommitFrames(run.stream()
                                        .map(each -> Frames.of(each.commit()))
                                        .toList())
                                .encode()));
                runs.put(name, known);
                if (runs.size() > KNOWN_RUNS) {
                    runs.remove(runs.keySet().iterator().next());
                }
            }
            return known;
        }
    }

    /** Newest revision here, 0 for none. */
    synchronized long last() {
        return last;
    }
}
