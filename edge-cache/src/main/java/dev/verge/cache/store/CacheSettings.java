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
 * @param heapBytes the JVM's heap, of which the tiers take a share at most however large they may be: a fifth for what memory keeps beside
 *     bodies, a quarter for the index of what is on disk
 */
public record CacheSettings(
        Path folder, long memoryBytes, long diskBytes, int diskThreads, int diskQueue, long heapBytes) {
    /** What an entry on disk takes of the heap, with its share of the index's tables. */
    private static final int SLOT_HEAP_BYTES = 116;

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
        return new CacheSettings(
                folder, memoryBytes, diskBytes, 4, 4096, Runtime.getRuntime().maxMemory());
    }

    CacheSettings withHeapBytes(long bytes) {
        return new CacheSettings(folder, memoryBytes, diskBytes, diskThreads, diskQueue, bytes);
    }

    /** Bytes of keys and heads that may live in memory. */
    long headBytes() {
        return Math.min(memoryBytes, heapBytes / 5);
    }

    /** Entries that may be on disk: each has a slot in the index. */
    int diskEntries() {
        return Math.clamp(heapBytes / 4 / SLOT_HEAP_BYTES, 1_000, Integer.MAX_VALUE);
    }

    /** Bodies up to this size may live in memory: a sixteenth of the tier, at most 8 MiB. */
    long memoryObjectBytes() {
        return Math.min(8L << 20, memoryBytes / 16);
    }
}
