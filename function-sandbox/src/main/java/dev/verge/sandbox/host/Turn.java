package dev.verge.sandbox.host;

import org.jspecify.annotations.Nullable;

/** The turn that an isolate's owner is in. */
final class Turn {
    private static final long NEVER = Long.MIN_VALUE;

    private final @Nullable HostCall call;
    private final long cpuNanos;
    private final long allocatedBytes;

    /** The watchdog's alone. */
    private long suspectedCpuNanos = NEVER;

    /**
     * A turn that begins.
     *
     * @param call whose event it is, or null at start-up
     * @param cpuNanos the owner's CPU time
     * @param allocatedBytes the owner's allocation
     */
    Turn(@Nullable HostCall call, long cpuNanos, long allocatedBytes) {
        this.call = call;
        this.cpuNanos = cpuNanos;
        this.allocatedBytes = allocatedBytes;
    }

    @Nullable
    HostCall call() {
        return call;
    }

    /** The owner's CPU time when it began. */
    long cpuNanos() {
        return cpuNanos;
    }

    /** The owner's allocation when it began. */
    long allocatedBytes() {
        return allocatedBytes;
    }

    /**
     * Whether a look that found too much allocated is to be believed: only when the look before it found the same, and the owner has run
     * in between. The virtual machine reads another thread's allocation without a lock, and is wrong by the address of the heap
     * (gigabytes) while that thread hands a buffer back; a thread that was put aside right there stays wrong until it runs again.
     *
     * @param over what this look found
     * @param ownerCpuNanos the owner's CPU time at this look
     */
    boolean confirms(boolean over, long ownerCpuNanos) {
        boolean confirmed = over && suspectedCpuNanos != NEVER && ownerCpuNanos > suspectedCpuNanos;
        if (!over) {
            suspectedCpuNanos = NEVER;
        } else if (suspectedCpuNanos == NEVER) {
            suspectedCpuNanos = ownerCpuNanos;
        }
        return confirmed;
    }
}
