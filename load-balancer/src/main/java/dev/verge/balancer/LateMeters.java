package dev.verge.balancer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Meters that are registered when they are first needed. A node may know a hundred thousand sites of which few are asked for: their
 * meters would take more memory than all else that is known of them. Thread-safe.
 */
final class LateMeters<M extends LateMeters.Group> {
    private final MeterRegistry registry;
    private final Function<MeterRegistry, M> maker;
    private volatile @Nullable M made;
    private boolean closed;

    /** @param maker registers the meters */
    LateMeters(MeterRegistry registry, Function<MeterRegistry, M> maker) {
        this.registry = registry;
        this.maker = maker;
    }

    /** Some meters of one thing. */
    abstract static class Group {
        private final MeterRegistry registry;
        private final List<Meter> meters = new ArrayList<>();

        Group(MeterRegistry registry) {
            this.registry = registry;
        }

        final <T extends Meter> T keep(T meter) {
            meters.add(meter);
            return meter;
        }
    }

    /** The meters; registered by the first call. */
    M get() {
        M known = made;
        return known != null ? known : make();
    }

    private synchronized M make() {
        M known = made;
        if (known == null) {
            // Whoever still works with what has ended counts where nobody looks.
            known = maker.apply(closed ? new SimpleMeterRegistry() : registry);
            made = known;
        }
        return known;
    }

    /** Takes them out of the registry, and registers none any more. */
    synchronized void close() {
        closed = true;
        M known = made;
        if (known != null) {
            Group group = known;
            group.meters.forEach(group.registry::remove);
        }
    }
}
