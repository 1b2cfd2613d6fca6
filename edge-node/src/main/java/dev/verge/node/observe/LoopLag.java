package dev.verge.node.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How late each event loop gets to its timers: what every request on it waits besides. */
public final class LoopLag {
    private static final long PERIOD_MILLIS = 500;

    private LoopLag() {}

    /** Begins to measure every loop of the instance; ends with it. */
    public static void measure(Vertx vertx, MeterRegistry registry) {
        int number = 0;
        for (var loop : ((VertxInternal) vertx).eventLoopGroup()) {
            AtomicLong lagNanos = new AtomicLong();
            Gauge.builder("verge.loop.lag", lagNanos, lag -> lag.get() / 1e9)
                    .description("How late an event loop was at its last timer")
                    .baseUnit("seconds")
                    .tag("loop", Integer.toString(number++))
                    .register(registry);
            long[] due = {System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)};
            var _ = loop.scheduleAtFixedRate(
                    () -> {
                        lagNanos.set(Math.max(0, System.nanoTime() - due[0]));
                        due[0] = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
                    },
                    PERIOD_MILLIS,
                    PERIOD_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
    }
}
