package dev.verge.load.fleet;

import dev.verge.sync.client.Bulk;
import dev.verge.sync.client.Carrier;
import dev.verge.sync.nats.NatsCarrier;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nodes with a connection to NATS, a session and a consumer of the stream of their own each, by the real client. The first state, which they
 * would read from the object store, is left out.
 */
final class NatsNodes implements NodeConnector {
    private static final Path NOWHERE = Path.of("/dev/null");
    private static final long LARGEST_BLOB = 64 << 20;
    private static final long HEARTBEAT_MILLIS = 5_000;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Vertx vertx;
    private final Carrier.Maker carriers;

    NatsNodes(Vertx vertx, String server) {
        this.vertx = vertx;
        this.carriers =
                NatsCarrier.with(new NatsSettings(List.of(server), null, null, NatsSettings.OFF.subjectPrefix()));
    }

    @Override
    public Future<Void> connect(SimulatedNode node) {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(v -> new Session(node, context).open());
        return node.ready();
    }

    /** Everything on its context. */
    private final class Session implements SimulatedNode.Way, Carrier.Heard {
        private final SimulatedNode node;
        private final Context context;
        private final Carrier carrier;
        private final Bulk bulk;
        private Carrier.Line line;
        private final Map<String, Promise<Void>> asked = new HashMap<>();

        /** The control plane may speak before it is known where to answer. */
        private final List<SimulatedNode.Decoded> early = new ArrayList<>();

        private boolean reads;
        private boolean open;

        Session(SimulatedNode node, Context context) {
            this.node = node;
            this.context = context;
            this.carrier = carriers.make(vertx, context);
            Bulk way = carrier.bulk();
            if (way == null) {
                throw new IllegalStateException("NATS brings commits");
            }
            this.bulk = way;
            this.line = carrier.line(carrier.places().getFirst(), this);
        }

        /** The connection to NATS may not stand yet. */
        void open() {
            line.open()
                    .onComplete(done -> context.runOnContext(v -> {
                        if (done.succeeded()) {
                            open = true;
                            early.forEach(this::heard);
                            early.clear();
                            vertx.setPeriodic(HEARTBEAT_MILLIS, id -> send(new Frame.Alive()));
                        } else if (String.valueOf(done.cause().getMessage()).contains("not connected")) {
                            line = carrier.line(carrier.places().getFirst(), this);
                            vertx.setTimer(PAUSE.toMillis(), id -> open());
                        } else {
                            node.cutOff(String.valueOf(done.cause().getMessage()));
                        }
                    }));
        }

        @Override
        public void message(Supplier<@Nullable String> text) {
            context.runOnContext(v -> {
                String whole = text.get();
                if (whole != null && open) {
                    heard(SimulatedNode.Decoded.of(whole));
                } else if (whole != null) {
                    early.add(SimulatedNode.Decoded.of(whole));
                }
            });
        }

        private void heard(SimulatedNode.Decoded message) {
            switch (message.frame()) {
                case Frame.Head(String history, long revision, var compare)
                when !reads && revision > 0 -> {
                    reads = true;
                    send(new Frame.Ack(revision));
                    bulk.read(history, revision, this::item);
                    node.follows();
                }
                case Frame.BlobStored(String sha256, String refusal) -> {
                    Promise<Void> waiting = asked.remove(sha256);
                    if (waiting != null && refusal.isEmpty()) {
                        waiting.complete();
                    } else if (waiting != null) {
                        waiting.fail(refusal);
                    }
                }
                default -> node.take(message, this);
            }
        }

        private void item(Bulk.Item item) {
            item.taken().run();
            String frame = item.frame();
            if (frame == null) {
                send(new Frame.Wanted(item.revision() - 1, item.revision()));
            } else {
                node.take(SimulatedNode.Decoded.of(frame), this);
            }
        }

        @Override
        public void ended() {
            context.runOnContext(v -> {
                if (open) {
                    node.cutOff("its session ended");
                }
            });
        }

        @Override
        public void send(Frame frame) {
            line.send(frame.encode());
        }

        @Override
        public void welcomed(String session) {
            line.welcomed(session, node.sealing());
        }

        @Override
        public Future<Void> blob(String sha256) {
            Promise<Void> brought = Promise.promise();
            fetch(sha256)
                    .compose(there -> there
                            ? Future.<Void>succeededFuture()
                            : ask(sha256).compose(v -> fetch(sha256)).mapEmpty())
                    .onComplete(done -> context.runOnContext(v -> brought.handle(done)));
            return brought.future();
        }

        private Future<Boolean> fetch(String sha256) {
            return bulk.blob(sha256, NOWHERE, LARGEST_BLOB);
        }

        private Future<Void> ask(String sha256) {
            Promise<Void> waiting = Promise.promise();
            context.runOnContext(v -> {
                asked.put(sha256, waiting);
                send(new Frame.BlobWanted(sha256));
            });
            return waiting.future();
        }
    }
}
