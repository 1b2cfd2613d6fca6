package dev.verge.sync.server;

import dev.verge.sync.log.LogEntry;
import dev.verge.sync.trust.SnapshotHash;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Sends what a snapshot has for one node, piece by piece, and one signature for the whole of it. On the stream's context. */
final class SnapshotSender {
    private static final int BATCH = 200;
    private static final int PART_CHARACTERS = 1 << 20;

    private final Context context;
    private final LogSource source;
    private final NodeIdentity identity;
    private final String history;
    private final SnapshotReader reader;
    private final Function<Frame, Future<Void>> send;
    private final SnapshotHash hash = new SnapshotHash();
    private final Promise<Void> done = Promise.promise();

    /** @param send fails when the stream has ended */
    SnapshotSender(
            Context context,
            LogSource source,
            NodeIdentity identity,
            String history,
            SnapshotReader reader,
            Function<Frame, Future<Void>> send) {
        this.context = context;
        this.source = source;
        this.identity = identity;
        this.history = history;
        this.reader = reader;
        this.send = send;
    }

    /** Sends all of it; the reader is closed in any case. */
    Future<Void> run() {
        send.apply(new Frame.SnapshotBegin(history, reader.revision(), reader.purgeFloor(), reader.entries()))
                .onComplete(begun -> next());
        return done.future().eventually(() -> {
            reader.close();
            return Future.succeededFuture();
        });
    }

    private void next() {
        reader.next(BATCH)
                .onFailure(done::tryFail)
                .onSuccess(entries -> context.runOnContext(v -> {
                    if (entries.isEmpty()) {
                        end();
                        return;
                    }
                    List<LogEntry> own = entries.stream()
                            .filter(entry -> identity.serves(entry.placement()))
                            .toList();
                    hash.add(own);
                    // Each batch waits for the socket to take it: a slow node holds one batch in memory, not the whole
                    // state.
                    batch(own).onFailure(done::tryFail).onSuccess(sent -> next());
                }));
    }

    private void end() {
        source.sign(hash.statement(history, reader.revision(), reader.purgeFloor()))
                .onFailure(done::tryFail)
                .onSuccess(proof -> context.runOnContext(
                        v -> send.apply(new Frame.SnapshotEnd(reader.revision(), hash.entries(), Frames.of(proof)))
                                .onComplete(done)));
    }

    private Future<Void> batch(List<LogEntry> entries) {
        Future<Void> last = Future.succeededFuture();
        List<LogEntry> part = new ArrayList<>();
        int characters = 0;
        for (LogEntry entry : entries) {
            String value = entry.value();
            int length = value == null ? 0 : value.length();
            if (!part.isEmpty() && characters + length > PART_CHARACTERS) {
                last = send.apply(Frames.part(part));
                part.clear();
                characters = 0;
            }
            part.add(entry);
            characters += length;
        }
        return part.isEmpty() ? last : send.apply(Frames.part(part));
    }
}
