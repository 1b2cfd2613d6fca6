package dev.verge.control.api;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that are read again and again while somebody watches, once for all who watch the same, and told when they have changed. Safe for
 * use from any thread.
 */
public final class WatchedAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedAnswers.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int MOST_WATCHERS = 64;
    private static final int RETRY_SECONDS = 10;

    private final Vertx vertx;
    private final String event;
    private final Function<String, String> read;
    private final Object lock = new Object();
    private final Map<String, Watched> watched = new HashMap<>();
    private int watchers;

    /** What some watch. */
    private static final class Watched {
        final List<EventStream.Sink> sinks = new ArrayList<>();

        @Nullable
        String last;

        boolean reading;
        long timer;
    }

    /**
     * Nobody watches yet.
     *
     * @param event what the events are called
     * @param read the answer for a key, as one line of JSON; may block
     */
    public WatchedAnswers(Vertx vertx, String event, Function<String, String> read) {
        this.vertx = vertx;
        this.event = event;
        this.read = read;
    }

    /** The answer for a key now, and whenever it is another one; 503 when too many watch already. */
    public Reply reply(String key) {
        synchronized (lock) {
            if (watchers >= MOST_WATCHERS) {
                throw Problems.unavailable(MOST_WATCHERS + " callers watch already.", RETRY_SECONDS);
            }
        }
        return Reply.events(sink -> begin(key, sink));
    }

    private Runnable begin(String key, EventStream.Sink sink) {
        synchronized (lock) {
            watchers++;
            Watched these = watched.computeIfAbsent(key, absent -> {
                Watched fresh = new Watched();
                fresh.timer = vertx.setPeriodic(PAUSE.toMillis(), id -> look(key));
                return fresh;
            });
            these.sinks.add(sink);
            if (these.last != null) {
                sink.event(event, these.last);
            }
        }
        look(key);
        return () -> end(key, sink);
    }

    private void end(String key, EventStream.Sink sink) {
        synchronized (lock) {
            Watched these = watched.get(key);
            if (these != null && these.sinks.remove(sink)) {
                watchers--;
                if (these.sinks.isEmpty()) {
                    vertx.cancelTimer(these.timer);
                    watched.remove(key);
                }
            }
        }
    }

    private void look(String key) {
        Watched these;
        synchronized (lock) {
            these = watched.get(key);
            if (these == null || these.reading) {
                return;
            }
            these.reading = true;
        }
        Thread.ofVirtual().name("watched").start(() -> look(key, these));
    }

    private void look(String key, Watched these) {
        @Nullable String now = null;
        try {
            now = read.apply(key);
        } catch (RuntimeException e) {
            LOG.warn("{} cannot be read for those who watch; it is tried again", event, e);
        }
        synchronized (lock) {
            these.reading = false;
            if (now != null && !now.equals(these.last)) {
                these.last = now;
                for (EventStream.Sink sink : these.sinks) {
                    sink.event(event, now);
                }
            }
        }
    }
}
