package dev.verge.sandbox.process;

import dev.verge.sandbox.HostSettings;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose place a new host takes where none is left. Accounts that all have their places keep them; once one of them had to give way to an
 * account that waited, there is a spare for the next one, too, at the cost of who pauses. Guarded by the lock of the fleet.
 */
final class Crowding {
    /** A tenant gives way to a spare when it had no call for this part of the idle time. */
    private static final int PAUSES = 60;

    private final HostSettings settings;
    /** When a tenant last gave way to somebody who waited. */
    private @Nullable Long latestNanos;

    Crowding(HostSettings settings) {
        this.settings = settings;
    }

    /**
     * Who gives way: a spare before a tenant, and the tenant that was idle longest before the others; null when nobody may.
     *
     * @param waited whether somebody waits for the new host; else it is to be a spare
     */
    @Nullable
    HostProcess givesWay(List<HostProcess> hosts, List<HostProcess> spares, boolean waited, long now) {
        if (!waited && !lately(now)) {
            return null;
        }
        long pause = settings.idleTimeout().dividedBy(PAUSES).toNanos();
        HostProcess idlest = hosts.stream()
                .filter(host -> host.inFlight() == 0)
                .filter(host -> waited || (!spares.contains(host) && host.idleNanos(now) > pause))
                .max(Comparator.<HostProcess, Boolean>comparing(spares::contains)
                        .thenComparingLong(host -> host.idleNanos(now)))
                .orElse(null);
        if (waited && idlest != null && !spares.contains(idlest)) {
            latestNanos = now;
        }
        return idlest;
    }

    /** Within the idle time: who is left of that crowd has its place without a fight by then. */
    private boolean lately(long now) {
        Long latest = latestNanos;
        return latest != null && now - latest < settings.idleTimeout().toNanos();
    }
}
