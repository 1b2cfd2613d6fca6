package dev.verge.sync.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection to NATS that is made again for ever, on threads of its own. Safe for use from any thread. */
final class NatsLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);
    /** For an answer about an object, or a piece of it: all nodes may ask at once. */
    static final Duration ANSWER = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PING = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 65_536;
    private static final int TIMERS = 2;

    /** For all connections of the process: what the library would have several threads of each for. */
    private static final ExecutorService WORKERS = Executors.newVirtualThreadPerTaskExecutor();

    private static final ScheduledExecutorService TIMER = Executors.newScheduledThreadPool(
            TIMERS, Thread.ofPlatform().daemon().name("nats-timer-", 0).factory());
    private static final String CREDS_MARK = "-----BEGIN";

    private final NatsSettings settings;
    private final String name;
    private final CopyOnWriteArrayList<Runnable> ups = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Consumer<Connection>> firsts = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Runnable> downs = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Runnable> sending = new LinkedBlockingQueue<>(MAX_WAITING);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    /** @param name under which NATS shows the connection */
    NatsLink(NatsSettings settings, String name) {
        this.settings = settings;
        this.name = name;
    }

    /** Begins to connect. */
    void start() {
        threads.add(Thread.ofVirtual().name("nats-connect").start(this::connect));
        threads.add(Thread.ofVirtual().name("nats-send").start(this::sendAll));
    }

    /** Told whenever the connection stands, on a thread that may be blocked. */
    void onUp(Runnable listener) {
        ups.add(listener);
    }

    /** Told of the connection when it stands for the first time; it connects again by itself. */
    void onFirst(Consumer<Connection> listener) {
        firsts.add(listener);
    }

    /** Told whenever it broke. */
    void onDown(Runnable listener) {
        downs.add(listener);
    }

    /** The connection, if it stands now. */
    @Nullable
    Connection standing() {
        Connection now = connection;
        return now != null && now.getStatus() == Connection.Status.CONNECTED ? now : null;
    }

    /**
     * The connection.
     *
     * @throws IOException when it does not stand
     */
    Connection required() throws IOException {
        Connection now = standing();
        if (now == null) {
            throw new IOException("NATS is not connected");
        }
        return now;
    }

    /** Sends to a subject, in the order of the calls, and never blocks the caller. */
    Future<Void> send(String subject, byte[] content) {
        Promise<Void> done = Promise.promise();
        if (closed
                || !sending.offer(() -> {
                    try {
                        required().publish(subject, content);
                        done.complete();
                    } catch (IOException | RuntimeException e) {
                        done.fail(e);
                    }
                })) {
            done.fail("NATS is not connected, or too slow");
        }
        return done.future();
    }

    /** Sends that wait for the connection. */
    int waiting() {
        return sending.size();
    }

    private void sendAll() {
        try {
            while (!closed) {
                sending.take().run();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect() {
        while (!closed) {
            try {
                Connection made = Nats.connect(options());
                connection = made;
                if (closed) {
                    made.close();
                    return;
                }
                firsts.forEach(first -> first.accept(made));
                tell(ups);
                return;
            } catch (InterruptedException end) {
                return;
            } catch (IOException | GeneralSecurityException | RuntimeException e) {
                LOG.info("sync: NATS at {} cannot be reached: {}", settings.servers(), e.getMessage());
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    private Options options() throws IOException, GeneralSecurityException {
        Options.Builder builder = new Options.Builder()
                .servers(settings.servers().toArray(String[]::new))
                .connectionName(name)
                // Those that are named, by their names: certificates are for these.
                .ignoreDiscoveredServers()
                .noResolveHostnames()
                .maxReconnects(-1)
                .reconnectWait(PAUSE)
                .reconnectBufferSize(0)
                .pingInterval(PING)
                .executor(WORKERS)
                .scheduledExecutor(TIMER)
                .connectThreadFactory(Thread.ofVirtual().name("nats-connection").factory())
                .callbackThreadFactory(Thread.ofVirtual().name("nats-callback").factory())
                .connectionListener((from, event) -> heard(event))
                .errorListener(new Errors());
        String file = settings.credentials();
        if (file != null) {
            authenticate(builder, file);
        }
        if (settings.servers().stream().anyMatch(server -> server.startsWith("tls:"))) {
            builder.sslContext(NatsTls.context(settings.ca()));
        }
        return builder.build();
    }

    private static void authenticate(Options.Builder builder, String file) throws IOException {
        String text = Files.readString(Path.of(file)).strip();
        if (text.startsWith(CREDS_MARK)) {
            builder.authHandler(Nats.credentials(file));
            return;
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            builder.token(text.toCharArray());
        } else {
            builder.userInfo(
                    text.substring(0, colon).toCharArray(),
                    text.substring(colon + 1).toCharArray());
        }
    }

    private void heard(Events event) {
        switch (event) {
            case DISCONNECTED, CLOSED -> {
                LOG.info("sync: the connection to NATS ended");
                tell(downs);
            }
            case RECONNECTED -> {
                LOG.info("sync: NATS is connected again");
                Thread.ofVirtual().name("nats-up").start(() -> tell(ups));
            }
            default -> LOG.debug("sync: NATS: {}", event);
        }
    }

    private static void tell(List<Runnable> listeners) {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException bug) {
                LOG.error("a listener to NATS failed", bug);
            }
        }
    }

    /** What is to be sent goes first. */
    @Override
    public void close() {
        if (!sending.offer(this::end)) {
            end();
        }
    }

    private void end() {
        closed = true;
        Connection now = connection;
        if (now != null) {
            try {
                now.close();
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }
        threads.forEach(Thread::interrupt);
    }

    /** What the library would write to standard error. */
    private static final class Errors implements ErrorListener {
        @Override
        public void errorOccurred(Connection conn, String error) {
            LOG.warn("sync: NATS says: {}", error);
        }

        @Override
        public void exceptionOccurred(Connection conn, Exception e) {
            LOG.debug("sync: NATS", e);
        }
    }
}
