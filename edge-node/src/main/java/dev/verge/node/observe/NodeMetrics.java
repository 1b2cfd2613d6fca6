package dev.verge.node.observe;

import dev.verge.node.compress.Coding;
import dev.verge.node.server.http1.Violation;
import dev.verge.node.server.http2.WaitingBytes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the request path. Counting is an increment of a striped adder, read when somebody scrapes; label values come from
 * closed lists, so their number is bounded.
 */
public final class NodeMetrics {
    /** The words of {@code cache} in records and meters. */
    public static final List<String> CACHE_WORDS =
            List.of("hit", "stale", "revalidated", "miss", "bypass", "function", "tunnel", "none");

    private static final int STATUS_CLASSES = 6;
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60)
    };

    private final MeterRegistry registry;
    private final LongAdder[] requests = new LongAdder[STATUS_CLASSES * CACHE_WORDS.size()];
    private final LongAdder bytes = new LongAdder();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final LongAdder expressionErrors = new LongAdder();
    private final LongAdder slowReaders = new LongAdder();
    private final LongAdder takenBack = new LongAdder();
    private final Map<String, LongAdder> http2Ended = new ConcurrentHashMap<>();
    private final Map<Violation, LongAdder> refused = new ConcurrentHashMap<>();
    private final Map<Coding, LongAdder> compressedFrom = new EnumMap<>(Coding.class);
    private final Map<Coding, LongAdder> compressedTo = new EnumMap<>(Coding.class);
    private final Map<String, Timer> latency;
    private final Map<Stage, Timer> waits = new EnumMap<>(Stage.class);
    private final Timer functionDuration;
    private final Timer functionWait;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder connectionsRefused = new LongAdder();
    private final TunnelMetrics tunnels;
    private final Http3Metrics http3;
    private final LongAdder proxyHeadersRefused = new LongAdder();
    private final AtomicInteger handshakes = new AtomicInteger();
    private final Map<String, LongAdder> handshakesEnded = new ConcurrentHashMap<>();

    public NodeMetrics(MeterRegistry registry, AccessLog accessLog) {
        this.registry = registry;
        this.tunnels = new TunnelMetrics(registry);
        this.http3 = new Http3Metrics(registry);
        for (int status = 0; status < STATUS_CLASSES; status++) {
            for (int cache = 0; cache < CACHE_WORDS.size(); cache++) {
                LongAdder adder = new LongAdder();
                requests[status * CACHE_WORDS.size() + cache] = adder;
                FunctionCounter.builder("verge.requests", adder, LongAdder::sum)
                        .description("Finished requests by status class and cache result")
                        .tag("status", status == 0 ? "aborted" : status + "xx")
                        .tag("cache", CACHE_WORDS.get(cache))
                        .register(registry);
            }
        }
        latency =
                CACHE_WORDS.stream().collect(Collectors.toUnmodifiableMap(word -> word, word -> timer(registry, word)));
        for (Stage stage : Stage.values()) {
            waits.put(
                    stage,
                    Timer.builder("verge.request.phase")
                            .description("Time that requests waited in a phase")
                            .tag("phase", stage.word())
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
        functionDuration = Timer.builder("verge.function.duration")
                .description("Time from a host's taking a call to the end of its run")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        functionWait = Timer.builder("verge.function.wait")
                .description("Time from a call to a host's taking it")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        for (Coding coding : Coding.makeable()) {
            compressedFrom.put(coding, codingCounter(registry, coding, "in"));
            compressedTo.put(coding, codingCounter(registry, coding, "out"));
        }
        FunctionCounter.builder("verge.response.bytes", bytes, LongAdder::sum)
                .description("Content bytes sent to clients")
                .register(registry);
        Gauge.builder("verge.connections", connections, AtomicInteger::get)
                .description("Open client connections")
                .register(registry);
        Gauge.builder("verge.requests.active", active, AtomicInteger::get)
                .description("Client requests under way")
                .register(registry);
        Gauge.builder("verge.requests.waiting", waiting, AtomicInteger::get)
                .description("Requests that wait for another request's fetch")
                .register(registry);
        FunctionCounter.builder("verge.connections.refused", connectionsRefused, LongAdder::sum)
                .description(
                        "Client connections closed because limits.connections or limits.connectionsPerClient were open")
                .register(registry);
        FunctionCounter.builder("verge.connections.proxy.refused", proxyHeadersRefused, LongAdder::sum)
                .description("Connections of PROXY peers closed because no valid header came in time")
                .register(registry);
        Gauge.builder("verge.tls.handshakes.active", handshakes, AtomicInteger::get)
                .description("TLS handshakes of clients under way")
                .register(registry);
        for (String result : List.of("done", "failed", "refused")) {
            LongAdder adder = new LongAdder();
            handshakesEnded.put(result, adder);
            FunctionCounter.builder("verge.tls.handshakes", adder, LongAdder::sum)
                    .description("TLS handshakes of clients: done, failed, or refused because too many were under way")
                    .tag("result", result)
                    .register(registry);
        }
        FunctionCounter.builder("verge.connections.slow", slowReaders, LongAdder::sum)
                .description("Client connections closed because their clients did not take what was sent")
                .register(registry);
        FunctionCounter.builder("verge.http2.taken.back", takenBack, LongAdder::sum)
                .description("HTTP/2 requests whose streams were reset before anything was done for them")
                .register(registry);
        FunctionCounter.builder("verge.rules.expression.errors", expressionErrors, LongAdder::sum)
                .description("Evaluations of rules' expressions that failed or cost too much, and so did not match")
                .register(registry);
        FunctionCounter.builder("verge.access.log.lost", accessLog, AccessLog::lost)
                .description("Access records lost because the writer was behind")
                .register(registry);
    }

    /** Shows what waits for HTTP/2 clients. */
    public WaitingBytes watched(WaitingBytes waiting) {
        Gauge.builder("verge.http2.waiting.bytes", waiting, WaitingBytes::total)
                .description("Response bytes that wait for HTTP/2 clients to take them")
                .register(registry);
        return waiting;
    }

    /** TLS handshakes under way. */
    public AtomicInteger handshakes() {
        return handshakes;
    }

    /** Counts a handshake: {@code done}, {@code failed} or {@code refused}. */
    public void handshake(String result) {
        add(handshakesEnded.get(result), 1);
    }

    /** Counts a PROXY header that was none. */
    public void proxyHeaderRefused() {
        proxyHeadersRefused.increment();
    }

    /** Counts what an encoder took and gave, in bytes. Any thread. */
    public void compressed(Coding coding, long in, long out) {
        add(compressedFrom.get(coding), in);
        add(compressedTo.get(coding), out);
    }

    private static void add(@Nullable LongAdder adder, long amount) {
        if (adder != null) {
            adder.add(amount);
        }
    }

    private static LongAdder codingCounter(MeterRegistry registry, Coding coding, String side) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder("verge.compression.bytes", adder, LongAdder::sum)
                .description("Content bytes that went into encoders, and that came out")
                .tag("coding", coding.word())
                .tag("side", side)
                .register(registry);
        return adder;
    }

    private static Timer timer(MeterRegistry registry, String cacheWord) {
        return Timer.builder("verge.request.duration")
                .description("Time from a request's head to the end of its response")
                .tag("cache", cacheWord)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Takes what has ended, if it was a run of a function, on whatever thread tells of it. */
    public void ended(LogRecord record) {
        if (record instanceof FunctionRecord run) {
            functionDuration.record(run.invocation().wall());
            functionWait.record(run.invocation().waited());
        }
    }

    /** A request waited in a phase, in nanoseconds. */
    public void waited(Stage stage, long nanos) {
        Timer timer = waits.get(stage);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Counts one finished request. {@code cache} is one of {@link #CACHE_WORDS}. */
    public void finished(int status, String cache, long contentBytes, long nanos) {
        int word = Math.max(0, CACHE_WORDS.indexOf(cache));
        int statusClass = Math.clamp(status / 100, 0, STATUS_CLASSES - 1);
        requests[statusClass * CACHE_WORDS.size() + word].increment();
        bytes.add(contentBytes);
        Timer timer = latency.get(CACHE_WORDS.get(word));
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Counts an answer that the node had to make itself; {@code word} is from the closed list of error answers. */
    public void error(String word) {
        errors.computeIfAbsent(word, this::errorCounter).increment();
    }

    private LongAdder errorCounter(String word) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder("verge.errors", adder, LongAdder::sum)
                .description("Answers the node made itself because something went wrong")
                .tag("error", word)
                .register(registry);
        return adder;
    }

    /** Counts a request that could not be read; {@code reason} is from the closed list of violations. */
    public void refused(Violation reason) {
        refused.computeIfAbsent(reason, this::refusedCounter).increment();
    }

    /** Counts a connection ended because its client did not take what was sent. */
    public void slowReader() {
        slowReaders.increment();
    }

    /** Counts a request whose stream was reset as soon as it had come. */
    public void takenBack() {
        takenBack.increment();
    }

    /** Counts an HTTP/2 connection ended by the guard; {@code code} is the name of an error code of RFC 9113. */
    public void http2Ended(String code) {
        http2Ended.computeIfAbsent(code, this::endedCounter).increment();
    }

    private LongAdder endedCounter(String code) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder("verge.http2.ended", adder, LongAdder::sum)
                .description("HTTP/2 connections ended because of what their clients sent, by error code")
                .tag("code", code)
                .register(registry);
        return adder;
    }

    private LongAdder refusedCounter(Violation reason) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder("verge.requests.refused", adder, LongAdder::sum)
                .description("HTTP/1 requests refused because they break a rule, by rule")
                .tag("reason", reason.word())
                .register(registry);
        return adder;
    }

    /** Counts expressions of rules that could not be evaluated; usually none. */
    public void expressionErrors(int count) {
        if (count > 0) {
            expressionErrors.add(count);
        }
    }

    public TunnelMetrics tunnels() {
        return tunnels;
    }

    public Http3Metrics http3() {
        return http3;
    }

    public AtomicInteger connections() {
        return connections;
    }

    public AtomicInteger active() {
        return active;
    }

    /** Requests that wait for what another one fetches. */
    public AtomicInteger waiting() {
        return waiting;
    }

    public void connectionRefused() {
        connectionsRefused.increment();
    }
}
