package dev.verge.sync.expression;

import com.google.re2j.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one evaluation has spent on searching text, and the patterns that it may search for. */
final class Meter {

    /** An evaluation runs on one thread from beginning to end; the library gives functions nothing of their evaluation. */
    private static final ThreadLocal<@Nullable Meter> CURRENT = new ThreadLocal<>();

    private final Map<String, Pattern> patterns;
    private long left;

    private Meter(Map<String, Pattern> patterns, long budget) {
        this.patterns = patterns;
        this.left = budget;
    }

    static Meter begin(Map<String, Pattern> patterns, long budget) {
        Meter meter = new Meter(patterns, budget);
        CURRENT.set(meter);
        return meter;
    }

    static void end() {
        CURRENT.remove();
    }

    boolean exhausted() {
        return left < 0;
    }

    static boolean matches(String text, String regex) {
        Meter meter = current();
        Pattern pattern = meter.patterns.get(regex);
        if (pattern == null) {
            throw new IllegalStateException("a pattern that was not compiled with its expression");
        }
        meter.spend(text.length(), pattern.programSize());
        return pattern.matcher(text).find();
    }

    static boolean contains(String text, String part) {
        current().spend(text.length(), part.length());
        return text.contains(part);
    }

    private void spend(long length, long each) {
        if (left >= 0) {
            left -= (length + 1) * (each + 1);
        }
        if (left < 0) {
            throw new Exhausted();
        }
    }

    private static Meter current() {
        Meter meter = CURRENT.get();
        if (meter == null) {
            throw new IllegalStateException("outside of an evaluation");
        }
        return meter;
    }

    /** Costs nothing to throw: it may be thrown for every element of a list. */
    private static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("too costly", null, false, false);
        }
    }
}
