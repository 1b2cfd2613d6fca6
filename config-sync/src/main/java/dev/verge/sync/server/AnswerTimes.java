package dev.verge.sync.server;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When a node took in which revision: each of its latest answers, oldest first, stands for all revisions after the answer before. Bounded;
 * a fleet has one of these for each node. Not thread-safe.
 */
final class AnswerTimes {
    /** How many answers are remembered. */
    static final int MOST = 512;

    private static final int FIRST = 8;

    private long[] revisions = new long[FIRST];
    private long[] millis = new long[FIRST];
    private int size;

    /** The node has taken in all up to {@code revision}, which is above those before. */
    void add(long revision, Instant at) {
        if (size == revisions.length) {
            if (size == MOST) {
                // A quarter goes at a time, so that it is not moved with each answer.
                int left = MOST - MOST / 4;
                System.arraycopy(revisions, size - left, revisions, 0, left);
                System.arraycopy(millis, size - left, millis, 0, left);
                size = left;
            } else {
                revisions = Arrays.copyOf(revisions, 2 * size);
                millis = Arrays.copyOf(millis, 2 * size);
            }
        }
        revisions[size] = revision;
        millis[size] = at.toEpochMilli();
        size++;
    }

    void clear() {
        size = 0;
    }

    /** When the node had taken in a revision; null when it has answered to nothing so late since this began. */
    @Nullable
    Instant at(long revision) {
        int found = Arrays.binarySearch(revisions, 0, size, revision);
        int at = found >= 0 ? found : -found - 1;
        return at == size ? null : Instant.ofEpochMilli(millis[at]);
    }
}
