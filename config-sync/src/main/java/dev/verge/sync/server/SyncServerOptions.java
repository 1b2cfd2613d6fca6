package dev.verge.sync.server;

import java.time.Duration;

/**
 * Bounds of the control plane's end.
 *
 * @param maxInFlight commits sent to a node and not yet acknowledged
 * @param maxInFlightBytes the same in bytes; one commit may always be in flight
 * @param heartbeat how often the head is told on an idle stream
 * @param silence a node that says nothing for so long is dropped
 * @param recentCommits newest commits kept encoded for all streams
 * @param recentBytes the same in bytes
 * @param maxStreams connections at a time
 * @param compare how often the state of each node is compared with the log
 */
public record SyncServerOptions(
        int maxInFlight,
        int maxInFlightBytes,
        Duration heartbeat,
        Duration silence,
        int recentCommits,
        int recentBytes,
        int maxStreams,
        Duration compare) {

    public SyncServerOptions {
        if (maxInFlight < 1 || maxInFlight > dev.verge.sync.core.SyncCore.MAX_WAITING) {
            throw new IllegalArgumentException(
                    "maxInFlight: 1 to " + dev.verge.sync.core.SyncCore.MAX_WAITING + ", what nodes accept");
        }
        if (silence.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException("silence: must be longer than heartbeat");
        }
    }

    /** What fits all but the largest fleets. */
    public static SyncServerOptions defaults() {
        return new SyncServerOptions(
                256,
                4 << 20,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                4_096,
                16 << 20,
                20_000,
                Duration.ofMinutes(5));
    }

    /** The same with another time between comparisons. */
    public SyncServerOptions withCompare(Duration value) {
        return new SyncServerOptions(
                maxInFlight, maxInFlightBytes, heartbeat, silence, recentCommits, recentBytes, maxStreams, value);
    }
}
