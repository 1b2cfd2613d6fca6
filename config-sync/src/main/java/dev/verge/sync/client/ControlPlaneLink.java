package dev.verge.sync.client;

import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.trust.Trust;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import dev.verge.sync.wire.Packed;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
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

    /** What this node has shown on the stream. */
    private record Shown(OwnKeys keys, String nonce) {}

    /** What the owner hears, on the link's context. */
    interface Listener {
        /** The control plane has shown who it is. */
        void up(List<String> memberships, Trust trust);

        /** What claims to be the control plane is not. */
        void distrusted(String reason);

        void down();

        void received(Frame frame);
    }

    private final Vertx vertx;
    private final Context context;
    private final SyncClientOptions options;
    private final Listener listener;
    private final Enroller enroller;
    private final Supplier<Trust> trust;
    private final WebSocketClient client;
    private final RandomGenerator random = new SplittableRandom();
    private final Backoff backoff;
    private @Nullable ClientWebSocket socket;
    /** One that is being connected: the other end may speak before it is known here that it stands. */
    private @Nullable ClientWebSocket opening;

    private volatile @Nullable URI connectedTo;
    private volatile String session = "";
    private String challenge = "";
    private @Nullable Shown shown;
    private int attempt;
    private int turn;
    private long streams;
    private long lastHeard;
    private long beat = -1;
    private boolean closed;

    ControlPlaneLink(
            Vertx vertx,
            Context context,
            SyncClientOptions options,
            Enroller enroller,
            Supplier<Trust> trust,
            Listener listener) {
        this.enroller = enroller;
        this.trust = trust;
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.listener = listener;
        this.backoff = new Backoff(options.firstRetry(), options.lastRetry());
        this.turn = options.controlPlanes().isEmpty()
                ? 0
                : random.nextInt(options.controlPlanes().size());
        WebSocketClientOptions sockets = new WebSocketClientOptions();
        if (options.fingerprint() != null) {
            sockets.setTrustOptions(TrustOptions.wrap(new PinnedTrust(options.fingerprint())));
        }
        this.client = vertx.createWebSocketClient(sockets.setMaxFrameSize(1 << 20)
                .setMaxMessageSize(Frame.MAX_BYTES)
                .setTryUsePerMessageCompression(false)
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
        enroller.ready(base)
                .onComplete(ready -> context.runOnContext(v -> {
                    if (closed) {
                        return;
                    }
                    if (ready.failed()) {
                        LOG.info(
                                "sync: {} cannot be reached: {}",
                                base,
                                ready.cause().getMessage());
                        retry();
                    } else {
                        open(base, ready.result());
                    }
                }));
    }

    private void open(URI base, OwnKeys keys) {
        boolean secure = "https".equals(base.getScheme());
        int port = base.getPort() > 0 ? base.getPort() : secure ? 443 : 80;
        ClientWebSocket next = client.webSocket();
        opening = next;
        challenge = "";
        next.textMessageHandler(text -> received(next, () -> Frame.decode(text)));
        next.binaryMessageHandler(packed -> received(next, () -> Frame.decode(Packed.unpack(packed.getBytes()))));
        next.closeHandler(v -> ended(next));
        next.exceptionHandler(e -> LOG.debug("sync: the stream from {} broke", base, e));
        next.connect(new WebSocketConnectOptions()
                        .setHost(base.getHost())
                        .setPort(port)
                        .setSsl(secure)
                        .setURI("/sync")
                        .setTimeout(options.connectTimeout().toMillis()))
                .onComplete(opened -> context.runOnContext(v -> {
                    opening = null;
                    if (opened.failed()) {
                        LOG.info(
                                "sync: {} cannot be reached: {}",
                                base,
                                opened.cause().getMessage());
                        retry();
                    } else if (closed || next.isClosed()) {
                        next.close();
                        retry();
                    } else {
                        up(next, base, keys);
                    }
                }));
    }

    private void up(ClientWebSocket opened, URI base, OwnKeys keys) {
        socket = opened;
        connectedTo = base;
        shown = new Shown(keys, Introduction.nonce());
        streams++;
        lastHeard = System.nanoTime();
        beat = vertx.setPeriodic(options.heartbeat().toMillis(), id -> context.runOnContext(v -> beat(opened)));
        if (!challenge.isEmpty()) {
            introduce();
        }
    }

    /** Tells the control plane of new keys; nothing while no stream stands. */
    void changeKeys(OwnKeys next) {
        Shown by = shown;
        if (by != null && !session.isEmpty()) {
            NodeKey keys = next.publicKeys();
            byte[] statement = Introduction.change(challenge, by.keys().node(), keys.identity(), keys.sealing());
            send(new Frame.ChangeKeys(
                    keys.identity(), keys.sealing(), next.identity().sign(statement)));
        }
    }

    /** What blobs are fetched with while the stream stands. From any thread. */
    String session() {
        return session;
    }

    private void introduce() {
        Shown by = shown;
        if (by != null) {
            String node = by.keys().node();
            String key = by.keys().publicKeys().id();
            byte[] statement = Introduction.hello(challenge, by.nonce(), node, key);
            send(new Frame.Intro(node, key, by.nonce(), by.keys().identity().sign(statement)));
        }
    }

    private void welcome(Frame.Welcome welcome, Shown by) {
        Trust known = trust.get();
        Trust begun;
        try {
            begun = known.keys().isEmpty() ? Trust.begin(options.signingKey(), welcome.keys()) : known;
        } catch (IllegalArgumentException e) {
            distrust(String.valueOf(e.getMessage()));
            return;
        }
        byte[] statement = Introduction.welcome(by.nonce(), by.keys().node(), welcome.memberships(), welcome.session());
        String mistake = begun.with(welcome.keys()).mistake(statement, Frames.proof(welcome.proof()));
        if (mistake != null) {
            distrust("who answers is not the control plane that this node knows: " + mistake);
            return;
        }
        session = welcome.session();
        LOG.info("sync: connected to {}", connectedTo);
        listener.up(welcome.memberships(), begun);
    }

    private void distrust(String reason) {
        LOG.error("sync: {}: {}", connectedTo, reason);
        listener.distrusted(reason);
        reset();
    }

    private void received(ClientWebSocket from, Supplier<Frame> decode) {
        context.runOnContext(v -> {
            if (!from.equals(socket) && !from.equals(opening)) {
                return;
            }
            lastHeard = System.nanoTime();
            Frame frame;
            try {
                frame = decode.get();
            } catch (IllegalArgumentException wrong) {
                LOG.warn("sync: the control plane sent what cannot be read: {}", wrong.getMessage());
                boolean welcomed = !session.isEmpty();
                reset();
                if (welcomed) {
                    listener.down();
                }
                return;
            }
            Shown by = shown;
            if (frame instanceof Frame.Challenge(String nonce) && challenge.isEmpty()) {
                challenge = nonce;
                introduce();
            } else if (frame instanceof Frame.Welcome welcome && session.isEmpty() && by != null) {
                welcome(welcome, by);
            } else if (session.isEmpty()) {
                LOG.warn("sync: {} does not say who it is", connectedTo);
                reset();
            } else {
                listener.received(frame);
            }
        });
    }

    private void beat(ClientWebSocket of) {
        if (!of.equals(socket)) {
            return;
        }
        if (System.nanoTime() - lastHeard > options.silence().toNanos()) {
            LOG.warn("sync: nothing heard for {} s", options.silence().toSeconds());
            boolean welcomed = !session.isEmpty();
            reset();
            if (welcomed) {
                listener.down();
            }
        } else if (!session.isEmpty()) {
            send(new Frame.Alive());
        }
    }

    private void ended(ClientWebSocket ended) {
        context.runOnContext(v -> {
            if (ended.equals(socket)) {
                boolean welcomed = !session.isEmpty();
                LOG.info("sync: the stream from {} ended{}", connectedTo, welcomed ? "" : " before a welcome");
                drop();
                if (welcomed) {
                    listener.down();
                }
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
        challenge = "";
        session = "";
        shown = null;
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
