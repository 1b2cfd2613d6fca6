package dev.verge.sandbox.host.lockdown;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Resource limits of the whole process, hard and soft alike (setrlimit(2)).
 *
 * <p>The number of processes is not among them: it is counted over all processes of the user, the node's own threads included, so any
 * value would either bound nothing or take threads from others. Scripts cannot start threads, and seccomp refuses processes.
 */
final class ResourceLimits {
    /** By the kernel's number: FSIZE, CORE, NOFILE, MEMLOCK, MSGQUEUE, RTPRIO. Output goes to a pipe, which FSIZE does not bound. */
    static final SortedMap<Integer, Long> LIMITS = new TreeMap<>(Map.of(1, 0L, 4, 0L, 7, 256L, 8, 0L, 12, 0L, 14, 0L));

    private ResourceLimits() {}

    /** Sets them; 0, or the negative errno of the first that failed, after which the others were tried all the same. */
    static long apply(Kernel kernel) {
        long result = 0;
        try (Arena arena = Arena.ofConfined()) {
            for (Map.Entry<Integer, Long> limit : LIMITS.entrySet()) {
                byte[] pair = ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(limit.getValue())
                        .putLong(limit.getValue())
                        .array();
                long one = kernel.call(Syscall.PRLIMIT64, 0, limit.getKey(), Kernel.bytes(arena, pair), 0);
                result = result == 0 ? one : result;
            }
        }
        return result;
    }
}
