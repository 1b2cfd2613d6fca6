package dev.verge.control;

import dev.verge.sync.nats.NatsHub;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What the metrics say of NATS. */
final class NatsMeters {
    private NatsMeters() {}

    static void register(NatsHub hub, MeterRegistry meters) {
        Gauge.builder("verge.nats.connected", hub, each -> each.connected() ? 1 : 0)
                .description("1 while NATS is connected.")
                .register(meters);
        Gauge.builder("verge.nats.published.revision", hub, NatsHub::published)
                .description("The last revision that is known to lie on the stream.")
                .register(meters);
        Gauge.builder("verge.nats.sessions", hub, NatsHub::sessions)
                .description("Sessions of nodes over NATS.")
                .register(meters);
        Gauge.builder("verge.nats.unsent", hub, NatsHub::waiting)
                .description("Messages of sessions that wait for the connection.")
                .register(meters);
        FunctionCounter.builder("verge.nats.published", hub, NatsHub::messages)
                .description("Commits that this control plane put on the stream.")
                .register(meters);
        FunctionCounter.builder("verge.nats.publish.breaks", hub, NatsHub::breaks)
                .description("How often publishing broke off although NATS was connected.")
                .register(meters);
    }
}
