package dev.verge.node.observe;

import dev.verge.node.config.AccessLogConfig.Format;
import java.io.Console;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Carries records from the event loops to their loggers ({@code dev.verge.access}, {@code dev.verge.function}) on a thread of its own. The queue is bounded: when
 * the writer falls behind, records are lost and counted, and requests go on.
 */
public final class AccessLog implements AutoCloseable {
    /** On messages whose form somebody chose: they are not to be put into another one on their way out. */
    public static final Marker AS_IT_STANDS = MarkerFactory.getMarker("as-it-stands");

    private static final int QUEUE_RECORDS = 16_384;

    private final BlockingQueue<LogRecord> queue = new ArrayBlockingQueue<>(QUEUE_RECORDS);
    private final LongAdder lost = new LongAdder();
    private final Format format;
    private final boolean chosen;
    private final Thread writer;
    private volatile Consumer<FunctionRecord> watcher = run -> {};
    private volatile boolean closing;

    /**
     * Starts the writer.
     *
     * @param wanted form of the lines; null: for people on a terminal, else JSON
     */
    public AccessLog(@Nullable Format wanted) {
        this.chosen = wanted != null;
        this.format = wanted != null ? wanted : onTerminal() ? Format.TEXT : Format.JSON;
        this.writer = Thread.ofPlatform().name("verge-access-log").daemon().start(this::write);
    }

    /** Whether standard output is a terminal, so that lines for people are wanted. */
    private static boolean onTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /** Tells {@code told} of each finished run of a function, on the writer's thread; it must not block or throw. */
    public void watch(Consumer<FunctionRecord> told) {
        watcher = told;
    }

    /** Never blocks. */
    public void add(LogRecord finished) {
        if (!queue.offer(finished)) {
            lost.increment();
        }
    }

    /** Records dropped because the writer was behind. */
    public long lost() {
        return lost.sum();
    }

    private void write() {
        try {
            while (!closing || !queue.isEmpty()) {
                LogRecord next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next instanceof FunctionRecord run) {
                    watcher.accept(run);
                }
                if (next != null && next.logger().isInfoEnabled()) {
                    if (chosen) {
                        next.logger().info(AS_IT_STANDS, line(next));
                    } else {
                        next.logger().info(line(next));
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String line(LogRecord finished) {
        return switch (format) {
            case JSON -> finished.json();
            case COMBINED -> finished.combined();
            case TEXT -> finished.text();
        };
    }

    /** Writes what is queued, for two seconds at most. Blocks. */
    @Override
    public void close() {
        closing = true;
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
