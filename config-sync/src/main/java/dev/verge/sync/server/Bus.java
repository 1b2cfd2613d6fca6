package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What many nodes read for themselves: commits as they are made, snapshots and blobs. Futures may complete on any thread. */
public interface Bus {

    /**
     * A snapshot of a log as nodes of one view see it.
     *
     * @param revision the state after this commit
     * @param fleetKey what its secrets are sealed under; null without secrets
     */
    record Written(long revision, @Nullable FleetKey fleetKey) {}

    /** A snapshot under a name. */
    record Stored(String name, Written written) {}

    /** Writes a snapshot, message by message. */
    @FunctionalInterface
    interface Writer {
        Future<Written> write(Function<Frame, Future<Void>> sink);
    }

    /**
     * Puts a snapshot where nodes can read it, or names one that was put there a moment ago for the same view.
     *
     * @param least the one that is named goes as far as this revision at least
     */
    Future<Stored> snapshot(String history, long least, Writer writer);

    /** Puts a blob where nodes can read it, if it is not there. */
    Future<Void> blob(String sha256);
}
