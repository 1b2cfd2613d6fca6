package dev.verge.node.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts tunnels: connections and streams that have left HTTP. Thread-safe. */
public final class TunnelMetrics {
    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder toClients = new LongAdder();
    private final LongAdder toOrigins = new LongAdder();
    private final Map<String, LongAdder> ended = new ConcurrentHashMap<>();

    TunnelMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("verge.tunnels", open, AtomicInteger::get)
                .description("Open tunnels (WebSocket and other upgrades), those being asked for included")
                .register(registry);
        bytes("client", toClients);
        bytes("origin", toOrigins);
    }

    private void bytes(String side, LongAdder adder) {
        FunctionCounter.builder("verge.tunnel.bytes", adder, LongAdder::sum)
                .description("Bytes sent through tunnels that have ended")
                .tag("to", side)
                .register(registry);
    }

    /** Takes one of at most that many places; {@link #close} gives it back. */
    public boolean tryOpen(int most) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    public void close() {
        open.decrementAndGet();
    }

    /**
     * A tunnel has ended.
     *
     * @param end {@code complete}, or the word for what ended it
     */
    public void ended(String end, long bytesToClient, long bytesToOrigin) {
        close();
        toClients.add(bytesToClient);
        toOrigins.add(bytesToOrigin);
        ended.computeIfAbsent(end, this::counter).increment();
    }

    private LongAdder counter(String end) {
        LongAdder adder = new LongAdder();
        FunctionCounter.builder("verge.tunnels.ended", adder, LongAdder::sum)
                .description(
                        "Tunnels that have ended, by how: complete, client-gone, body-broken (the origin's side), idle")
                .tag("end", end)
                .register(registry);
        return adder;
    }
}
