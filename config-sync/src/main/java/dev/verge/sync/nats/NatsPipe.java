package dev.verge.sync.nats;

import dev.verge.sync.crypto.SessionKey;
import dev.verge.sync.server.Bus;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.server.Pipe;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control plane's end of a session over NATS. What waits to be sent or read is bounded. */
final class NatsPipe implements Pipe {
    private static final Logger LOG = LoggerFactory.getLogger(NatsPipe.class);
    private static final int MAX_UNREAD = 4_096;
    private static final long MAX_UNSENT_BYTES = 1 << 20;

    private final Context context;
    private final NatsLink link;
    private final Bus bus;
    private final String down;
    private final Runnable gone;
    private final Envelopes envelopes;
    private final AtomicInteger unread = new AtomicInteger();
    private final AtomicLong unsent = new AtomicLong();
    private volatile @Nullable SessionKey key;
    private volatile boolean closed;
    private Consumer<String> onText = text -> {};
    private Runnable onDrain = () -> {};
    private Runnable onClose = () -> {};

    NatsPipe(Context context, NatsLink link, Bus bus, String down, long maxPayload, Runnable gone) {
        this.context = context;
        this.link = link;
        this.bus = bus;
        this.down = down;
        this.gone = gone;
        this.envelopes = new Envelopes(SessionKey.Side.CONTROL_PLANE, maxPayload);
    }

    Context context() {
        return context;
    }

    /** A piece came. From one thread. */
    void heard(byte[] piece) {
        if (unread.incrementAndGet() > MAX_UNREAD) {
            over("a node sends more than is read");
            return;
        }
        context.runOnContext(v -> {
            unread.decrementAndGet();
            if (closed) {
                return;
            }
            try {
                switch (envelopes.take(piece)) {
                    case Envelopes.Whole(String text) -> onText.accept(text);
                    case Envelopes.Part part -> {}
                    case Envelopes.Ended ended -> over("the node ended it");
                }
            } catch (IllegalArgumentException wrong) {
                over(String.valueOf(wrong.getMessage()));
            }
        });
    }

    /** From any thread: the session is over. */
    void over(String why) {
        if (end()) {
            LOG.debug("sync: a session over NATS is over: {}", why);
        }
    }

    private boolean end() {
        synchronized (this) {
            if (closed) {
                return false;
            }
            closed = true;
        }
        gone.run();
        context.runOnContext(v -> onClose.run());
        return true;
    }

    @Override
    public void onText(Consumer<String> handler) {
        onText = handler;
    }

    @Override
    public void onDrain(Runnable handler) {
        onDrain = handler;
    }

    @Override
    public void onClose(Runnable handler) {
        onClose = handler;
    }

    @Override
    public boolean full() {
        return unsent.get() >= MAX_UNSENT_BYTES;
    }

    @Override
    public boolean closed() {
        return closed;
    }

    @Override
    public Future<Void> text(String message) {
        return post(envelopes.text(message));
    }

    @Override
    public Future<Void> packed(byte[] message) {
        return post(envelopes.packed(message));
    }

    private Future<Void> post(List<byte[]> pieces) {
        Future<Void> last = Future.succeededFuture();
        for (byte[] piece : pieces) {
            unsent.addAndGet(piece.length);
            last = link.send(down, piece).onComplete(done -> {
                long left = unsent.addAndGet(-piece.length);
                if (left < MAX_UNSENT_BYTES && left + piece.length >= MAX_UNSENT_BYTES) {
                    context.runOnContext(v -> onDrain.run());
                }
                if (done.failed()) {
                    over("what was to be sent is lost");
                }
            });
        }
        return last;
    }

    @Override
    public Future<Void> close(short code, String reason) {
        if (!closed) {
            envelopes.end().forEach(piece -> link.send(down, piece));
        }
        end();
        return Future.succeededFuture();
    }

    @Override
    public String peer() {
        return "NATS";
    }

    @Override
    public String session(NodeIdentity node) {
        SessionKey made = SessionKey.generate();
        key = made;
        return made.sealedTo(node.key().sealing());
    }

    @Override
    public void welcomed() {
        SessionKey made = key;
        if (made != null) {
            envelopes.sealFrom(made);
            envelopes.openFrom(made);
        }
    }

    @Override
    public Bus bus() {
        return bus;
    }
}
