package dev.verge.sandbox.host;

import org.jspecify.annotations.Nullable;

/**
 * What the start of a context cost, and the call that it is told of: the first one that begins. Code that runs for the first time is
 * slow, whoever wrote it, so that call may use what the start left of {@code limits.startup} on top of its own limit. The two together
 * use no more than both limits, and a function that wastes it is not given it again ({@link LoadedFunction#lenient}).
 */
final class ColdStart {
    private final LoadedFunction function;
    private volatile @Nullable HostCall first;

    // The owner's own.
    private long wholeNanos;
    private long leftNanos;

    ColdStart(LoadedFunction function) {
        this.function = function;
    }

    /**
     * By the owner: the function has started.
     *
     * @param begun the owner's CPU time when it began
     * @param evaluation the same when the function's own code began; the limit is for that
     * @param now the same now
     */
    void over(long begun, long evaluation, long now) {
        wholeNanos = now - begun;
        leftNanos = Math.max(0, function.limits.startup().toNanos() - (now - evaluation));
    }

    /** By the owner: a call begins. */
    void begins(HostCall call) {
        if (first == null) {
            first = call;
            call.coldStartNanos = wholeNanos;
            call.graceNanos = function.lenient ? leftNanos : 0;
        }
    }

    /** From any thread: a call went over a limit, and the context ends. */
    void stoppedBy(@Nullable HostCall call) {
        if (call != null && call == first) {
            function.lenient = false;
        }
    }

    /** By the owner: a call has ended, and the context goes on. */
    void outlives(HostCall call) {
        if (call == first) {
            function.lenient = true;
        }
    }
}
