package dev.verge.sandbox;

import org.jspecify.annotations.Nullable;

/** Tells who answers a subrequest that nobody waits for the answer, or for the rest of its body. Used on the context of the call. */
public final class SubrequestSignal {
    private boolean aborted;
    private @Nullable Runnable action;

    /** What to do then; at once when it is so already. Replaces what was to be done before. */
    public void onAbort(Runnable next) {
        if (aborted) {
            next.run();
        } else {
            action = next;
        }
    }

    public boolean aborted() {
        return aborted;
    }

    /** Nobody waits any more. */
    public void abort() {
        aborted = true;
        Runnable current = action;
        action = null;
        if (current != null) {
            current.run();
        }
    }
}
