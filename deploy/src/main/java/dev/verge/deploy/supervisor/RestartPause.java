package dev.verge.deploy.supervisor;

import java.time.Duration;

/** How long to wait before a dead part is started again: doubling from half a second, forgotten after a minute of health. */
final class RestartPause {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /**
     * The pause after a life of {@code lived}.
     *
     * @return 0.5 s to 30 s
     */
    Duration after(Duration lived) {
        if (lived.compareTo(HEALTHY) >= 0) {
            next = FIRST;
        }
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return pause;
    }
}
