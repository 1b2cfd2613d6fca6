package dev.verge.node.server.http3;

import java.time.Duration;

/** A bucket of tokens that fills up with time. Pure: the caller brings the clock. */
final class Allowance {
    private final double most;
    private final double perNano;
    private double left;
    private long filledNanos;

    /** A full bucket, which comes back whole in a period. */
    Allowance(int most, Duration period, long nowNanos) {
        this.most = most;
        this.perNano = most / (double) period.toNanos();
        this.left = most;
        this.filledNanos = nowNanos;
    }

    /** Takes tokens; false when there are not as many. */
    boolean take(int tokens, long nowNanos) {
        left = Math.min(most, left + (nowNanos - filledNanos) * perNano);
        filledNanos = nowNanos;
        left -= tokens;
        return left >= 0;
    }

    void give(int tokens) {
        left = Math.min(most, left + tokens);
    }
}
