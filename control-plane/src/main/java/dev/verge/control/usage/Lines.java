package dev.verge.control.usage;

import dev.verge.control.resource.FunctionUsage;
import dev.verge.control.resource.SiteUsage;
import dev.verge.sync.usage.Latencies;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sums as the API tells them. */
final class Lines {
    private static final double MICROS_IN_MILLI = 1_000;
    private static final double MEBIBYTE_MILLIS_IN_GB_SECOND = 1_024 * 1_000;
    private static final double HALF = 0.5;
    private static final double NEARLY_ALL = 0.99;
    private static final List<String> CLASSES = List.of("aborted", "1xx", "2xx", "3xx", "4xx", "5xx");

    private Lines() {}

    /** Runs that ended neither ok nor cancelled: a client that goes away is no fault of the function. */
    static long errors(UsageSum sum) {
        return sum.get(UsageField.OUTCOMES) - sum.get(UsageField.RUN_OK) - sum.get(UsageField.RUN_CANCELLED);
    }

    static FunctionUsage function(Instant at, UsageKey key, UsageSum sum) {
        Map<String, Long> outcomes = new LinkedHashMap<>();
        for (UsageField outcome : UsageField.OUTCOMES) {
            if (sum.get(outcome) > 0) {
                outcomes.put(outcome.word(), sum.get(outcome));
            }
        }
        List<Long> took = sum.latencies();
        return new FunctionUsage(
                at,
                key.name(),
                key.version(),
                sum.get(UsageField.OUTCOMES),
                outcomes,
                errors(sum),
                sum.get(UsageField.CPU_MICROS) / MICROS_IN_MILLI,
                sum.get(UsageField.WALL_MICROS) / MICROS_IN_MILLI,
                sum.get(UsageField.MEBIBYTE_MILLIS) / MEBIBYTE_MILLIS_IN_GB_SECOND,
                sum.get(UsageField.BYTES_IN),
                sum.get(UsageField.BYTES_OUT),
                sum.get(UsageField.SUBREQUESTS),
                sum.get(UsageField.COLD_STARTS),
                Latencies.percentileMillis(took, HALF),
                Latencies.percentileMillis(took, NEARLY_ALL));
    }

    static SiteUsage site(Instant at, UsageKey key, UsageSum sum) {
        Map<String, Long> statuses = new LinkedHashMap<>();
        for (int i = 0; i < UsageField.STATUSES.size(); i++) {
            long count = sum.get(UsageField.STATUSES.get(i));
            if (count > 0) {
                statuses.put(CLASSES.get(i), count);
            }
        }
        List<Long> took = sum.latencies();
        return new SiteUsage(
                at,
                key.name(),
                sum.get(UsageField.STATUSES),
                statuses,
                sum.get(UsageField.HITS),
                sum.get(UsageField.MISSES),
                sum.get(UsageField.STATUS_5XX),
                sum.get(UsageField.BYTES_IN),
                sum.get(UsageField.BYTES_OUT),
                Latencies.percentileMillis(took, HALF),
                Latencies.percentileMillis(took, NEARLY_ALL));
    }
}
