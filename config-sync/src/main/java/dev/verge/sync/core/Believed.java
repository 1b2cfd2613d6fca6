package dev.verge.sync.core;

import dev.verge.sync.log.Commit;
import dev.verge.sync.trust.SignedCommit;
import dev.verge.sync.trust.Trust;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whom the core believes: up to what is stored, and up to what was received after it. */
final class Believed {
    private Trust stored;
    private Trust received;
    private List<String> memberships = List.of();

    Believed(Trust stored) {
        this.stored = stored;
        this.received = stored;
    }

    void connected(List<String> now, Trust first) {
        memberships = now;
        if (stored.keys().isEmpty()) {
            stored = first;
            received = first;
        }
    }

    Trust stored() {
        return stored;
    }

    /** What is believed after all that was received. */
    Trust received() {
        return received;
    }

    void received(Trust next) {
        received = next;
    }

    void stored(Trust next) {
        stored = next;
    }

    /** What was received after this work is forgotten; without work, after what is stored. */
    void backTo(@Nullable Work work) {
        received = work == null ? stored : work.trust;
    }

    /** Why a commit is not believed, or null when it is. */
    @Nullable
    String mistake(String history, SignedCommit commit) {
        return received.mistake(logOf(history), commit, memberships);
    }

    /** What a commit that is believed is to this node. */
    Commit take(SignedCommit commit) {
        Commit own = commit.commit(memberships);
        received = received.withEntries(own.entries());
        return own;
    }

    /** Commits are signed for all nodes: what makes a history one of nodes of some groups is not in their signature. */
    private static String logOf(String history) {
        int mark = history.indexOf(SyncCore.VIEW_MARK);
        return mark < 0 ? history : history.substring(0, mark);
    }
}
