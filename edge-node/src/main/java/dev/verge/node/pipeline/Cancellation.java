package dev.verge.node.pipeline;

import org.jspecify.annotations.Nullable;

/** Says that nobody waits for an answer any more. Used on one event loop. */
final class Cancellation {
    private boolean cancelled;
    private @Nullable Runnable action;
    private @Nullable Runnable always;

    /** Runs the present action, now and for every later one. */
    void cancel() {
        cancelled = true;
        Runnable current = action;
        action = null;
        if (current != null) {
            current.run();
        }
        Runnable standing = always;
        always = null;
        if (standing != null) {
            standing.run();
        }
    }

    /** What to do besides when it happens, whenever that is. One at most. */
    void whenever(Runnable standing) {
        if (cancelled) {
            standing.run();
        } else {
            always = standing;
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** What to do when it happens from now on; replaces what was to do before. */
    void set(Runnable next) {
        if (cancelled) {
            next.run();
        } else {
            action = next;
        }
    }

    /** Nothing needs to be done from now on. */
    void clear() {
        action = null;
    }
}
