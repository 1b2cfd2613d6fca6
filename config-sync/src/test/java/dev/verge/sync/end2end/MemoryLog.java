package dev.verge.sync.end2end;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.server.ListSnapshot;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SnapshotReader;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** A log in memory, complete enough to stand in for the control plane's SQL one. */
final class MemoryLog implements LogSource {

    private final String history;
    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    final AtomicInteger snapshots = new AtomicInteger();
    final AtomicInteger reads = new AtomicInteger();
    private static final SigningPair KEY = SigningPair.generate();

    /** Every log of the tests is of one installation. */
    SigningPair signing = KEY;

    final FleetKey fleetKey = FleetKey.generate(1);
    private long compactedTo;

    MemoryLog(String history) {
        this.history = history;
    }

    /** Commits a change for some nodes. */
    long commit(String key, @Nullable String value, Placement placement) {
        long revision;
        synchronized (this) {
            revision = commits.size() + 1L;
            commits.add(Commit.of(new LogEntry(revision, key, value, placement)));
        }
        listeners.forEach(listener -> listener.accept(revision));
        return revision;
    }

    /** Commits changes, null values being tombstones. */
    long commit(Map<String, String> changes) {
        long revision;
        synchronized (this) {
            revision = commits.size() + 1L;
            List<LogEntry> entries = new ArrayList<>();
            changes.forEach((key, value) -> entries.add(new LogEntry(revision, key, value)));
            commits.add(new Commit(revision, entries));
        }
        listeners.forEach(listener -> listener.accept(revision));
        return revision;
    }

    synchronized void blob(String sha256, byte[] content) {
        blobs.put(sha256, content);
    }

    synchronized void compactTo(long revision) {
        compactedTo = revision;
    }

    @Override
    public String history() {
        return history;
    }

    @Override
    public synchronized Future<Long> head() {
        return Future.succeededFuture((long) commits.size());
    }

    @Override
    public synchronized Future<Tail> readSince(long revision, int maxCommits) {
        reads.incrementAndGet();
        if (revision < compactedTo) {
            return Future.succeededFuture(new Compacted());
        }
        int from = (int) Math.min(revision, commits.size());
        return Future.succeededFuture(new Commits(
                commits.subList(from, Math.min(commits.size(), from + maxCommits)).stream()
                        .map(commit -> SignedCommit.sign(history, commit, this::proof))
                        .toList(),
                fleetKey));
    }

    @Override
    public Future<FleetKey> fleetKey() {
        return Future.succeededFuture(fleetKey);
    }

    @Override
    public synchronized Future<SnapshotReader> snapshot() {
        snapshots.incrementAndGet();
        TreeMap<String, LogEntry> state = new TreeMap<>();
        for (Commit commit : commits) {
            for (LogEntry entry : commit.entries()) {
                if (entry.isTombstone() || (!Keys.retained(entry.key()) && entry.revision() <= compactedTo)) {
                    state.remove(entry.key());
                } else {
                    state.put(entry.key(), entry);
                }
            }
        }
        return Future.succeededFuture(
                new ListSnapshot(commits.size(), compactedTo, List.copyOf(state.values()), fleetKey));
    }

    @Override
    public synchronized Future<Optional<BlobBody>> blob(String sha256) {
        byte[] content = blobs.get(sha256);
        return Future.succeededFuture(Optional.ofNullable(content)
                .map(bytes -> new BlobBody(bytes.length, new OneBuffer(Buffer.buffer(bytes)), () -> {})));
    }

    private Proof proof(byte[] statement) {
        return new Proof(1, signing.sign(statement));
    }

    @Override
    public List<SigningKeyEntry> signingKeys() {
        return List.of(new SigningKeyEntry(1, signing.publicKey(), "", false));
    }

    @Override
    public Future<Proof> sign(byte[] statement) {
        return Future.succeededFuture(proof(statement));
    }

    @Override
    public Registration onCommit(LongConsumer newHead) {
        listeners.add(newHead);
        return () -> listeners.remove(newHead);
    }

    /** A stream of one buffer. */
    private static final class OneBuffer implements ReadStream<Buffer> {
        private final Buffer content;
        private Handler<Buffer> handler = b -> {};
        private Handler<Void> endHandler = v -> {};
        private boolean done;

        OneBuffer(Buffer content) {
            this.content = content;
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(Handler<Throwable> ignored) {
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(Handler<Buffer> handler) {
            if (handler != null) {
                this.handler = handler;
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            return fetch(Long.MAX_VALUE);
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            if (!done) {
                done = true;
                handler.handle(content);
                endHandler.handle(null);
            }
            return this;
        }

        @Override
        public ReadStream<Buffer> endHandler(Handler<Void> endHandler) {
            if (endHandler != null) {
                this.endHandler = endHandler;
            }
            return this;
        }
    }
}
