package dev.verge.deploy.local;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.server.ListSnapshot;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SnapshotReader;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A configuration log in memory. It remembers its state and its newest commits; who asks for older ones gets a snapshot, as from any
 * control plane. Thread-safe.
 */
final class LocalLog implements LogSource {
    private static final int KEPT_COMMITS = 256;

    /** Keys of the state: sites, functions, and the values of namespaces. */
    private static final int MOST_KEYS = 20_000;

    private final SigningPair key = SigningPair.generate();
    private final FleetKey secrets = FleetKey.generate(1);
    private final LocalBlobs blobs;
    private final Deque<Commit> commits = new ArrayDeque<>();
    private final TreeMap<String, LogEntry> state = new TreeMap<>();
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private long head;

    LocalLog(LocalBlobs blobs) {
        this.blobs = blobs;
    }

    /**
     * Commits one change.
     *
     * @param value the entry as JSON; null removes the key
     * @return its revision
     * @throws IllegalStateException when there is no room for another key
     */
    long commit(String name, @Nullable String value) {
        long revision;
        synchronized (this) {
            if (value != null && !state.containsKey(name) && state.size() >= MOST_KEYS) {
                throw new IllegalStateException("at most " + MOST_KEYS + " keys in a local session");
            }
            revision = ++head;
            LogEntry entry = new LogEntry(revision, name, value);
            if (value == null) {
                state.remove(name);
            } else {
                state.put(name, entry);
            }
            commits.add(Commit.of(entry));
            if (commits.size() > KEPT_COMMITS) {
                commits.remove();
            }
        }
        listeners.forEach(listener -> listener.accept(revision));
        return revision;
    }

    @Override
    public String history() {
        return "local";
    }

    @Override
    public synchronized Future<Long> head() {
        return Future.succeededFuture(head);
    }

    @Override
    public synchronized Future<Tail> readSince(long revision, int maxCommits) {
        Commit oldest = commits.peek();
        if (oldest != null && revision < oldest.revision() - 1) {
            return Future.succeededFuture(new Compacted());
        }
        return Future.succeededFuture(new Commits(
                commits.stream()
                        .filter(commit -> commit.revision() > revision)
                        .limit(maxCommits)
                        .map(commit -> SignedCommit.sign(history(), commit, this::proof))
                        .toList(),
                null));
    }

    @Override
    public synchronized Future<SnapshotReader> snapshot() {
        return Future.succeededFuture(new ListSnapshot(head, 0, List.copyOf(state.values()), null));
    }

    @Override
    public Future<Optional<BlobBody>> blob(String sha256) {
        return Future.succeededFuture(blobs.find(sha256)
                .map(content -> new BlobBody(content.length, new LocalBlobs.Whole(content), () -> {})));
    }

    private Proof proof(byte[] statement) {
        return new Proof(1, key.sign(statement));
    }

    @Override
    public List<SigningKeyEntry> signingKeys() {
        return List.of(new SigningKeyEntry(1, key.publicKey(), "", false));
    }

    @Override
    public Future<Proof> sign(byte[] statement) {
        return Future.succeededFuture(proof(statement));
    }

    @Override
    public Future<FleetKey> fleetKey() {
        return Future.succeededFuture(secrets);
    }

    @Override
    public Registration onCommit(LongConsumer newHead) {
        listeners.add(newHead);
        return () -> listeners.remove(newHead);
    }
}
