package dev.verge.sandbox.host;

/**
 * What the start of a context cost: the first call that begins is told of it, and every call may use what it left of
 * {@code limits.startup} on top of its own limit, as far as {@link WarmUp} goes. Owner thread only.
 */
final class ColdStart {
    private long wholeNanos;
    private long leftNanos;

    /**
     * The function has started.
     *
     * @param begun the owner's CPU time when it began
     * @param evaluation the same when the function's own code began; the limit is for that
     * @param now the same now
     * @param limitNanos {@code limits.startup}
     */
    void over(long begun, long evaluation, long now, long limitNanos) {
        wholeNanos = now - begun;
        leftNanos = Math.max(0, limitNanos - (now - evaluation));
    }

    /** A call begins. */
    void begins(HostCall call) {
        call.coldStartNanos = wholeNanos;
        wholeNanos = 0;
        call.graceNanos = leftNanos;
    }
}
