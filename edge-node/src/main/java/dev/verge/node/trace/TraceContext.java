package dev.verge.node.trace;

import dev.verge.cache.http.HttpFields;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace, as W3C Trace Context writes it between processes.
 *
 * @param traceId 32 hexadecimal digits in lower case, not all zero
 * @param spanId of the span that what follows belongs to: 16 such digits, not all zero
 * @param sampled whether somebody upstream records the trace
 * @param state the value of {@code tracestate}; empty for none
 */
public record TraceContext(String traceId, String spanId, boolean sampled, String state) {
    private static final int TRACE_ID = 32;
    private static final int SPAN_ID = 16;
    /** Of {@code version-traceid-parentid-flags}. */
    private static final int LENGTH = 55;

    /**
     * What the fields say (§3.2, §3.3). A higher version is read as far as this one goes. A {@code tracestate} that cannot be read is
     * dropped by itself.
     *
     * @return null for none, more than one, or one that cannot be read: a new trace begins then
     */
    public static @Nullable TraceContext read(HttpFields fields) {
        List<String> lines = fields.all("traceparent");
        if (lines.size() != 1) {
            return null;
        }
        String line = lines.getFirst().strip();
        boolean whole = line.length() == LENGTH
                || (line.length() > LENGTH && line.charAt(LENGTH) == '-' && !line.startsWith("00"));
        if (!whole
                || line.startsWith("ff")
                || line.charAt(2) != '-'
                || line.charAt(35) != '-'
                || line.charAt(52) != '-'
                || !isHex(line, 0, 2)
                || !isId(line, 3, TRACE_ID)
                || !isId(line, 36, SPAN_ID)
                || !isHex(line, 53, 2)) {
            return null;
        }
        boolean sampled = (Character.digit(line.charAt(54), 16) & 1) == 1;
        return new TraceContext(
                line.substring(3, 35), line.substring(36, 52), sampled, TraceState.read(fields.all("tracestate")));
    }

    /**
     * A new trace that nobody records. It has the id of its request where that is made like one, so that logs and origins can be
     * brought together all the same.
     */
    public static TraceContext begin(String requestId) {
        return new TraceContext(isTraceId(requestId) ? requestId : randomId() + randomId(), randomId(), false, "");
    }

    /** Whether {@link #begin} gives a trace the id of its request. */
    public static boolean isTraceId(String requestId) {
        return requestId.length() == TRACE_ID && isId(requestId, 0, TRACE_ID);
    }

    /** The value of {@code traceparent}. Flags other than {@code sampled} are not passed on (§3.2.2.5.2). */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }

    /** Adds {@code traceparent}, and {@code tracestate} if there is one. */
    public void addTo(HttpFields.Builder fields) {
        fields.add("traceparent", traceparent());
        if (!state.isEmpty()) {
            fields.add("tracestate", state);
        }
    }

    private static String randomId() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    }

    private static boolean isId(String text, int from, int length) {
        if (!isHex(text, from, length)) {
            return false;
        }
        for (int i = from; i < from + length; i++) {
            if (text.charAt(i) != '0') {
                return true;
            }
        }
        return false;
    }

    private static boolean isHex(String text, int from, int length) {
        for (int i = from; i < from + length; i++) {
            char c = text.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }
}
