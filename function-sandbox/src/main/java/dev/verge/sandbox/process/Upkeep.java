package dev.verge.sandbox.process;

import dev.verge.sandbox.HostSettings;
import java.time.Duration;
import java.util.List;

/** Decides what becomes of a host, from what is seen of it once a second. */
final class Upkeep {
    /** Contexts stopped in a host; each leaves a little of the JVM's own memory behind. */
    static final int MAX_STOPS = 200;

    /** Calls a host serves, against whatever grows slowly. */
    static final long MAX_CALLS = 5_000_000;

    /** A host that holds so much more than its heap is replaced. */
    static final long GROWTH_BYTES = 288L << 20;

    /** One that holds so much more is ended at once: what it holds is not in its heap, and nothing else bounds it. */
    static final long RUNAWAY_BYTES = 640L << 20;

    /** A host without an owner that nobody uses for so long has nothing more to do. */
    private static final Duration OWNERLESS = Duration.ofSeconds(5);

    /**
     * What is seen of a host.
     *
     * @param spare it waits for an account
     * @param owned an account's calls go to it
     * @param idleNanos since it had a call, 0 when it has
     * @param residentBytes of the machine's memory
     * @param heapBytes that its heap may grow to
     * @param stops contexts that had to be stopped
     * @param served calls that were sent to it
     */
    record View(
            boolean spare, boolean owned, long idleNanos, long residentBytes, long heapBytes, int stops, long served) {}

    /** What becomes of it. */
    sealed interface Decision {}

    /** Nothing. */
    record Keep() implements Decision {}

    /** It is ended. */
    record End(HostEnd why) implements Decision {}

    /** Another one takes over its account; it is ended when its calls are over. */
    record Replace(HostEnd why) implements Decision {}

    private Upkeep() {}

    static Decision decide(View host, HostSettings settings) {
        if (host.residentBytes() > host.heapBytes() + RUNAWAY_BYTES) {
            return new End(HostEnd.GROWTH);
        }
        if (host.spare()) {
            return new Keep();
        }
        if (!host.owned()) {
            return host.idleNanos() > OWNERLESS.toNanos() ? new End(HostEnd.REPLACED) : new Keep();
        }
        if (host.idleNanos() > settings.idleTimeout().toNanos()) {
            return new End(HostEnd.IDLE);
        }
        if (host.stops() >= MAX_STOPS) {
            return new Replace(HostEnd.CANCELS);
        }
        if (host.residentBytes() > host.heapBytes() + GROWTH_BYTES) {
            return new Replace(HostEnd.GROWTH);
        }
        return host.served() >= MAX_CALLS ? new Replace(HostEnd.REQUESTS) : new Keep();
    }

    /** Whether the budget has room for one more host; the first always fits, or there would be none. */
    static boolean fits(List<HostProcess> hosts, long memoryBytes, HostSettings settings) {
        long counted = hosts.stream().mapToLong(HostProcess::budgetBytes).sum();
        return hosts.isEmpty() || counted + HostSettings.reserveBytes(memoryBytes) <= settings.memoryBytes();
    }
}
