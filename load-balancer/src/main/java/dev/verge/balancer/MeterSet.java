package dev.verge.balancer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The meters of one pool or one origin: they leave the registry together, and none comes after that. Thread-safe. */
final class MeterSet {
    private final MeterRegistry registry;
    private final List<Meter> all = new ArrayList<>(8);
    private boolean closed;

    MeterSet(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Keeps one that is registered already, while the set is being made. */
    synchronized <M extends Meter> M add(M meter) {
        all.add(meter);
        return meter;
    }

    /** Registers another one; null when the set has left the registry. */
    synchronized <M extends Meter> @Nullable M register(Function<MeterRegistry, M> registration) {
        return closed ? null : add(registration.apply(registry));
    }

    /** Takes the meters out of the registry. */
    synchronized void close() {
        closed = true;
        all.forEach(registry::remove);
        all.clear();
    }
}
