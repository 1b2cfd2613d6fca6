package dev.verge.node.trace;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries ended spans from the event loops to a collector, on a thread of its own. The queue is bounded and one batch is under way at a
 * time: when the collector is slow or away, spans are lost and counted, and requests go on.
 */
final class SpanQueue implements SpanProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final int BATCH = 512;
    /** How long a span waits for others to go with. */
    private static final Duration GATHER = Duration.ofMillis(500);

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** The exporter tells of each failure there; held, or its level would be forgotten. */
    private static final java.util.logging.Logger EXPORTERS =
            java.util.logging.Logger.getLogger("io.opentelemetry.exporter");

    private final BlockingQueue<ReadableSpan> queue;
    private final @Nullable SpanExporter exporter;
    private final Duration timeout;
    private final LongAdder sent = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final @Nullable Thread sender;
    private volatile boolean closing;
    private boolean failing;

    private SpanQueue(@Nullable SpanExporter exporter, int spans, Duration timeout, MeterRegistry registry) {
        this.queue = new ArrayBlockingQueue<>(spans);
        this.exporter = exporter;
        this.timeout = timeout;
        count(registry, "sent", sent);
        count(registry, "lost-full", full);
        count(registry, "lost-failed", failed);
        Gauge.builder("verge.trace.queue", queue, BlockingQueue::size)
                .description("Ended spans that wait to be sent to the collector")
                .register(registry);
        this.sender = exporter == null
                ? null
                : Thread.ofPlatform().name("verge-traces").daemon().start(this::send);
    }

    /** Takes nothing: only the meters are there. */
    static SpanQueue off(MeterRegistry registry) {
        return new SpanQueue(null, 1, Duration.ZERO, registry);
    }

    /**
     * Starts the sender.
     *
     * @param spans most that may wait
     * @param timeout for one batch, retries included
     */
    static SpanQueue to(SpanExporter exporter, int spans, Duration timeout, MeterRegistry registry) {
        EXPORTERS.setLevel(Level.OFF);
        return new SpanQueue(exporter, spans, timeout, registry);
    }

    private static void count(MeterRegistry registry, String result, LongAdder adder) {
        FunctionCounter.builder("verge.trace.spans", adder, LongAdder::sum)
                .description("Ended spans by what became of them: sent, lost-full (the queue was), lost-failed (the"
                        + " collector was away, slow, or refused them)")
                .tag("result", result)
                .register(registry);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    /** Never blocks. */
    @Override
    public void onEnd(ReadableSpan span) {
        if (closing || !queue.offer(span)) {
            full.increment();
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    private void send() {
        List<SpanData> batch = new ArrayList<>(BATCH);
        try {
            while (!closing || !queue.isEmpty()) {
                gather(batch);
                if (!batch.isEmpty()) {
                    export(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            failed.add(batch.size());
            Thread.currentThread().interrupt();
        }
    }

    private void gather(List<SpanData> batch) throws InterruptedException {
        long end = System.nanoTime() + GATHER.toNanos();
        while (batch.size() < BATCH) {
            ReadableSpan next = closing ? queue.poll() : queue.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                return;
            }
            batch.add(next.toSpanData());
        }
    }

    private void export(List<SpanData> batch) throws InterruptedException {
        SpanExporter to = exporter;
        if (to == null) {
            return;
        }
        boolean done;
        try {
            CompletableResultCode result = to.export(List.copyOf(batch));
            // The exporter gives up by itself; this is for one that does not.
            result.join(timeout.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
            done = result.isSuccess();
        } catch (RuntimeException fault) {
            LOG.warn("spans could not be written down", fault);
            done = false;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        (done ? sent : failed).add(batch.size());
        if (done == failing) {
            failing = !done;
            if (failing) {
                LOG.warn("the trace collector does not take spans: they are lost and counted until it does");
            } else {
                LOG.info("the trace collector takes spans again");
            }
        }
    }

    @Override
    public void close() {
        closing = true;
        Thread thread = sender;
        SpanExporter to = exporter;
        if (thread == null || to == null) {
            return;
        }
        try {
            if (!thread.join(FAREWELL)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var _ = to.shutdown();
    }
}
