package dev.verge.node.quota;

import dev.verge.sync.usage.QuotaShare;
import java.time.Duration;

/**
 * This node's part of an account's quotas. What was heard last holds for a while; then it is the even part, which all nodes have that hear
 * nothing. A node that never heard anything has the whole. Thread-safe.
 */
final class Part {
    /** Three times as long as it takes until the next is heard while there is something to count. */
    static final Duration HOLDS = Duration.ofSeconds(3);

    private volatile Heard heard = new Heard(QuotaShare.ALL, 0);

    private record Heard(QuotaShare share, long atNanos) {
        double of(int part, long nowNanos) {
            int now = nowNanos - atNanos > HOLDS.toNanos() ? share.even() : part;
            return now / (double) QuotaShare.WHOLE;
        }
    }

    void heard(QuotaShare share, long nowNanos) {
        heard = new Heard(share, nowNanos);
    }

    /** From above 0 to 1. */
    double ofRequests(long nowNanos) {
        Heard now = heard;
        return now.of(now.share().requests(), nowNanos);
    }

    /** Likewise. */
    double ofFunctions(long nowNanos) {
        Heard now = heard;
        return now.of(now.share().functions(), nowNanos);
    }
}
