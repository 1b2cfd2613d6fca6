package dev.verge.load.drills;

import dev.verge.load.drills.DrillOrigin.Behaviour;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One drill: some of a pool's origins begin to misbehave under load.
 *
 * @param bad how many of {@code origins}
 * @param flip how often they change between bad and good; null: they stay bad
 * @param options further settings of the pool
 * @param before whether clients may see failures before the first ejection
 * @param after whether they may see some after it
 */
record Drill(
        String name,
        Behaviour behaviour,
        int bad,
        int origins,
        @Nullable Duration flip,
        String options,
        boolean before,
        boolean after) {
    private static final String SOON = "timeouts: {firstByte: 300ms, betweenBytes: 300ms}";

    /** Every drill, in the order of the table. */
    static Drill[] all() {
        return new Drill[] {
            free("3 of 4 refuse", Behaviour.REFUSE, 3, 4),
            free("half die under load", Behaviour.REFUSE, 2, 4),
            free("3 of 4 reset", Behaviour.RESET, 3, 4),
            free("3 of 4 reset in the head", Behaviour.RESET_IN_HEAD, 3, 4),
            new Drill("1 of 2 hangs", Behaviour.HANG, 1, 2, null, SOON + ", retries: {attempts: 2}", true, false),
            new Drill(
                    "3 of 4 hang, all may be ejected",
                    Behaviour.HANG,
                    3,
                    4,
                    null,
                    SOON + ", retries: {attempts: 4}, outlier: {maxEjectedPercent: 100}",
                    true,
                    false),
            new Drill("1 of 2 answers 503", Behaviour.UNAVAILABLE, 1, 2, null, "retries: {attempts: 2}", true, false),
            new Drill(
                    "3 of 4 answer 503, all may be ejected",
                    Behaviour.UNAVAILABLE,
                    3,
                    4,
                    null,
                    "retries: {attempts: 4}, outlier: {maxEjectedPercent: 100}",
                    true,
                    false),
            cut("1 of 4 resets in the body", Behaviour.RESET_IN_BODY),
            cut("1 of 4 hangs in the body", Behaviour.HANG_IN_BODY),
            free("1 of 4 drips", Behaviour.DRIP, 1, 4),
            cut("1 of 4 sends less than it said", Behaviour.TOO_SHORT),
            free("1 of 4 sends more than it said", Behaviour.TOO_LONG, 1, 4),
            cut("1 of 4 breaks off in a chunk", Behaviour.HALF_CHUNKED),
            cut("1 of 4 sends garbage", Behaviour.GARBAGE),
            cut("1 of 4 sends two lengths", Behaviour.TWO_LENGTHS),
            new Drill(
                    "1 of 4 flaps every 500 ms, probed",
                    Behaviour.UNAVAILABLE,
                    1,
                    4,
                    Duration.ofMillis(500),
                    "healthCheck: {interval: 400ms, consecutiveDown: 2}, retries: {attempts: 4}",
                    false,
                    false)
        };
    }

    private static Drill free(String name, Behaviour behaviour, int bad, int origins) {
        return new Drill(name, behaviour, bad, origins, null, SOON, false, false);
    }

    /** What has begun cannot be taken back, and what is no HTTP is not asked for again. */
    private static Drill cut(String name, Behaviour behaviour) {
        return new Drill(name, behaviour, 1, 4, null, SOON, true, false);
    }

    String expected() {
        return before ? "0 after the first ejection" : "0";
    }
}
