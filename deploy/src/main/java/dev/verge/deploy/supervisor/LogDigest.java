package dev.verge.deploy.supervisor;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Picks the lines of a part's log that somebody at the terminal should see, warnings and errors, and shows at most a few in a
 * while; the log file has them all.
 */
final class LogDigest {
    private static final int MOST_LINES = 10;
    private static final Duration WHILE = Duration.ofSeconds(10);
    private static final int LONGEST_MESSAGE = 300;

    private final String name;
    private final Console console;
    private final LongSupplier nanos;
    private long since;
    private int shown;

    /** @param nanos a clock like {@link System#nanoTime} */
    LogDigest(String name, Console console, LongSupplier nanos) {
        this.name = name;
        this.console = console;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /** Looks at one line of the part's output. */
    void take(String line) {
        // Almost all lines are records of requests; only the few that may matter are parsed.
        if (line.startsWith("{")
                ? line.contains("\"level\":\"WARN\"") || line.contains("\"level\":\"ERROR\"")
                : line.startsWith("WARNING:") || line.startsWith("Exception in") || line.startsWith("#")) {
            tell(message(line));
        }
    }

    /** Shows a message, unless too many were shown of late. */
    synchronized void tell(String message) {
        long now = nanos.getAsLong();
        if (now - since > WHILE.toNanos()) {
            since = now;
            shown = 0;
        }
        shown++;
        if (shown < MOST_LINES) {
            console.line(name + ": " + message);
        } else if (shown == MOST_LINES) {
            console.line(name + ": " + message + " (more of it in logs/" + name + ".log)");
        }
    }

    private static String message(String line) {
        String message = line;
        try {
            if (line.startsWith("{")) {
                JsonObject event = new JsonObject(line);
                message = event.getString("level") + " " + event.getString("message");
            }
        } catch (DecodeException | ClassCastException notAnEvent) {
            message = line;
        }
        String flat = message.replace('\n', ' ');
        return flat.length() <= LONGEST_MESSAGE ? flat : flat.substring(0, LONGEST_MESSAGE) + "…";
    }
}
