package dev.verge.node;

import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Entry;
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
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;

/** A configuration log in memory, complete enough to stand in for the control plane's. */
final class TestLog implements LogSource {
    private static final SigningPair KEY = SigningPair.generate();

    private final Vertx vertx;
    private final List<Commit> commits = new ArrayList<>();
    private final Map<String, byte[]> blobs = new HashMap<>();
    private final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

    TestLog(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Commits entries as one transaction. */
    long commit(Entry... entries) {
        Map<String, String> values = new HashMap<>();
        for (Entry entry : entries) {
            values.put(entry.key(), entry.toJson());
        }
        return commit(values);
    }

    long commit(Map<String, String> values) {
        long revision;
        synchronized (this) {
            revision = commits.size() + 1L;
            List<LogEntry> logged = new ArrayList<>();
            values.forEach((key, value) -> logged.add(new LogEntry(revision, key, value)));
            commits.add(new Commit(revision, logged));
        }
        listeners.forEach(listener -> listener.accept(revision));
        return revision;
    }

    synchronized void blob(String sha256, byte[] content) {
        blobs.put(sha256, content);
    }

    @Override
    public String history() {
        return "test";
    }

    @Override
    public synchronized Future<Long> head() {
        return Future.succeededFuture((long) commits.size());
    }

    @Override
    public synchronized Future<Tail> readSince(long revision, int maxCommits) {
        int from = (int) Math.min(revision, commits.size());
        return Future.succeededFuture(new Commits(
                commits.subList(from, Math.min(commits.size(), from + maxCommits)).stream()
                        .map(commit -> SignedCommit.sign(history(), commit, this::proof))
                        .toList(),
                null));
    }

    @Override
    public synchronized Future<SnapshotReader> snapshot() {
        TreeMap<String, LogEntry> state = new TreeMap<>();
        for (Commit commit : commits) {
            for (LogEntry entry : commit.entries()) {
                if (entry.isTombstone() || !Keys.retained(entry.key())) {
                    state.remove(entry.key());
                } else {
                    state.put(entry.key(), entry);
                }
            }
        }
        return Future.succeededFuture(new ListSnapshot(commits.size(), 0, List.copyOf(state.values()), null));
    }

    @Override
    public Future<Optional<BlobBody>> blob(String sha256) {
        byte[] content;
        synchronized (this) {
            content = blobs.get(sha256);
        }
        if (content == null) {
            return Future.succeededFuture(Optional.empty());
        }
        try {
            Path file = Files.write(Files.createTempFile("blob", ".bin"), content);
            return vertx.fileSystem()
                    .open(file.toString(), new OpenOptions().setRead(true).setDeleteOnClose(true))
                    .map(open -> {
                        open.pause();
                        return Optional.of(new BlobBody(content.length, open, open::close));
                    });
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private Proof proof(byte[] statement) {
        return new Proof(1, KEY.sign(statement));
    }

    @Override
    public List<SigningKeyEntry> signingKeys() {
        return List.of(new SigningKeyEntry(1, KEY.publicKey(), "", false));
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
}
