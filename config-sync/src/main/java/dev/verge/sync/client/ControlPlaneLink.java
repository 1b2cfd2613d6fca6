package dev.verge.sync.client;

import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to one of the control planes: tries them in turn with growing pauses, gives up silent ones, tells its owner
 * of what comes. Lives on one context. What comes from a connection that was given up is never told.
 */
final class ControlPlaneLink {

    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneLink.class);

    /** What the owner hears, on the link's context. */
    interface Listener {
        void up();

        void down();

        void received(Frame frame);
    }

    private final Vertx vertx;
    private final Context context;
    private final SyncClientOptions options;
    private final Listener listener;
    private final WebSocketClient client;
    private final RandomGenerator random = new SplittableRandom();
    private final Backoff backoff;
    private @Nullable ClientWebSocket socket;
    private volatile @Nullable URI connectedTo;
    private int attempt;
    private int turn;
    private long streams;
    private long lastHeard;
    private long beat = -1;
    private boolean closed;

    ControlPlaneLink(Vertx vertx, Context context, SyncClientOptions options, Listener listener) {
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.listener = listener;
        this.backoff = new Backoff(options.firstRetry(), options.lastRetry());
        this.turn = options.controlPlanes().isEmpty()
                ? 0
                : random.nextInt(options.controlPlanes().size());
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(Frame.MAX_BYTES)
                .setTryUsePerMessageCompression(true)
                .setConnectTimeout((int) options.connectTimeout().toMillis()));
    }

    /** The control plane that is connected, null when none is. From any thread. */
    @Nullable
    URI connectedTo() {
        return connectedTo;
    }

    /** How many connections there have been: tells one from the next. */
    long streams() {
        return streams;
    }

    void start() {
        if (!options.controlPlanes().isEmpty()) {
            connect();
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        URI base = options.controlPlanes().get(turn++ % options.controlPlanes().size());
        boolean secure = "https".equals(base.getScheme());
        int port = base.getPort() > 0 ? base.getPort() : secure ? 443 : 80;
        ClientWebSocket opening = client.webSocket();
        opening.textMessageHandler(text -> received(opening, text));
        opening.closeHandler(v -> ended(opening));
        opening.exceptionHandler(e -> LOG.debug("sync: the stream from {} broke", base, e));
        opening.connect(new WebSocketConnectOptions()
                        .setHost(base.getHost())
                        .setPort(port)
                        .setSsl(secure)
                        .setURI("/sync")
                        .setTimeout(options.connectTimeout().toMillis())
                        .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + options.token()))
                .onComplete(opened -> context.runOnContext(v -> {
                    if (opened.failed()) {
                        LOG.info(
                                "sync: {} cannot be reached: {}",
                                base,
                                opened.cause().getMessage());
                        retry();
                    } else if (closed || opening.isClosed()) {
                        opening.close();
                        retry();
                    } else {
                        up(opening, base);
                    }
                }));
    }

    private void up(ClientWebSocket opened, URI base) {
        socket = opened;
        connectedTo = base;
        streams++;
        lastHeard = System.nanoTime();
        beat = vertx.setPeriodic(options.heartbeat().toMillis(), id -> context.runOnContext(v -> beat(opened)));
        LOG.info("sync: connected to {}", base);
        listener.up();
    }

    private void received(ClientWebSocket from, String text) {
        context.runOnContext(v -> {
            if (!from.equals(socket)) {
                return;
            }
            lastHeard = System.nanoTime();
            Frame frame;
            try {
                frame = Frame.decode(text);
            } catch (IllegalArgumentException wrong) {
                LOG.warn("sync: the control plane sent what cannot be read: {}", wrong.getMessage());
                reset();
                listener.down();
                return;
            }
            listener.received(frame);
        });
    }

    private void beat(ClientWebSocket of) {
        if (!of.equals(socket)) {
            return;
        }
        if (System.nanoTime() - lastHeard > options.silence().toNanos()) {
            LOG.warn("sync: nothing heard for {} s", options.silence().toSeconds());
            reset();
            listener.down();
        } else {
            send(new Frame.Alive());
        }
    }

    private void ended(ClientWebSocket ended) {
        context.runOnContext(v -> {
            if (ended.equals(socket)) {
                LOG.info("sync: the stream from {} ended", connectedTo);
                drop();
                listener.down();
                retry();
            }
        });
    }

    void send(Frame frame) {
        ClientWebSocket current = socket;
        if (current != null && !current.isClosed()) {
            current.writeTextMessage(frame.encode());
        }
    }

    /** The connection has proven itself: the next break is followed by a short pause. */
    void sound() {
        attempt = 0;
    }

    /** Gives the connection up and tries again later; the listener is not told. */
    void reset() {
        ClientWebSocket current = socket;
        drop();
        if (current != null) {
            current.close();
            retry();
        }
    }

    private void drop() {
        socket = null;
        connectedTo = null;
        if (beat >= 0) {
            vertx.cancelTimer(beat);
            beat = -1;
        }
    }

    private void retry() {
        if (!closed) {
            long pause = backoff.pause(attempt++, random).toMillis();
            vertx.setTimer(pause, id -> context.runOnContext(v -> connect()));
        }
    }

    void close() {
        closed = true;
        ClientWebSocket current = socket;
        drop();
        if (current != null) {
            current.close();
        }
        client.close();
    }
}
