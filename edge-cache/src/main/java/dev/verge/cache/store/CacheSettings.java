package dev.verge.cache.store;

import java.nio.file.Path;

/**
 * How large the tiers are and where the disk tier lives.
 *
 * @param folder data folder, created when missing; used by one process at a time
 * @param memoryBytes bound of the memory tier: bodies and heads; what active readers and fills hold comes on top
 * @param diskBytes bound of live bytes on disk; 0 keeps everything in memory only and touches no folder
 * @param diskThreads threads that work with RocksDB
 * @param diskQueue tasks that may wait for them; beyond it a lookup is a miss and a fill is not kept
 */
public record CacheSettings(Path folder, long memoryBytes, long diskBytes, int diskThreads, int diskQueue) {
    public CacheSettings {
        if (memoryBytes < 1 << 20) {
            throw new IllegalArgumentException("memoryBytes: at least 1MiB is needed; it is " + memoryBytes);
        }
        if (diskBytes < 0 || (diskBytes > 0 && diskBytes < 1 << 20)) {
            throw new IllegalArgumentException("diskBytes: use 0 for none, or at least 1MiB; it is " + diskBytes);
        }
        if (diskThreads < 1 || diskQueue < 1) {
            throw new IllegalArgumentException("diskThreads, diskQueue: at least 1 is needed");
        }
    }

    public static CacheSettings of(Path folder, long memoryBytes, long diskBytes) {
        return new CacheSettings(folder, memoryBytes, diskBytes, 4, 4096);
    }

    /** Bodies up to this size may live in memory: a sixteenth of the tier, at most 8 MiB. */
    long memoryObjectBytes() {
        return Math.min(8L << 20, memoryBytes / 16);
    }
}
