package dev.verge.control.resource;

import java.time.Instant;
import java.util.Map;

/**
 * What runs of a function's version used.
 *
 * @param at where the step begins
 * @param function its name; empty where the functions of an account are added up
 * @param version of the function; 0 where versions are added up
 * @param outcomes runs by how they ended: ok, threw, over-cpu, over-memory, over-wall, over-subrequests, bad-response, cancelled, killed
 * @param errors runs that ended neither ok nor cancelled
 * @param gbSeconds memory that the function may have times the time that its runs took: gibibytes × seconds
 * @param coldStarts runs that waited for the evaluation of the function's modules
 * @param p50Millis half of the runs took no longer
 * @param p99Millis 99 of 100 runs took no longer
 */
public record FunctionUsage(
        Instant at,
        String function,
        int version,
        long runs,
        Map<String, Long> outcomes,
        long errors,
        double cpuMillis,
        double wallMillis,
        double gbSeconds,
        long bytesIn,
        long bytesOut,
        long subrequests,
        long coldStarts,
        double p50Millis,
        double p99Millis) {}
