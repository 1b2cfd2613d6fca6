package dev.verge.deploy.local;

import dev.verge.sync.order.OrderResult;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The first host of a session needs some seconds to boot: what comes before is tried again. */
final class HostWait {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private HostWait() {}

    static OrderResult until(Supplier<OrderResult> run) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            OrderResult result = run.get();
            if (!result.outcome().equals(OrderResult.NOT_RUN) || System.nanoTime() > end) {
                return result;
            }
            LockSupport.parkNanos(AGAIN.toNanos());
        }
    }
}
