package dev.verge.sync.report;

/**
 * How busy a node is.
 *
 * @param cpu share of the machine's (or container's) CPU time that is in use by anything, 0 to 1
 * @param processCpu share of it that the node's own process uses, 0 to 1; function hosts are processes of their own
 * @param memoryBytes resident memory of the node and its function hosts
 * @param memoryTotalBytes memory that the machine or container has
 * @param connections open client connections
 * @param requestsPerSecond finished requests since the report before
 * @param cacheMemoryBytes cached content in memory
 * @param cacheDiskBytes cached content on disk
 */
public record NodeLoad(
        double cpu,
        double processCpu,
        long memoryBytes,
        long memoryTotalBytes,
        long connections,
        double requestsPerSecond,
        long cacheMemoryBytes,
        long cacheDiskBytes) {

    public NodeLoad {
        if (!(cpu >= 0 && cpu <= 1 && processCpu >= 0 && processCpu <= 1)) {
            throw new IllegalArgumentException("shares of CPU time are from 0 to 1");
        }
        if (!(requestsPerSecond >= 0 && requestsPerSecond < 1e9)) {
            throw new IllegalArgumentException("requestsPerSecond is from 0 to 1e9");
        }
        if (memoryBytes < 0 || memoryTotalBytes < 0 || connections < 0 || cacheMemoryBytes < 0 || cacheDiskBytes < 0) {
            throw new IllegalArgumentException("bytes and connections are no less than 0");
        }
    }
}
