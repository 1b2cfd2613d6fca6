package dev.verge.control.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the signals of all replicas, on a connection and a thread of its own. Signals that are sent while the connection is gone are
 * lost; so after each connect, and each second without any, its owner is told to look for itself.
 */
public final class SignalListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignalListener.class);
    private static final Duration TURN = Duration.ofSeconds(1);

    private final DataSource source;
    private final Heard heard;
    private final Thread thread;
    private volatile @Nullable Connection current;
    private volatile boolean closed;

    /** Told on the listener's thread; may block for a moment. */
    public interface Heard {

        /** A signal with its text. */
        void signal(Signal signal, String text);

        /** Signals may have been missed: whatever they could have told of is to be looked up. */
        void look();
    }

    SignalListener(DataSource source, Heard heard) {
        this.source = source;
        this.heard = heard;
        this.thread = Thread.ofPlatform().daemon().name("store-signals").start(this::run);
    }

    private void run() {
        while (!closed) {
            try (Connection connection = source.getConnection()) {
                current = connection;
                try (Statement statement = connection.createStatement()) {
                    for (Signal signal : Signal.values()) {
                        statement.execute("LISTEN " + signal.channel());
                    }
                }
                tell(heard::look);
                listen(connection.unwrap(PGConnection.class));
            } catch (SQLException e) {
                if (!closed) {
                    LOG.warn("no signals from other control planes: {}; it is tried again", e.getMessage());
                    pause();
                }
            }
        }
    }

    private void listen(PGConnection connection) throws SQLException {
        while (!closed) {
            PGNotification[] notifications = connection.getNotifications(Math.toIntExact(TURN.toMillis()));
            if (notifications == null || notifications.length == 0) {
                tell(heard::look);
                continue;
            }
            for (PGNotification notification : notifications) {
                for (Signal signal : Signal.values()) {
                    if (signal.channel().equals(notification.getName())) {
                        tell(() -> heard.signal(signal, notification.getParameter()));
                    }
                }
            }
        }
    }

    private static void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            LOG.warn("a signal could not be followed; it is looked up again", e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(TURN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        Connection listening = current;
        if (listening != null) {
            try {
                // It waits for signals; closing it in peace would wait with it.
                listening.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("the signals' connection could not be cut; it ends with its turn", e);
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
