package dev.verge.sync.nats;

import dev.verge.sync.client.Bulk;
import dev.verge.sync.client.Carrier;
import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SessionKey;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A node's way over NATS. */
public final class NatsCarrier implements Carrier {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How often a session looks whether its control plane is there. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** A control plane that is there but busy answers within that. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

    private final Subjects subjects;
    private final NatsLink link;
    private final NatsBulk bulk;
    private final List<URI> places;
    private final Set<NatsLine> lines = ConcurrentHashMap.newKeySet();

    private NatsCarrier(Context context, NatsSettings settings) {
        this.subjects = new Subjects(settings.subjectPrefix());
        this.link = new NatsLink(settings, "verge node");
        this.bulk = new NatsBulk(context, link, subjects);
        this.places = List.of(URI.create(settings.servers().getFirst()));
        link.onDown(() -> List.copyOf(lines).forEach(NatsLine::over));
        link.start();
    }

    /** Makes the carriers of clients; one connection to NATS each. */
    public static Carrier.Maker with(NatsSettings settings) {
        return (vertx, context) -> new NatsCarrier(context, settings);
    }

    @Override
    public List<URI> places() {
        return places;
    }

    @Override
    public Line line(URI place, Heard heard) {
        return new NatsLine(heard);
    }

    @Override
    public Bulk bulk() {
        return bulk;
    }

    @Override
    public void close() {
        List.copyOf(lines).forEach(NatsLine::close);
        bulk.stop();
        link.close();
    }

    /** One session. */
    private final class NatsLine implements Line {
        private final Heard heard;
        private final String down = subjects.down();
        private volatile @Nullable Envelopes envelopes;
        private volatile @Nullable Dispatcher dispatcher;
        private volatile @Nullable Connection connection;
        private volatile String up = "";
        private volatile boolean closed;

        NatsLine(Heard heard) {
            this.heard = heard;
        }

        @Override
        public Future<Void> open() {
            Promise<Void> done = Promise.promise();
            Thread.ofVirtual().name("nats-open").start(() -> {
                try {
                    enter();
                    done.complete();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    done.fail(e);
                } catch (Exception e) {
                    over();
                    done.fail("no control plane answers over NATS: " + e.getMessage());
                }
            });
            return done.future();
        }

        private void enter() throws Exception {
            Connection now = link.required();
            Envelopes mine = new Envelopes(SessionKey.Side.NODE, now.getMaxPayload());
            envelopes = mine;
            connection = now;
            lines.add(this);
            Dispatcher hears = now.createDispatcher();
            dispatcher = hears;
            hears.subscribe(down, message -> {
                byte[] piece = message.getData();
                heard.message(() -> open(mine, piece));
            });
            byte[] answer = now.request(subjects.door(), down.getBytes(StandardCharsets.US_ASCII))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .getData();
            if (answer == null || answer.length == 0) {
                throw new IOException("it takes no more nodes now");
            }
            up = new String(answer, StandardCharsets.US_ASCII);
            Thread.ofVirtual().name("nats-look").start(() -> look(now));
        }

        /**
         * NATS tells nobody that a control plane is gone, but at once says so to who asks it something. Without this a node would wait for
         * as long as a quiet stream may be.
         */
        private void look(Connection now) {
            try {
                while (!closed) {
                    Thread.sleep(LOOK);
                    if (!closed) {
                        now.request(up, new byte[0]).get(LONGEST_LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | IllegalStateException gone) {
                over();
            }
        }

        private @Nullable String open(Envelopes mine, byte[] piece) {
            return switch (mine.take(piece)) {
                case Envelopes.Whole(String text) -> text;
                case Envelopes.Part part -> null;
                case Envelopes.Ended ended -> {
                    over();
                    yield null;
                }
            };
        }

        @Override
        public boolean closed() {
            return closed;
        }

        @Override
        public void send(String message) {
            Envelopes mine = envelopes;
            if (mine != null && !closed) {
                post(mine.text(message));
            }
        }

        private void post(List<byte[]> pieces) {
            pieces.forEach(piece -> link.send(up, piece).onFailure(e -> over()));
        }

        @Override
        public void welcomed(String session, SealingPair own) {
            Envelopes mine = envelopes;
            if (mine != null) {
                SessionKey key = SessionKey.open(own, session);
                mine.sealFrom(key);
                mine.openFrom(key);
            }
        }

        @Override
        public void close() {
            Envelopes mine = envelopes;
            if (mine != null && !closed && !up.isEmpty()) {
                mine.end().forEach(piece -> link.send(up, piece));
            }
            end();
        }

        /** The session is over. */
        void over() {
            if (end()) {
                heard.ended();
            }
        }

        private synchronized boolean end() {
            if (closed) {
                return false;
            }
            closed = true;
            lines.remove(this);
            Dispatcher hears = dispatcher;
            Connection now = connection;
            if (hears != null && now != null) {
                try {
                    now.closeDispatcher(hears);
                } catch (IllegalArgumentException | IllegalStateException gone) {
                    // The connection, and its dispatchers with it, ended before.
                }
            }
            return true;
        }
    }
}
