package dev.verge.node.observe;

import dev.verge.node.config.AccessLogConfig.Format;
import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Carries records from the event loops to their loggers ({@code dev.verge.access}, {@code dev.verge.function}) on a thread of its own. What has come
 * together is one message of a line for each record; nobody wakes the writer, which looks by itself, so that no record costs a signal and a
 * write of its own. The queue is bounded: when the writer falls behind, records are
 * lost and counted, and requests go on.
 */
public final class AccessLog implements AutoCloseable {
    /** On messages whose form somebody chose: they are not to be put into another one on their way out. */
    public static final Marker AS_IT_STANDS = MarkerFactory.getMarker("as-it-stands");

    private static final int QUEUE_RECORDS = 16_384;

    /** Of one message. */
    private static final int CHARACTERS = 64 * 1024;

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final Duration IDLE_PAUSE = Duration.ofMillis(20);

    private final Queue<LogRecord> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final LongAdder lost = new LongAdder();
    private final Format format;
    private final boolean chosen;
    private final boolean silent;
    private final Thread writer;
    private volatile Consumer<LogRecord> watcher = record -> {};
    private volatile boolean closing;

    /**
     * Starts the writer.
     *
     * @param wanted form of the lines; null: for people on a terminal, else JSON
     * @param silent whether the lines are made and then dropped
     */
    public AccessLog(@Nullable Format wanted, boolean silent) {
        this.silent = silent;
        this.chosen = wanted != null;
        this.format = wanted != null ? wanted : onTerminal() ? Format.TEXT : Format.JSON;
        this.writer = Thread.ofPlatform().name("verge-access-log").daemon().start(this::write);
    }

    /** Whether standard output is a terminal, so that lines for people are wanted. */
    private static boolean onTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /** Tells {@code told} of each record, on the writer's thread; it must not block or throw. */
    public void watch(Consumer<LogRecord> told) {
        watcher = told;
    }

    /** Never blocks. */
    public void add(LogRecord finished) {
        if (queued.incrementAndGet() > QUEUE_RECORDS) {
            queued.decrementAndGet();
            lost.increment();
        } else {
            queue.add(finished);
        }
    }

    /** Records dropped because the writer was behind. */
    public long lost() {
        return lost.sum();
    }

    private void write() {
        StringBuilder lines = new StringBuilder();
        boolean last = false;
        while (!last) {
            last = closing; // looked at before the queue, so that what came before the end is written
            int written = writeQueued(lines);
            if (!last) {
                LockSupport.parkNanos((written == 0 ? IDLE_PAUSE : PAUSE).toNanos());
            }
        }
    }

    /** Writes all that is there; returns how many records. */
    private int writeQueued(StringBuilder lines) {
        @Nullable Logger logger = null;
        int taken = 0;
        for (LogRecord next = queue.poll(); next != null; next = queue.poll()) {
            taken++;
            watcher.accept(next);
            if (logger != null && (!logger.equals(next.logger()) || lines.length() > CHARACTERS)) {
                write(logger, lines);
            }
            logger = next.logger();
            if (logger.isInfoEnabled()) {
                if (!lines.isEmpty()) {
                    lines.append('\n');
                }
                append(lines, next);
            }
            queued.decrementAndGet();
        }
        if (logger != null) {
            write(logger, lines);
        }
        return taken;
    }

    private void write(Logger logger, StringBuilder lines) {
        if (lines.isEmpty()) {
            return;
        }
        if (silent) {
            lines.setLength(0);
            return;
        }
        if (chosen) {
            logger.info(AS_IT_STANDS, lines.toString());
        } else {
            logger.info(lines.toString());
        }
        lines.setLength(0);
    }

    private void append(StringBuilder lines, LogRecord finished) {
        switch (format) {
            case JSON -> finished.json(lines);
            case COMBINED -> lines.append(finished.combined());
            case TEXT -> lines.append(finished.text());
        }
    }

    /** Writes what is queued, for two seconds at most. Blocks. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
