package dev.verge.sync.client;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SecretPlaces;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.order.Order;
import dev.verge.sync.trust.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The node's own keys in its folder, the ones in use and those that are about to replace them, and the fleet keys that they open. Methods
 * that change files block; reading is safe from any thread.
 */
final class KeyRing {
    private final Path file;
    private final Path nextFile;
    private final String tokenHash;
    private final @Nullable String pinned;
    private final Map<Integer, FleetKey> opened = new ConcurrentHashMap<>();
    private volatile @Nullable OwnKeys current;
    private @Nullable OwnKeys next;

    /** What was in use before: the control plane may yet seal to it on this stream. */
    private @Nullable OwnKeys before;

    private KeyRing(Path folder, SyncClientOptions options) {
        this.file = folder.resolve("keys.json");
        this.nextFile = folder.resolve("keys.next.json");
        this.tokenHash = options.token().isEmpty() ? "" : OwnKeys.hash(options.token());
        this.pinned = options.signingKey();
    }

    static KeyRing open(SyncClientOptions options) throws IOException {
        KeyRing ring = new KeyRing(options.folder(), options);
        ring.current = OwnKeys.read(ring.file).orElse(null);
        ring.next = OwnKeys.read(ring.nextFile).orElse(null);
        return ring;
    }

    /** The keys in use; empty while no token was exchanged. */
    Optional<OwnKeys> current() {
        return Optional.ofNullable(current);
    }

    /** What is believed of what is stored: nothing, if the settings now begin from a key that was never heard of. */
    Trust trust(List<LogEntry> entries) {
        OwnKeys keys = current;
        if (keys == null) {
            return Trust.none();
        }
        Trust trust = Trust.of(keys.trusted()).withEntries(entries);
        return pinned == null || trust.knows(pinned) ? trust : Trust.none();
    }

    /** What the core believes, or what the exchange of the token gave when it believes nobody yet. */
    Trust trustOr(Trust known) {
        return known.keys().isEmpty() ? trust(List.of()) : known;
    }

    /** Whether the settings hold a token that was not exchanged yet. */
    boolean toEnrol() {
        OwnKeys keys = current;
        return !tokenHash.isEmpty() && (keys == null || !keys.tokenHash().equals(tokenHash));
    }

    /** The keys to exchange the token for: the same ones for each try, so that a lost answer does no harm. */
    synchronized OwnKeys forExchange() throws IOException {
        OwnKeys waiting = next;
        if (waiting == null || !waiting.tokenHash().equals(tokenHash)) {
            waiting = OwnKeys.make(tokenHash);
            waiting.write(nextFile);
            next = waiting;
        }
        return waiting;
    }

    /**
     * The token was exchanged.
     *
     * @throws IllegalArgumentException when the settings name a signing key that is not the control plane's
     */
    synchronized void exchanged(OwnKeys keys, String node, List<SigningKeyEntry> shown) throws IOException {
        OwnKeys now = keys.exchanged(node, Trust.begin(pinned, shown).keys(), pinned);
        OwnKeys had = current;
        if (had != null) {
            OwnKeys kept = had.changedTo(now);
            for (Map.Entry<Integer, String> fleet : kept.fleetKeys().entrySet()) {
                now = now.with(fleet.getKey(), fleet.getValue());
            }
        }
        replace(now);
    }

    /** Keys to change to: made once, until the change is through. */
    synchronized OwnKeys forChange() throws IOException {
        OwnKeys keys = inUse();
        OwnKeys waiting = next;
        if (waiting == null || !waiting.tokenHash().equals(keys.tokenHash())) {
            waiting = OwnKeys.make(keys.tokenHash());
            waiting.write(nextFile);
            next = waiting;
        }
        return waiting;
    }

    /** Whether a change of keys is under way, or these are older than {@code age}. */
    synchronized boolean toChange(Duration age) {
        OwnKeys keys = current;
        OwnKeys waiting = next;
        return keys != null
                && ((waiting != null && waiting.tokenHash().equals(keys.tokenHash()))
                        || Instant.now().getEpochSecond() - keys.madeAt() > age.toSeconds());
    }

    /** The control plane knows the new keys. */
    synchronized void changed(String id) throws IOException {
        OwnKeys waiting = next;
        if (waiting != null && waiting.publicKeys().id().equals(id)) {
            replace(inUse().changedTo(waiting));
        }
    }

    /** Keeps the chain of signing keys that is believed from now on. */
    synchronized void believe(Trust trust) throws IOException {
        OwnKeys keys = inUse();
        OwnKeys now = keys.exchanged(keys.node(), trust.keys(), pinned);
        now.write(file);
        current = now;
    }

    /** Opens a fleet key for what follows; {@link IllegalArgumentException} when it is not sealed to this node. */
    synchronized void hold(int epoch, String sealed) {
        IllegalArgumentException closed = new IllegalArgumentException("a fleet key for a node without keys");
        for (OwnKeys keys : Arrays.asList(current, next, before)) {
            if (keys != null) {
                try {
                    opened.put(epoch, FleetKey.open(epoch, keys.sealing(), sealed));
                    return;
                } catch (IllegalArgumentException notThis) {
                    closed = notThis;
                }
            }
        }
        throw closed;
    }

    /** Whether a fleet key can be opened here. */
    boolean holds(int epoch) {
        OwnKeys keys = current;
        return opened.containsKey(epoch) || (keys != null && keys.fleetKeys().containsKey(epoch));
    }

    /** Keeps a fleet key that is held, sealed to the node's own key. */
    synchronized void keep(int epoch) throws IOException {
        OwnKeys keys = inUse();
        FleetKey key = opened.get(epoch);
        if (key != null && !keys.fleetKeys().containsKey(epoch)) {
            OwnKeys now = keys.with(epoch, key.sealedTo(keys.sealing().publicKey()));
            now.write(file);
            current = now;
        }
    }

    private void replace(OwnKeys now) throws IOException {
        now.write(file);
        before = current;
        current = now;
        next = null;
        Files.deleteIfExists(nextFile);
    }

    private OwnKeys inUse() {
        OwnKeys keys = current;
        if (keys == null) {
            throw new IllegalStateException("the node has no keys yet");
        }
        return keys;
    }

    /** An entry with its secrets open; {@link IllegalArgumentException} when they were not sealed to this node. */
    LogEntry open(LogEntry entry) {
        return SecretPlaces.replace(entry, this::open);
    }

    /** Likewise an order. */
    Order open(Order order) {
        return order.replaceSecrets(this::open);
    }

    private String open(String name, String value) {
        return FleetKey.isSealed(value) ? fleetKey(value).open(name, value) : value;
    }

    private FleetKey fleetKey(String sealed) {
        return opened.computeIfAbsent(FleetKey.epochOf(sealed), epoch -> {
            OwnKeys keys = current;
            String own = keys == null ? null : keys.fleetKeys().get(epoch);
            if (keys == null || own == null) {
                throw new IllegalArgumentException(
                        "its secrets are sealed under fleet key " + epoch + ", which this node does not have");
            }
            return FleetKey.open(epoch, keys.sealing(), own);
        });
    }
}
