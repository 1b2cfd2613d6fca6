package dev.verge.control.resource;

import dev.verge.sync.report.NodeLoad;
import java.time.Instant;

/**
 * How busy a node was.
 *
 * @param at when the control plane heard of it
 * @param cpu share of the machine's (or container's) CPU time that was in use by anything, 0 to 1
 * @param processCpu share of it that the node's own process used, 0 to 1; function hosts are processes of their own
 * @param memoryBytes resident memory of the node and its function hosts
 * @param memoryTotalBytes memory that the machine or container has
 * @param connections open client connections
 * @param requestsPerSecond finished requests, over the seconds before
 * @param cacheMemoryBytes cached content in memory
 * @param cacheDiskBytes cached content on disk
 */
public record LoadPoint(
        Instant at,
        double cpu,
        double processCpu,
        long memoryBytes,
        long memoryTotalBytes,
        long connections,
        double requestsPerSecond,
        long cacheMemoryBytes,
        long cacheDiskBytes) {

    /** What a node told at a time; shares and rates to three digits. */
    public static LoadPoint of(Instant at, NodeLoad load) {
        return new LoadPoint(
                at,
                rounded(load.cpu()),
                rounded(load.processCpu()),
                load.memoryBytes(),
                load.memoryTotalBytes(),
                load.connections(),
                rounded(load.requestsPerSecond()),
                load.cacheMemoryBytes(),
                load.cacheDiskBytes());
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
