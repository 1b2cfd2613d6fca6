package dev.verge.deploy.command;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each step of something took. One thread. */
final class Steps {
    private final long began = System.nanoTime();
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private long last = began;

    /** A step has ended, and the next begins. */
    void done(String step) {
        long now = System.nanoTime();
        millis.put(step, Duration.ofNanos(now - last).toMillis());
        last = now;
    }

    /** Milliseconds by step, in order. */
    Map<String, Long> millis() {
        return millis;
    }

    /** Milliseconds until the end of the last step. */
    long total() {
        return Duration.ofNanos(last - began).toMillis();
    }
}
