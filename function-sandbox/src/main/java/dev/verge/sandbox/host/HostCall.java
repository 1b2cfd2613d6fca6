package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.ScheduledEvent;
import dev.verge.sandbox.sourcemap.SourceMaps;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call as its host keeps it. Touched by its context's owner thread only, but for the final fields and those said to be volatile.
 */
final class HostCall {
    private static final int LOG_LINE_OVERHEAD_BYTES = 32;

    /** A line of its log. */
    private record Line(long millis, String level, String text) {}

    final int id;
    final String requestId;
    final String method;
    final String url;
    final List<HeaderField> headers;
    final String facts;
    final boolean hasBody;
    final FunctionLimits limits;
    /** The tick that it is for; null for a request. */
    final @Nullable ScheduledEvent tick;

    final long startNanos = System.nanoTime();
    final Map<Integer, BodyIn> bodiesIn = new HashMap<>();
    final Map<Integer, BodyOut> bodiesOut = new HashMap<>();

    /** CPU time of its finished turns; written by the owner, read by the watchdog. */
    volatile long cpuNanos;

    /** Allocation of its finished turns; written by the owner, read by the watchdog. */
    volatile long allocatedBytes;

    /** The most its function was measured to hold while it ran; 0 when nobody had to look. Written by the heap's guard. */
    volatile long heldBytes;

    /** Whether its end was announced; written by the owner, read by the watchdog. */
    volatile boolean finished;

    /** For the stacks in its log; set before its context has it. */
    @Nullable
    SourceMaps maps;

    boolean responded;
    boolean passThrough;
    /** How it ends as soon as its body is sent. */
    @Nullable
    FunctionOutcome finishing;

    int subrequests;
    /** Channels of the subrequests that will be answered. */
    final Set<Integer> answersDue = new HashSet<>();

    /** Timers, subrequests and bodies that will bring it another turn. */
    int pending;

    long coldStartNanos;

    /** CPU time that it may use beyond its limit at most ({@link ColdStart}); not changed after its first turn began. */
    long graceNanos;

    /** What it and the other calls of its function may use beyond their limits; set before its context has it. */
    WarmUp warmUp = WarmUp.NONE;

    /** CPU time that it has used beyond its limit; written by the owner, read by the watchdog. */
    private volatile long beyondNanos;

    /** What it had on top of its limit when it was stopped for its CPU time; written by the watchdog. */
    volatile long hadNanos;

    private final List<Line> log = new ArrayList<>();
    private long logRoom;
    private boolean logFull;

    HostCall(
            int id,
            String requestId,
            String method,
            String url,
            List<HeaderField> headers,
            String facts,
            boolean hasBody,
            FunctionLimits limits,
            @Nullable ScheduledEvent tick) {
        this.id = id;
        this.requestId = requestId;
        this.method = method;
        this.url = url;
        this.headers = headers;
        this.facts = facts;
        this.hasBody = hasBody;
        this.limits = limits;
        this.tick = tick;
        this.logRoom = limits.logBytes();
    }

    /** A request without body and facts. */
    HostCall(int id, String requestId, String method, String url, List<HeaderField> headers, FunctionLimits limits) {
        this(id, requestId, method, url, headers, "", false, limits, null);
    }

    BodyOut bodyOut(int channel, Outbox out) {
        return bodiesOut.computeIfAbsent(channel, number -> new BodyOut(id, number, out));
    }

    /** Whether what the script wrote as its response is still on its way. */
    boolean bodyIncomplete() {
        BodyOut body = bodiesOut.get(0);
        return body != null && !body.complete();
    }

    long cpuLimitNanos() {
        return limits.cpu().toNanos() + Math.min(graceNanos, beyondNanos + warmUp.leftNanos());
    }

    /** Adds what a turn used. */
    void charge(long cpu, long allocated) {
        long cpuBefore = cpuNanos;
        cpuNanos = cpuBefore + cpu;
        long beyond = cpuBefore + cpu - limits.cpu().toNanos();
        if (beyond > beyondNanos) {
            warmUp.use(beyond - beyondNanos);
            beyondNanos = beyond;
        }
        long allocatedBefore = allocatedBytes;
        allocatedBytes = allocatedBefore + allocated;
    }

    /** Its function was measured to hold that much. */
    void held(long bytes) {
        heldBytes = Math.max(heldBytes, bytes);
    }

    /** Keeps a line of log as far as there is room. */
    void log(String level, String text) {
        if (logFull) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long now = System.currentTimeMillis();
        if (bytes.length + LOG_LINE_OVERHEAD_BYTES > logRoom) {
            logFull = true;
            int keep = (int) Math.max(0, logRoom - LOG_LINE_OVERHEAD_BYTES);
            if (keep > 0) {
                log.add(new Line(now, level, new String(bytes, 0, keep, StandardCharsets.UTF_8)));
            }
            log.add(new Line(
                    now, "warn", "The log is full (" + limits.logBytes() + " bytes): later lines are dropped."));
            return;
        }
        logRoom -= bytes.length + LOG_LINE_OVERHEAD_BYTES;
        log.add(new Line(now, level, text));
    }

    private String shown(Line line) {
        SourceMaps known = maps;
        return known != null && line.level.equals("exception") ? known.mapped(line.text) : line.text;
    }

    /** Announces the end; without effect when it was announced. */
    void finish(Outbox out, FunctionOutcome outcome, boolean passThrough) {
        if (finished) {
            return;
        }
        finished = true;
        pending = 0;
        FrameWriter frame = new FrameWriter()
                .frame(FrameType.FINISHED, id)
                .constant(outcome)
                .flag(passThrough)
                .u64(cpuNanos)
                .u64(coldStartNanos)
                .u64(allocatedBytes)
                .u64(Math.max(heldBytes, Math.min(allocatedBytes, limits.memoryBytes())))
                .u32(subrequests)
                .u32(log.size());
        for (Line line : log) {
            frame.u64(line.millis).string(line.level).string(shown(line));
        }
        out.send(frame.take());
        bodiesIn.values().forEach(BodyIn::close);
        bodiesIn.clear();
        bodiesOut.clear();
    }
}
