package dev.verge.control.acme;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When the next order of a site is due. */
final class Pace {
    /** After the first failure; authorities that let a host fail five times an hour are not provoked. */
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(15);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    /** When what failed is here and not at the authority. */
    private static final Duration SHORT_PAUSE = Duration.ofMinutes(1);

    /** Part of a pause, or of a certificate's life, that chance takes away, so that not all are due at once. */
    private static final double SPREAD = 0.05;

    private Pace() {}

    /**
     * After a failure.
     *
     * @param failures one after the other, this one included
     * @param ours whether the authority had no part in it
     * @param notBefore what the authority asked for; null: nothing
     * @param chance from 0 to 1
     */
    static Instant retry(Instant now, int failures, boolean ours, @Nullable Instant notBefore, double chance) {
        Duration pause = ours ? SHORT_PAUSE : FIRST_PAUSE;
        for (int i = 1; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            pause = LONGEST_PAUSE;
        }
        Instant at = now.plusMillis((long) (pause.toMillis() * (1 + SPREAD * chance)));
        return notBefore != null && notBefore.isAfter(at) ? notBefore : at;
    }

    /** At two thirds of a certificate's life, or a little before. */
    static Instant renewal(Instant notBefore, Instant notAfter, double chance) {
        long life = Duration.between(notBefore, notAfter).toMillis();
        return notBefore.plusMillis((long) (life * (2.0 / 3 - SPREAD * chance)));
    }
}
