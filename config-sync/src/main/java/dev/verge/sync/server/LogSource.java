package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The log as the server end reads it. Futures may complete on any thread; nothing here may block its caller. */
public interface LogSource {

    /** Identity of the log, at most 80 characters without a {@code #}; a restored one has another. Constant while the process lives. */
    String history();

    /** Newest committed revision, 0 for none. */
    Future<Long> head();

    /**
     * Commits after a revision, in order and without gaps.
     *
     * @param revision exclusive
     * @param maxCommits at most so many
     */
    Future<Tail> readSince(long revision, int maxCommits);

    /** The state at one revision, read consistently however long reading takes. */
    Future<SnapshotReader> snapshot();

    /** A blob by its hash, empty when there is none. */
    Future<Optional<BlobBody>> blob(String sha256);

    /** All keys that are or were signed with, by number; the last one signs what is new. */
    List<SigningKeyEntry> signingKeys();

    /** Signs with the newest key. */
    Future<Proof> sign(byte[] statement);

    /** What secrets of orders are sealed under now; a log whose orders hold none need not have one. */
    default Future<FleetKey> fleetKey() {
        return Future.failedFuture("nothing is sealed here");
    }

    /**
     * Tells of new commits, from any thread, after they are durable.
     *
     * @param newHead called with the newest revision; returns at once
     * @return ends the telling
     */
    Registration onCommit(LongConsumer newHead);

    /** What follows a revision. */
    sealed interface Tail {}

    /**
     * Commits from the asked revision on, each signed with the key that was the newest when it was made; none at the head.
     *
     * @param fleetKey what secrets in them are sealed under; null when there are no secrets
     */
    record Commits(List<SignedCommit> commits, @Nullable FleetKey fleetKey) implements Tail {
        public Commits {
            commits = List.copyOf(commits);
        }
    }

    /** The log no longer goes back so far: a snapshot is needed. */
    record Compacted() implements Tail {}

    /**
     * A blob.
     *
     * @param length in bytes
     * @param stream paused; its consumer runs it to its end or gives it up by {@code close}
     */
    record BlobBody(long length, ReadStream<Buffer> stream, Runnable close) {}
}
