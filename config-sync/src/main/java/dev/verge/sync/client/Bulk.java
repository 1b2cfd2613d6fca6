package dev.verge.sync.client;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What nodes read for themselves from a bus. Nothing of it is believed before it is checked. */
public interface Bulk {

    /**
     * A commit as it lies on the bus, in the order of its log; it may come twice or be missing.
     *
     * @param epoch number of the fleet key that its secrets are sealed under; 0 without secrets
     * @param frame its message; null when it did not fit on the bus
     * @param taken to be called once, when there is room for another
     */
    record Item(long revision, int epoch, @Nullable String frame, Runnable taken) {}

    /** Reads the commits of a log after a revision, in place of what was read so far. Items come on the client's context. */
    void read(String history, long after, Consumer<Item> to);

    /** Reads nothing any more. */
    void stop();

    /** Brings a snapshot into a file: its messages, packed, each with its length in four bytes before it. */
    Future<Void> snapshot(String name, Path into, long maxBytes);

    /** Brings a blob into a file; false when it is not on the bus. */
    Future<Boolean> blob(String sha256, Path into, long maxBytes);
}
