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
import org.jspecify.annotations.Nullable;

/**
 * How a node follows the log.
 *
 * @param controlPlanes {@code https://HOST:PORT}, tried in turn; {@code http} only on loopback; none: serve what is on disk
 * @param token node token, exchanged once for keys that the node makes; empty when that is done
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
 * @param fingerprint SHA-256 in hex of a certificate that the control plane shows, its own or an authority's; null: the platform's
 *     authorities decide
 * @param signingKey public key that the control plane's signatures must begin from; null: the first one shown is believed
 * @param keyAge the node changes its keys when they are older
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
        long maxBlobBytes,
        @Nullable String fingerprint,
        @Nullable String signingKey,
        Duration keyAge) {

    private static final Duration KEY_AGE = Duration.ofDays(30);
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
                64L << 20,
                null,
                null,
                KEY_AGE);
    }

    /** The same, told to the control plane otherwise. */
    public SyncClientOptions withAllowShared(boolean value) {
        return copy(value, fingerprint, signingKey, keyAge);
    }

    /** The same, believing one certificate and one signing key. */
    public SyncClientOptions withPins(@Nullable String certificate, @Nullable String signing) {
        return copy(allowShared, certificate, signing, keyAge);
    }

    /** The same with another age of keys. */
    public SyncClientOptions withKeyAge(Duration age) {
        return copy(allowShared, fingerprint, signingKey, age);
    }

    private SyncClientOptions copy(
            boolean shared, @Nullable String certificate, @Nullable String signing, Duration age) {
        return new SyncClientOptions(
                controlPlanes,
                token,
                folder,
                software,
                shared,
                connectTimeout,
                firstRetry,
                lastRetry,
                heartbeat,
                silence,
                maxSnapshotCharacters,
                maxBlobBytes,
                certificate,
                signing,
                age);
    }

    /** What the node says first on a stream. */
    Frame.Hello hello(Position since, Map<String, Refusal> refused) {
        return new Frame.Hello(
                Frame.PROTOCOL, since.history(), since.revision(), software, refused, allowShared, true, true);
    }
}
