package dev.verge.control;

import dev.verge.sync.server.Comparisons;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What the metrics say of comparisons of nodes' states with the log. */
final class SyncMeters {
    private SyncMeters() {}

    static void register(Comparisons comparisons, MeterRegistry meters) {
        counter(comparisons, "same", Comparisons::same, meters);
        counter(comparisons, "different", Comparisons::different, meters);
        counter(comparisons, "unknown", Comparisons::unknown, meters);
    }

    private static void counter(
            Comparisons comparisons, String outcome, ToDoubleFunction<Comparisons> count, MeterRegistry meters) {
        FunctionCounter.builder("verge.sync.comparisons", comparisons, count)
                .tag("outcome", outcome)
                .description("Comparisons of what a node has stored with the log.")
                .register(meters);
    }
}
