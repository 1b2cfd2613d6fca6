package dev.verge.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Watches what a process and its hosts hold of the machine's memory, 50 times a second. */
final class ResidentMemory implements AutoCloseable {
    private static final long PAGE_BYTES = 4096;
    private static final long PERIOD_NANOS = 20_000_000;

    private final Supplier<List<Long>> pids;
    private final long atFirst;
    private final AtomicLong most = new AtomicLong();
    private volatile boolean watching;

    private ResidentMemory(boolean watching, Supplier<List<Long>> pids) {
        this.watching = watching;
        this.pids = pids;
        this.atFirst = bytes();
    }

    static ResidentMemory watch(boolean really, Supplier<List<Long>> pids) {
        ResidentMemory memory = new ResidentMemory(really, pids);
        if (really) {
            Thread.ofPlatform().daemon().start(memory::run);
        }
        return memory;
    }

    private void run() {
        while (watching) {
            most.accumulateAndGet(bytes(), Math::max);
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }

    private long bytes() {
        long sum = of(ProcessHandle.current().pid());
        for (long pid : pids.get()) {
            sum += of(pid);
        }
        return sum;
    }

    private static long of(long pid) {
        try {
            return Long.parseLong(
                            Files.readString(Path.of("/proc/" + pid + "/statm")).split(" ", -1)[1])
                    * PAGE_BYTES;
        } catch (IOException e) {
            return 0; // It has ended.
        }
    }

    long mostGrowth() {
        return most.get() - atFirst;
    }

    long growth() {
        return bytes() - atFirst;
    }

    @Override
    public void close() {
        watching = false;
    }
}
