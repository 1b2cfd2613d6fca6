package dev.verge.node.usage;

import dev.verge.sync.usage.UsageRow;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Closes an interval every second in which something was used, and one a minute otherwise. Its first interval tells that the process began,
 * its last one that it ended in order.
 */
public final class UsageKeeper implements AutoCloseable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** Rows of one interval, well below what one may have: it fits into a message. */
    private static final int ROWS = 1_000;

    private final Vertx vertx;
    private final UsageMeter meter;
    private final UsageSpool spool;
    private final InstantSource clock;
    private final Runnable more;
    private final long timer;
    private Instant closed;
    private boolean over;

    /**
     * Begins.
     *
     * @param more told that the spool has more than before
     */
    public UsageKeeper(
            Vertx vertx,
            UsageMeter meter,
            UsageSpool spool,
            InstantSource clock,
            MeterRegistry registry,
            Runnable more) {
        this.vertx = vertx;
        this.meter = meter;
        this.spool = spool;
        this.clock = clock;
        this.more = more;
        this.closed = clock.instant();
        FunctionCounter.builder("verge.usage.dropped", spool, UsageSpool::dropped)
                .description("Seconds of usage that had to go before the control plane had them")
                .register(registry);
        Gauge.builder("verge.usage.waiting.bytes", spool, UsageSpool::waitingBytes)
                .description("Bytes of usage on disk that the control plane has not taken yet")
                .register(registry);
        spool.add(closed.toEpochMilli(), 0, false, List.of());
        more.run();
        this.timer = vertx.setPeriodic(
                SECOND.toMillis(), id -> Thread.ofVirtual().name("usage").start(() -> closeInterval(false)));
    }

    private synchronized void closeInterval(boolean last) {
        if (over) {
            return;
        }
        over = last;
        List<UsageRow> rows = meter.take().entrySet().stream()
                .map(entry -> entry.getValue().row(entry.getKey()))
                .toList();
        Instant now = clock.instant();
        // A clock that was set back, or stood still: the interval is where it began.
        Duration length = Duration.between(closed, now);
        long millis = Math.clamp(length.toMillis(), 0, Duration.ofMinutes(10).toMillis());
        if (rows.isEmpty() && !last && length.abs().compareTo(SILENCE) < 0) {
            return;
        }
        int from = 0;
        do {
            int to = Math.min(rows.size(), from + ROWS);
            spool.add(now.toEpochMilli() - millis, millis, last && to == rows.size(), rows.subList(from, to));
            from = to;
        } while (from < rows.size());
        closed = now;
        more.run();
    }

    /** Writes down the last interval. Blocks. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
        closeInterval(true);
        spool.close();
    }
}
