package dev.verge.deploy.e2e;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for a condition that only another process can bring about, up to a deadline. */
final class Await {
    private static final Duration POLL = Duration.ofMillis(20);

    private Await() {}

    /**
     * Asks {@code condition} until it holds.
     *
     * @return how long that took
     * @throws AssertionError when the deadline passes first, with the last exception the condition threw
     */
    static Duration until(String what, Duration deadline, Callable<Boolean> condition) {
        long start = System.nanoTime();
        @Nullable Exception last = null;
        while (System.nanoTime() - start < deadline.toNanos()) {
            try {
                if (condition.call()) {
                    return Duration.ofNanos(System.nanoTime() - start);
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        throw new AssertionError("not within " + deadline + ": " + what, last);
    }
}
