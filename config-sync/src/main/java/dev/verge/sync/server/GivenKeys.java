package dev.verge.sync.server;

import dev.verge.sync.crypto.FleetKey;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fleet keys that a node got on its stream: each one once, before what is sealed under it. On the stream's context. */
final class GivenKeys {
    private final Context context;
    private final LogSource source;
    private final NodeIdentity identity;
    private final Consumer<Frame> send;
    private final Set<Integer> epochs = new HashSet<>();

    GivenKeys(Context context, LogSource source, NodeIdentity identity, Consumer<Frame> send) {
        this.context = context;
        this.source = source;
        this.identity = identity;
        this.send = send;
    }

    /** A key that secrets in what follows are sealed under; null: there are none. */
    void give(@Nullable FleetKey key) {
        if (key != null && epochs.add(key.epoch())) {
            send.accept(new Frame.FleetKeyGiven(
                    key.epoch(), key.sealedTo(identity.key().sealing())));
        }
    }

    /** The key of now; completes on the context. */
    Future<Void> giveNow() {
        Promise<Void> given = Promise.promise();
        source.fleetKey()
                .onComplete(read -> context.runOnContext(v -> {
                    if (read.succeeded()) {
                        give(read.result());
                        given.complete();
                    } else {
                        given.fail(read.cause());
                    }
                }));
        return given.future();
    }
}
