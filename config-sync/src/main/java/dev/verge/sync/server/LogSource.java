package dev.verge.sync.server;

import dev.verge.sync.log.Commit;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** The log as the server end reads it. Futures may complete on any thread; nothing here may block its caller. */
public interface LogSource {

    /** Identity of the log, at most 100 characters; a restored one has another. Constant while the process lives. */
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

    /**
     * Tells of new commits, from any thread, after they are durable.
     *
     * @param newHead called with the newest revision; returns at once
     * @return ends the telling
     */
    Registration onCommit(LongConsumer newHead);

    /** What follows a revision. */
    sealed interface Tail {}

    /** Commits from the asked revision on; empty at the head. */
    record Commits(List<Commit> commits) implements Tail {
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
