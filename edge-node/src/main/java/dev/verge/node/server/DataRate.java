package dev.verge.node.server;

import java.time.Duration;

/** Whether bytes flow fast enough, judged over each grace period of time in which they were wanted. Pure. */
public final class DataRate {
    private final long minBytes;
    private final long graceNanos;
    private long lastNanos;
    private boolean wasWanted;
    private long wantedNanos;
    private long bytesAtStart;

    public DataRate(long bytesPerSecond, Duration grace) {
        this.graceNanos = grace.toNanos();
        this.minBytes = (long) (bytesPerSecond * (graceNanos / 1e9));
    }

    /**
     * To be called every now and then.
     *
     * @param wanted whether the other side is waited for
     * @param bytes all that have flowed so far
     */
    public boolean isTooSlow(long nanos, boolean wanted, long bytes) {
        boolean both = wanted && wasWanted;
        if (both) {
            wantedNanos += nanos - lastNanos;
        } else if (wanted && wantedNanos == 0) {
            bytesAtStart = bytes; // what flowed while nobody waited is no merit
        }
        wasWanted = wanted;
        lastNanos = nanos;
        if (wantedNanos < graceNanos) {
            return false;
        }
        boolean slow = bytes - bytesAtStart < minBytes;
        wantedNanos = 0;
        bytesAtStart = bytes;
        return slow;
    }
}
