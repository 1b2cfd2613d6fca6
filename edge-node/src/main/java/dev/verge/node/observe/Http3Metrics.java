package dev.verge.node.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens over HTTP/3. Thread-safe. */
public final class Http3Metrics {
    private final MeterRegistry registry;
    private final AtomicInteger connections = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> reset = new ConcurrentHashMap<>();

    Http3Metrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("verge.http3.connections", connections, AtomicInteger::get)
                .description("Open connections over QUIC, counted among all others")
                .register(registry);
        FunctionCounter.builder("verge.http3.requests", requests, LongAdder::sum)
                .description("Requests over HTTP/3, counted among all others")
                .register(registry);
        FunctionCounter.builder("verge.http3.retries", retries, LongAdder::sum)
                .description("Clients asked to prove their address before anything is kept of them")
                .register(registry);
    }

    public void opened() {
        connections.incrementAndGet();
    }

    public void closed() {
        connections.decrementAndGet();
    }

    public void request() {
        requests.increment();
    }

    public void retried() {
        retries.increment();
    }

    /**
     * The node ended a connection.
     *
     * @param code name of an error of RFC 9114
     */
    public void ended(String code) {
        ended.computeIfAbsent(code, each -> counter("verge.http3.ended", "Connections ended by the node", each))
                .increment();
    }

    /**
     * The node reset a request.
     *
     * @param code name of an error of RFC 9114
     */
    public void reset(String code) {
        reset.computeIfAbsent(code, each -> counter("verge.http3.reset", "Requests reset by the node", each))
                .increment();
    }

    private LongAdder counter(String name, String description, String code) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description + ", by error code of RFC 9114")
                .tag("code", code)
                .register(registry);
        return adder;
    }
}
