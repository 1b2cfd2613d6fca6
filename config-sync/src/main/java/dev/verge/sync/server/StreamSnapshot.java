package dev.verge.sync.server;

import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The state as the node of a stream sees it. On the stream's context. */
final class StreamSnapshot {
    private final Context context;
    private final LogSource source;
    private final NodeIdentity identity;
    private final String history;
    private final BooleanSupplier ended;

    StreamSnapshot(Context context, LogSource source, NodeIdentity identity, String history, BooleanSupplier ended) {
        this.context = context;
        this.source = source;
        this.identity = identity;
        this.history = history;
        this.ended = ended;
    }

    /**
     * Writes all of it.
     *
     * @param begun told what it is before the first message
     */
    Future<Bus.Written> write(Consumer<Bus.Written> begun, Function<Frame, Future<Void>> sink) {
        Promise<Bus.Written> written = Promise.promise();
        source.snapshot()
                .onFailure(written::fail)
                .onSuccess(reader -> context.runOnContext(v -> {
                    if (ended.getAsBoolean()) {
                        reader.close();
                        written.fail("the stream has ended");
                        return;
                    }
                    Bus.Written what = new Bus.Written(reader.revision(), reader.fleetKey());
                    begun.accept(what);
                    new SnapshotSender(context, source, identity, history, reader, sink)
                            .run()
                            .map(what)
                            .onComplete(written);
                }));
        return written.future();
    }

    /**
     * Sends it over the stream, or puts it on a bus and tells its name.
     *
     * @param least the one on a bus goes as far as this revision at least
     * @param begun told what it is before the node hears of it
     */
    Future<Void> send(
            @Nullable Bus bus, long least, Consumer<Bus.Written> begun, Function<Frame, Future<Void>> stream) {
        if (bus == null) {
            return write(begun, stream).mapEmpty();
        }
        Promise<Void> named = Promise.promise();
        bus.snapshot(history, least, sink -> write(begin -> {}, sink))
                .onFailure(named::fail)
                .onSuccess(stored -> context.runOnContext(v -> {
                    begun.accept(stored.written());
                    stream.apply(new Frame.SnapshotStored(stored.name())).onComplete(named);
                }));
        return named.future();
    }
}
