package dev.verge.sandbox.host;

import org.jspecify.annotations.Nullable;

/**
 * The turn that an isolate's owner is in.
 *
 * @param call whose event it is, or null at start-up
 * @param cpuNanos the thread's CPU time when it began
 * @param allocatedBytes the thread's allocation when it began
 */
record Turn(@Nullable HostCall call, long cpuNanos, long allocatedBytes) {}
