package dev.verge.sync.client;

import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.wire.Frame;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a node follows the log.
 *
 * @param controlPlanes {@code https://HOST:PORT}, tried in turn; {@code http} only on loopback; none: serve what is on disk
 * @param token node token
 * @param folder for the state and the blobs; locked by one process
 * @param software version of the node, told to the control plane
 * @param allowShared whether the node runs functions with {@code isolation: shared}, told to the control plane
 * @param connectTimeout for one try
 * @param firstRetry bound of the first pause between tries; doubles up to {@code lastRetry}
 * @param lastRetry largest bound of a pause
 * @param heartbeat how often the node says that it is there
 * @param silence a stream on which nothing came for so long is given up
 * @param maxSnapshotCharacters largest state that is taken in
 * @param maxBlobBytes largest blob
 */
public record SyncClientOptions(
        List<URI> controlPlanes,
        String token,
        Path folder,
        String software,
        boolean allowShared,
        Duration connectTimeout,
        Duration firstRetry,
        Duration lastRetry,
        Duration heartbeat,
        Duration silence,
        long maxSnapshotCharacters,
        long maxBlobBytes) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public SyncClientOptions {
        controlPlanes = List.copyOf(controlPlanes);
        for (URI url : controlPlanes) {
            boolean plain = "http".equals(url.getScheme());
            if (url.getHost() == null || (!plain && !"https".equals(url.getScheme()))) {
                throw new IllegalArgumentException(
                        "controlPlanes: \"" + url + "\" is no http(s) URL; write https://HOST:PORT");
            }
            if (plain && !LOOPBACK.contains(url.getHost())) {
                throw new IllegalArgumentException("controlPlanes: \"" + url
                        + "\" would send the node token in the clear; use https, http is for loopback only");
            }
        }
        if (silence.compareTo(heartbeat) <= 0) {
            throw new IllegalArgumentException("silence: must be longer than heartbeat");
        }
        if (firstRetry.compareTo(lastRetry) > 0) {
            throw new IllegalArgumentException("firstRetry: must not be longer than lastRetry");
        }
    }

    /** With the usual times and bounds. */
    public static SyncClientOptions of(List<URI> controlPlanes, String token, Path folder, String software) {
        return new SyncClientOptions(
                controlPlanes,
                token,
                folder,
                software,
                false,
                Duration.ofSeconds(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                1L << 30,
                64L << 20);
    }

    /** The same, told to the control plane otherwise. */
    public SyncClientOptions withAllowShared(boolean value) {
        return new SyncClientOptions(
                controlPlanes,
                token,
                folder,
                software,
                value,
                connectTimeout,
                firstRetry,
                lastRetry,
                heartbeat,
                silence,
                maxSnapshotCharacters,
                maxBlobBytes);
    }

    /** What the node says first on a stream. */
    Frame.Hello hello(Position since, Map<String, Refusal> refused) {
        return new Frame.Hello(Frame.PROTOCOL, since.history(), since.revision(), software, refused, allowShared);
    }
}
