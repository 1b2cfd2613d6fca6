package dev.verge.sync.nats;

import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.trust.Introduction;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane's end on NATS: sessions of nodes, which come to any of the control planes, and the publishing of the log. Without a
 * connection to NATS nothing of it works, and everything goes on when there is one again.
 */
public final class NatsHub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsHub.class);
    private static final int MAX_CONTEXTS = 4;

    private final Subjects subjects;
    private final SyncServer sync;
    private final String replica = Introduction.nonce();
    private final NatsLink link;
    private final NatsBus bus;
    private final LogPublisher publisher;
    private final List<Context> contexts = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, NatsPipe> pipes = new ConcurrentHashMap<>();

    private NatsHub(Vertx vertx, NatsSettings settings, StreamSettings stream, SyncServer sync, LogSource source) {
        this.subjects = new Subjects(settings.subjectPrefix());
        this.sync = sync;
        this.link = new NatsLink(settings, "verge control plane");
        this.bus = new NatsBus(vertx, link, subjects, stream, source, replica, this::context);
        this.publisher = new LogPublisher(link, subjects, stream, source, bus::blob, replica);
    }

    /** Begins; completes without waiting for NATS. */
    public static Future<NatsHub> open(
            Vertx vertx, NatsSettings settings, StreamSettings stream, SyncServer sync, LogSource source) {
        NatsHub hub = new NatsHub(vertx, settings, stream, sync, source);
        int loops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_CONTEXTS);
        return vertx.deployVerticle(() -> hub.new Loop(), new DeploymentOptions().setInstances(loops))
                .map(deployed -> {
                    hub.start();
                    return hub;
                });
    }

    /** Gives a context of its own. */
    private final class Loop extends VerticleBase {
        @Override
        public Future<?> start() {
            contexts.add(context);
            return Future.succeededFuture();
        }
    }

    private Context context() {
        return contexts.get(Math.floorMod(turn.getAndIncrement(), contexts.size()));
    }

    private void start() {
        link.onDown(() -> List.copyOf(pipes.values()).forEach(pipe -> pipe.over("NATS is gone")));
        link.onUp(publisher::wake);
        link.onFirst(this::subscribe);
        link.start();
    }

    /** Last revision that is known to lie on the stream. */
    public long published() {
        return publisher.published();
    }

    /** Whether NATS is connected now. */
    public boolean connected() {
        return link.standing() != null;
    }

    /** Commits that this control plane put on the stream. */
    public long messages() {
        return publisher.messages();
    }

    /** How often publishing broke off although NATS was connected: another control plane published, or JetStream refused. */
    public long breaks() {
        return publisher.breaks();
    }

    /** Sends that wait for the connection, of 65,536 at most. */
    public int waiting() {
        return link.waiting();
    }

    /** Sessions that stand. */
    public int sessions() {
        return pipes.size();
    }

    /** Subscriptions last as long as the connection object, which connects again by itself. */
    private void subscribe(Connection connection) {
        Dispatcher hears = connection.createDispatcher();
        hears.subscribe(subjects.ups(replica), message -> heard(connection, message));
        hears.subscribe(subjects.door(), "doors", asked -> enter(connection, asked));
    }

    private void heard(Connection connection, Message message) {
        String subject = message.getSubject();
        NatsPipe pipe = pipes.get(subject.substring(subject.lastIndexOf('.') + 1));
        String answerTo = message.getReplyTo();
        if (pipe == null) {
            return;
        }
        if (answerTo == null) {
            pipe.heard(message.getData());
        } else {
            connection.publish(answerTo, new byte[0]); // whether this session stands is all that is asked
        }
    }

    private void enter(Connection connection, Message asked) {
        String down = new String(asked.getData(), StandardCharsets.US_ASCII);
        String answerTo = asked.getReplyTo();
        if (answerTo == null || !subjects.isDown(down)) {
            LOG.debug("sync: a session is asked for that has no place to go");
            return;
        }
        String session = Introduction.nonce();
        NatsPipe pipe =
                new NatsPipe(context(), link, bus, down, connection.getMaxPayload(), () -> pipes.remove(session));
        pipes.put(session, pipe);
        pipe.context().runOnContext(v -> {
            boolean admitted = sync.admit(pipe);
            var _ = link.send(
                    answerTo,
                    admitted ? subjects.up(replica, session).getBytes(StandardCharsets.US_ASCII) : new byte[0]);
            if (!admitted) {
                pipe.over("too many nodes");
            }
        });
    }

    @Override
    public void close() {
        publisher.close();
        link.close();
        List.copyOf(pipes.values()).forEach(pipe -> pipe.over("the control plane stops"));
    }
}
