package dev.verge.sync.client;

import dev.verge.sync.crypto.SealingPair;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a node reaches its control plane. Used on the client's context. */
public interface Carrier {

    /** Makes the carrier of a client. */
    @FunctionalInterface
    interface Maker {
        Carrier make(Vertx vertx, Context context);
    }

    /** Where streams can be opened, tried in turn; none: the node serves what is on disk. */
    List<URI> places();

    /** A line to a place, not open yet. */
    Line line(URI place, Heard heard);

    /** What brings commits, snapshots and blobs beside the stream; null when the stream brings them. */
    @Nullable
    Bulk bulk();

    /** Frees what it holds; lines end. */
    void close();

    /** A connection for one stream: whole messages both ways, in order, until it ends. */
    interface Line {
        /** Completes when it stands; fails when it cannot. To be called once. */
        Future<Void> open();

        boolean closed();

        void send(String message);

        /** The control plane has shown who it is; what follows is of the session that its welcome names. */
        void welcomed(String session, SealingPair own);

        void close();
    }

    /** What comes of a line, from any thread, in order. */
    interface Heard {
        /**
         * A message, or a part of one.
         *
         * @param text to be asked once, on the client's context, in order: the message, or null when it is not whole yet; throws {@link
         *     IllegalArgumentException} when it cannot be read
         */
        void message(Supplier<@Nullable String> text);

        void ended();
    }
}
