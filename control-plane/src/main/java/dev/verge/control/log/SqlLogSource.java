package dev.verge.control.log;

import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SecretPlaces;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SnapshotReader;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log as the sync server reads it: SQL for commits and snapshots, files for blobs. Every read runs on a virtual thread. */
public final class SqlLogSource implements LogSource {
    private static final Logger LOG = LoggerFactory.getLogger(SqlLogSource.class);

    private final Vertx vertx;
    private final Database database;
    private final Blobs blobs;
    private final String history;
    private final LogKeys keys;
    private final CopyOnWriteArrayList<LongConsumer> listeners = new CopyOnWriteArrayList<>();
    private volatile LogKeys.Now now;

    /**
     * The log in {@code database}, its blobs in {@code blobs}. Blocks while it reads which log this is.
     *
     * @param keys signs and seals what goes out
     */
    public SqlLogSource(Vertx vertx, Database database, Blobs blobs, LogKeys keys) {
        this.vertx = vertx;
        this.database = database;
        this.blobs = blobs;
        this.keys = keys;
        this.history = database.read(LogTable::history);
        this.now = database.read(keys::now);
    }

    /** Tells every listener of a new head; from any thread, after the commit is durable. */
    public void announce(long head) {
        for (LongConsumer listener : listeners) {
            try {
                listener.accept(head);
            } catch (RuntimeException e) {
                LOG.error("a listener to commits failed at revision {}", head, e);
            }
        }
    }

    @Override
    public String history() {
        return history;
    }

    @Override
    public Future<Long> head() {
        return off(() -> database.read(LogTable::head));
    }

    @Override
    public Future<Tail> readSince(long revision, int maxCommits) {
        return off(() -> database.read(session -> {
            if (revision < LogTable.floor(session)) {
                return new Compacted();
            }
            LogKeys.Now with = look(session);
            List<LogEntry> entries = LogTable.after(session, revision, maxCommits);
            boolean secrets = entries.stream().anyMatch(SecretPlaces::in);
            List<SignedCommit> signed = commits(entries.stream().map(with::seal).toList()).stream()
                    .map(commit ->
                            SignedCommit.sign(history, commit, statement -> with.sign(commit.revision(), statement)))
                    .toList();
            return new Commits(signed, secrets ? with.fleet() : null);
        }));
    }

    /** The keys as a transaction sees them; older ones than are known already are those of a transaction that began before. */
    private LogKeys.Now look(Session session) {
        LogKeys.Now seen = keys.now(session);
        now = seen;
        return seen;
    }

    @Override
    public List<SigningKeyEntry> signingKeys() {
        return now.signing();
    }

    @Override
    public Future<Proof> sign(byte[] statement) {
        return off(() -> now.sign(Long.MAX_VALUE, statement));
    }

    @Override
    public Future<FleetKey> fleetKey() {
        return off(() -> database.read(this::look).fleet());
    }

    @Override
    public Future<SnapshotReader> snapshot() {
        return off(() -> {
            Database.HeldRead held = database.hold();
            boolean done = false;
            try {
                Session session = held.session();
                SnapshotReader reader = new Reader(
                        held,
                        LogTable.head(session),
                        LogTable.floor(session),
                        LogTable.entries(session),
                        look(session));
                done = true;
                return reader;
            } finally {
                if (!done) {
                    held.close();
                }
            }
        });
    }

    @Override
    public Future<Optional<BlobBody>> blob(String sha256) {
        Future<Optional<Path>> found = off(() -> blobs.find(sha256));
        return found.compose(path -> path.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : vertx.fileSystem()
                        .open(path.get().toString(), new OpenOptions().setWrite(false))
                        .compose(file -> file.size()
                                .map(length -> Optional.of(body(file, length)))
                                .onFailure(ignored -> file.close())));
    }

    @Override
    public Registration onCommit(LongConsumer newHead) {
        listeners.add(newHead);
        return () -> listeners.remove(newHead);
    }

    private static BlobBody body(AsyncFile file, long length) {
        file.pause();
        return new BlobBody(length, file, file::close);
    }

    private static List<Commit> commits(List<LogEntry> entries) {
        List<Commit> commits = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= entries.size(); to++) {
            if (to == entries.size()
                    || entries.get(to).revision() != entries.get(from).revision()) {
                commits.add(new Commit(entries.get(from).revision(), entries.subList(from, to)));
                from = to;
            }
        }
        return commits;
    }

    /** Runs what blocks on a virtual thread, and comes back on the caller's context if it has one. */
    private static <T> Future<T> off(Callable<T> work) {
        Context caller = Vertx.currentContext();
        Promise<T> promise = Promise.promise();
        Thread.ofVirtual().name("log").start(() -> {
            try {
                T result = work.call();
                back(caller, () -> promise.complete(result));
            } catch (Exception | Error e) {
                back(caller, () -> promise.fail(e));
            }
        });
        return promise.future();
    }

    private static void back(@Nullable Context caller, Runnable then) {
        if (caller == null) {
            then.run();
            return;
        }
        try {
            caller.runOnContext(ignored -> then.run());
        } catch (RejectedExecutionException e) {
            LOG.debug("an answer came after the end", e);
        }
    }

    /** A snapshot, read page by page in one transaction that stays open until it is closed. */
    private static final class Reader implements SnapshotReader {
        private final Database.HeldRead held;
        private final long revision;
        private final long floor;
        private final long entries;
        private final LogKeys.Now keys;
        private long lastRevision;
        private int lastPosition;
        private boolean busy;
        private boolean closed;

        Reader(Database.HeldRead held, long revision, long floor, long entries, LogKeys.Now keys) {
            this.held = held;
            this.revision = revision;
            this.floor = floor;
            this.entries = entries;
            this.keys = keys;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public long purgeFloor() {
            return floor;
        }

        @Override
        public FleetKey fleetKey() {
            return keys.fleet();
        }

        @Override
        public long entries() {
            return entries;
        }

        @Override
        public Future<List<LogEntry>> next(int maxEntries) {
            return off(() -> page(maxEntries));
        }

        private List<LogEntry> page(int maxEntries) {
            synchronized (this) {
                if (closed || busy) {
                    throw new IllegalStateException(
                            closed ? "the snapshot was closed" : "a page is being read already");
                }
                busy = true;
            }
            try {
                List<LogTable.Place> places = LogTable.snapshot(held.session(), lastRevision, lastPosition, maxEntries);
                if (!places.isEmpty()) {
                    lastRevision = places.getLast().revision();
                    lastPosition = places.getLast().position();
                }
                return places.stream()
                        .map(LogTable.Place::entry)
                        .map(keys::seal)
                        .toList();
            } finally {
                synchronized (this) {
                    busy = false;
                    if (closed) {
                        held.close();
                    }
                }
            }
        }

        /** Never blocks: a page that is being read closes the transaction when it is done. */
        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
                if (busy) {
                    return;
                }
            }
            Thread.ofVirtual().name("log").start(held::close);
        }
    }
}
