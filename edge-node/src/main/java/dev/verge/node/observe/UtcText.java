package dev.verge.node.observe;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Moments in lines of logs, as RFC 3339 has them, in UTC and to the microsecond. The date of the last second is kept for each thread: lines
 * come thousands a second.
 */
final class UtcText {
    private static final ThreadLocal<Second> LAST = ThreadLocal.withInitial(() -> Second.of(0));
    private static final int DIGITS = 6;
    private static final int NANOS_IN_MICRO = 1_000;

    private record Second(long epoch, String text) {
        static Second of(long epoch) {
            String whole = LocalDateTime.ofEpochSecond(epoch, 0, ZoneOffset.UTC).toString();
            return new Second(epoch, whole.length() == 16 ? whole + ":00." : whole + '.'); // it leaves out second 0
        }
    }

    private UtcText() {}

    /** Appends {@code 2026-01-31T23:59:59.000001Z}. */
    static void append(StringBuilder out, Instant at) {
        Second second = LAST.get();
        if (second.epoch != at.getEpochSecond()) {
            second = Second.of(at.getEpochSecond());
            LAST.set(second);
        }
        out.append(second.text);
        int micros = at.getNano() / NANOS_IN_MICRO;
        int start = out.length();
        out.append("000000Z");
        for (int i = start + DIGITS - 1; micros > 0; i--, micros /= 10) {
            out.setCharAt(i, (char) ('0' + micros % 10));
        }
    }
}
