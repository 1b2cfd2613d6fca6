package dev.verge.sync.client;

import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes one log of what comes over a bus and what the control plane sends itself: in order, each commit once. What is missing on the bus,
 * what is for this node but withheld there, what is sealed under a key that the node has not got yet, and what is not signed as it must be is
 * asked for. No clock, thread or
 * socket; one caller.
 */
final class Follower {
    /** Items that may wait for one before them. */
    static final int MAX_HELD = 512;

    private final Out out;
    private final IntPredicate holdsKey;
    private final Predicate<SignedCommit> believed;
    private final TreeMap<Long, Bulk.Item> held = new TreeMap<>();
    private final Deque<Bulk.Item> underWay = new ArrayDeque<>();
    private Collection<String> memberships = List.of();
    private long expected;
    private long wanted;
    private long seenAt;
    private boolean on;

    /** What it decides. */
    interface Out {
        void deliver(SignedCommit commit);

        /** Ask the control plane for commits. */
        void want(long after, long upTo);
    }

    /**
     * Follows nothing yet.
     *
     * @param holdsKey whether the node has a fleet key
     * @param believed whether a commit that is due is signed as it must be
     */
    Follower(IntPredicate holdsKey, Predicate<SignedCommit> believed, Out out) {
        this.holdsKey = holdsKey;
        this.believed = believed;
        this.out = out;
    }

    /** Follows from a revision on. */
    void begin(long after, Collection<String> groups) {
        end();
        memberships = List.copyOf(groups);
        expected = after + 1;
        seenAt = 0;
        on = true;
    }

    /** Follows no more. */
    void end() {
        on = false;
        wanted = 0;
        held.values().forEach(item -> item.taken().run());
        held.clear();
        underWay.forEach(item -> item.taken().run());
        underWay.clear();
    }

    boolean on() {
        return on;
    }

    /** Last revision that was handed on. */
    long last() {
        return expected - 1;
    }

    void item(Bulk.Item item) {
        if (!on || item.revision() < expected || held.size() >= MAX_HELD || held.containsKey(item.revision())) {
            item.taken().run();
        } else {
            held.put(item.revision(), item);
        }
        drain();
    }

    /** A commit that the control plane sent itself. One that does not follow is handed on: it is for the core to judge. */
    void sent(SignedCommit commit) {
        if (!on || commit.revision() >= expected) {
            expected = commit.revision() + 1;
            out.deliver(commit);
        }
        drain();
    }

    /** Everything up to there is in force. */
    void acked(long revision) {
        while (!underWay.isEmpty() && underWay.getFirst().revision() <= revision) {
            underWay.remove().taken().run();
        }
    }

    /**
     * The log goes so far. What has not come between two of these is asked for.
     *
     * @return whether the bus seems to stand still
     */
    boolean head(long head) {
        boolean still = on && head >= expected && seenAt == expected && wanted < expected;
        seenAt = expected;
        if (still) {
            want(head);
        }
        return still;
    }

    private void drain() {
        while (on && !held.isEmpty()) {
            Bulk.Item first = held.firstEntry().getValue();
            if (first.revision() < expected) {
                held.pollFirstEntry();
                first.taken().run();
                continue;
            }
            SignedCommit commit = first.revision() == expected ? read(first) : null;
            if (commit == null) {
                if (wanted < expected) {
                    want(first.revision());
                }
                return;
            }
            held.pollFirstEntry();
            underWay.add(first);
            expected++;
            out.deliver(commit);
        }
    }

    private void want(long upTo) {
        wanted = upTo;
        out.want(expected - 1, upTo);
    }

    /** The commit, if it can be used as it lies there. */
    private @Nullable SignedCommit read(Bulk.Item item) {
        String text = item.frame();
        if (text == null || (item.epoch() > 0 && !holdsKey.test(item.epoch()))) {
            return null;
        }
        try {
            if (Frame.decode(text) instanceof Frame.CommitFrame frame && frame.revision() == item.revision()) {
                SignedCommit commit = Frames.commit(frame);
                boolean whole = commit.parts().stream()
                        .noneMatch(part ->
                                part.withheld() != null && part.placement().includes(memberships));
                return whole && believed.test(commit) ? commit : null;
            }
        } catch (IllegalArgumentException unreadable) {
            // As good as missing: the control plane is asked.
        }
        return null;
    }
}
