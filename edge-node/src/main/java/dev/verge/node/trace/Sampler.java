package dev.verge.node.trace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Says which of the requests of one event loop are recorded. How many are passed over is drawn ahead, so that looking ahead, and
 * saying no, is one comparison. Not thread-safe.
 */
public final class Sampler {
    private final double rate;
    private long passOver;

    /** @param rate share of requests, 0 to 1 */
    Sampler(double rate) {
        this.rate = rate;
        this.passOver = draw();
    }

    /** Whether {@link #take} would say yes. */
    public boolean isDue() {
        return passOver == 0;
    }

    /** Whether this request is recorded. To be asked once for each request, whatever way it takes. */
    public boolean take() {
        if (passOver > 0) {
            passOver--;
            return false;
        }
        passOver = draw();
        return true;
    }

    /** How many requests in a row are not recorded: geometrically distributed, as if a coin were thrown for each. */
    private long draw() {
        if (rate >= 1) {
            return 0;
        }
        if (rate <= 0) {
            return Long.MAX_VALUE;
        }
        double chance = 1 - ThreadLocalRandom.current().nextDouble();
        return (long) (Math.log(chance) / Math.log1p(-rate));
    }
}
