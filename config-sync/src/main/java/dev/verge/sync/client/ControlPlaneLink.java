package dev.verge.sync.client;

import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.trust.Trust;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
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
        /** Hears nothing. */
        Listener NONE = new Listener() {
            @Override
            public void up(List<String> memberships, Trust trust) {}

            @Override
            public void distrusted(String reason) {}

            @Override
            public void down() {}

            @Override
            public void received(Frame frame) {}
        };

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
    private Listener listener = Listener.NONE;
    private final Enroller enroller;
    private final Supplier<Trust> trust;
    private final Carrier carrier;
    private final RandomGenerator random = new SplittableRandom();
    private final Backoff backoff;
    private Carrier.@Nullable Line line;
    /** One that is being connected: the other end may speak before it is known here that it stands. */
    private Carrier.@Nullable Line opening;

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
            Carrier carrier) {
        this.enroller = enroller;
        this.trust = trust;
        this.vertx = vertx;
        this.context = context;
        this.options = options;
        this.carrier = carrier;
        this.backoff = new Backoff(options.firstRetry(), options.lastRetry());
        this.turn =
                carrier.places().isEmpty() ? 0 : random.nextInt(carrier.places().size());
    }

    /** Who hears what comes. To be called before {@link #start}. */
    void tell(Listener to) {
        listener = to;
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
        if (!carrier.places().isEmpty()) {
            connect();
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        URI base = carrier.places().get(turn++ % carrier.places().size());
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
        Incoming incoming = new Incoming();
        Carrier.Line next = carrier.line(base, incoming);
        incoming.of = next;
        opening = next;
        challenge = "";
        next.open()
                .onComplete(opened -> context.runOnContext(v -> {
                    opening = null;
                    if (opened.failed()) {
                        LOG.info(
                                "sync: {} cannot be reached: {}",
                                base,
                                opened.cause().getMessage());
                        retry();
                    } else if (closed || next.closed()) {
                        next.close();
                        retry();
                    } else {
                        up(next, base, keys);
                    }
                }));
    }

    /** What comes of one line. */
    private final class Incoming implements Carrier.Heard {
        private Carrier.@Nullable Line of;

        @Override
        public void message(Supplier<@Nullable String> text) {
            received(of, text);
        }

        @Override
        public void ended() {
            ControlPlaneLink.this.ended(of);
        }
    }

    private void up(Carrier.Line opened, URI base, OwnKeys keys) {
        line = opened;
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
        Carrier.Line current = line;
        if (current != null) {
            try {
                current.welcomed(welcome.session(), by.keys().sealing());
            } catch (IllegalArgumentException e) {
                distrust("the welcome is not for this node: " + e.getMessage());
                return;
            }
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

    private void received(Carrier.@Nullable Line from, Supplier<@Nullable String> text) {
        context.runOnContext(v -> {
            if (from == null || (!from.equals(line) && !from.equals(opening))) {
                return;
            }
            lastHeard = System.nanoTime();
            Frame frame;
            try {
                String whole = text.get();
                if (whole == null) {
                    return;
                }
                frame = Frame.decode(whole);
            } catch (IllegalArgumentException wrong) {
                LOG.warn("sync: the control plane sent what cannot be read: {}", wrong.getMessage());
                giveUp();
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

    private void beat(Carrier.Line of) {
        if (!of.equals(line)) {
            return;
        }
        if (System.nanoTime() - lastHeard > options.silence().toNanos()) {
            LOG.warn("sync: nothing heard for {} s", options.silence().toSeconds());
            giveUp();
        } else if (!session.isEmpty()) {
            send(new Frame.Alive());
        }
    }

    private void ended(Carrier.@Nullable Line ended) {
        context.runOnContext(v -> {
            if (ended != null && ended.equals(line)) {
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
        Carrier.Line current = line;
        if (current != null && !current.closed()) {
            current.send(frame.encode());
        }
    }

    /** The connection has proven itself: the next break is followed by a short pause. */
    void sound() {
        attempt = 0;
    }

    /** Gives the connection up and tries again later. */
    void giveUp() {
        boolean welcomed = !session.isEmpty();
        reset();
        if (welcomed) {
            listener.down();
        }
    }

    /** Gives the connection up and tries again later; the listener is not told. */
    void reset() {
        Carrier.Line current = line;
        drop();
        if (current != null) {
            current.close();
            retry();
        }
    }

    private void drop() {
        line = null;
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
        Carrier.Line current = line;
        drop();
        if (current != null) {
            current.close();
        }
        carrier.close();
    }
}
