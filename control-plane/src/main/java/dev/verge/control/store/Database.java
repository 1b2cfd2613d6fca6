package dev.verge.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.verge.control.store.Engine.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SQL database: one transaction at a time writes, several read beside it. That holds over all replicas, so what a writing
 * transaction has read is still so when it commits.
 */
public final class Database implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final Engine engine;
    private final Map<Purpose, HikariDataSource> pools;

    /** By the connection itself, not what the pool lends out of it. */
    private final Map<Connection, KeptStatements> kept = new ConcurrentHashMap<>();

    private final Turns turns = new Turns(PATIENCE, this::writeAll);

    private Database(Engine engine, Map<Purpose, HikariDataSource> pools) {
        this.engine = engine;
        this.pools = pools;
    }

    /**
     * Opens the SQLite database in {@code folder}, making or migrating it first.
     *
     * @throws CannotStart when it cannot be opened or was made by a newer version
     */
    public static Database open(Path folder) {
        return open(new SqliteEngine(folder.resolve("store.sqlite"), PATIENCE));
    }

    /**
     * Opens the database that the settings name, making or migrating its tables first; {@code folder} is SQLite's.
     *
     * @param password of the user, from the environment; null: from the settings' file
     * @throws CannotStart when it cannot be opened or was made by a newer version
     */
    public static Database open(StoreSettings settings, @Nullable String password, Path folder) {
        if (settings.url() == null) {
            return open(folder);
        }
        return open(new PostgresEngine(settings, password == null ? password(settings) : password, PATIENCE));
    }

    private static Database open(Engine engine) {
        Map<Purpose, HikariDataSource> pools = new EnumMap<>(Purpose.class);
        Database database = new Database(engine, pools);
        try {
            // Not the writer's pool: on PostgreSQL a migration holds a lock on a connection beside its own.
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(engine.connections(Purpose.WRITE))
                    .locations(engine.migrations().toArray(String[]::new))
                    .javaMigrations(new DerivedRows())
                    .loggers("slf4j")
                    .load()
                    .migrate();
            for (Purpose purpose : List.of(Purpose.WRITE, Purpose.READ, Purpose.SNAPSHOT)) {
                pools.put(purpose, database.pool(purpose));
            }
            if (engine.signals()) {
                pools.put(Purpose.RELAY, database.pool(Purpose.RELAY));
            }
            return database;
        } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            database.close();
            throw new CannotStart("the store " + engine.place() + " cannot be opened: " + firstLine(e), e);
        }
    }

    /** Whether other replicas may use the same store. */
    public boolean shared() {
        return engine.signals();
    }

    /**
     * Listens for signals of all replicas until it is closed.
     *
     * @throws IllegalStateException when the store is not {@link #shared}
     */
    public SignalListener listener(SignalListener.Heard heard) {
        if (engine instanceof PostgresEngine postgres) {
            return new SignalListener(postgres.source(), heard);
        }
        throw new IllegalStateException("nobody shares this store");
    }

    /** Runs a reading transaction: all its statements see the same state. */
    public <T> T read(Function<Session, T> work) {
        return transaction(Purpose.READ, work);
    }

    /**
     * Does a writing work: all of it is durable when this returns, or none of it happened. Works of several callers may share a
     * transaction, one after the other; each sees what those before it did, and one that fails takes back nothing but its own. It may be
     * done on another caller's thread, and again when the connection broke.
     */
    public <T> T write(Function<Session, T> work) {
        return turns.write(work);
    }

    private void writeAll(List<Turns.Write<?>> writes) {
        transaction(Purpose.WRITE, session -> {
            if (writes.size() == 1) {
                writes.getFirst().run(session);
            } else {
                writes.forEach(write -> session.apart(write::run, write::fail));
            }
            return true;
        });
        writes.forEach(Turns.Write::settle);
    }

    /** Runs a transaction on messages between replicas or on blobs, which takes no turn among the writing ones. */
    public <T> T relay(Function<Session, T> work) {
        return transaction(Purpose.RELAY, work);
    }

    /** Opens a reading transaction that outlives the call; the owner closes it. A few may be open, more wait. */
    public HeldRead hold() {
        try {
            return new HeldRead(connection(Purpose.SNAPSHOT), engine.signals());
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** Closes every connection; the last one folds SQLite's write-ahead log into the file. */
    @Override
    public void close() {
        List<HikariDataSource> open = new ArrayList<>(pools.values());
        for (HikariDataSource pool : open.reversed()) {
            pool.close();
        }
    }

    /** A reading transaction held open over several calls, one at a time. */
    public static final class HeldRead implements AutoCloseable {
        private final Connection connection;
        private final boolean signals;
        private final AtomicBoolean closed = new AtomicBoolean();

        private HeldRead(Connection connection, boolean signals) {
            this.connection = connection;
            this.signals = signals;
        }

        /** The transaction's statements. */
        public Session session() {
            return new Session(connection, signals);
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            try (connection) {
                connection.rollback();
            } catch (SQLException e) {
                throw Session.failed(e);
            }
        }
    }

    private Connection connection(Purpose purpose) throws SQLException {
        return Objects.requireNonNull(pools.get(purpose), purpose::name).getConnection();
    }

    /**
     * A connection that turns out to be gone before anything was committed is replaced once, and with it all that wait in the pool:
     * after a restart of the database each of them is gone.
     */
    private <T> T transaction(Purpose purpose, Function<Session, T> work) {
        try {
            return attempt(purpose, work);
        } catch (StoreException e) {
            if (e instanceof OutcomeUnknown
                    || !(e.getCause() instanceof SQLException cause)
                    || !engine.lostConnection(cause)) {
                throw e;
            }
            Objects.requireNonNull(pools.get(purpose), purpose::name)
                    .getHikariPoolMXBean()
                    .softEvictConnections();
            return attempt(purpose, work);
        }
    }

    private <T> T attempt(Purpose purpose, Function<Session, T> work) {
        try (Connection connection = connection(purpose)) {
            boolean done = false;
            try {
                if (purpose == Purpose.WRITE) {
                    engine.takeTurn(connection);
                }
                T result = work.apply(new Session(connection, engine.signals(), kept(connection)));
                commit(connection);
                done = true;
                return result;
            } finally {
                if (!done) {
                    rollback(connection);
                }
            }
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    private @Nullable KeptStatements kept(Connection pooled) throws SQLException {
        return engine.keepsStatements()
                ? kept.computeIfAbsent(pooled.unwrap(Connection.class), KeptStatements::new)
                : null;
    }

    private void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (engine.lostConnection(e)) {
                throw new OutcomeUnknown(e);
            }
            throw e;
        }
    }

    /** The failure that led here says more than that of a rollback; and what is not rolled back here is when the pool takes it back. */
    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("a transaction could not be rolled back", e);
        }
    }

    private HikariDataSource pool(Purpose purpose) {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(engine.connections(purpose));
        pool.setPoolName("store-" + purpose.name().toLowerCase(java.util.Locale.ROOT));
        pool.setMaximumPoolSize(purpose.most());
        pool.setMinimumIdle(1);
        pool.setAutoCommit(false);
        pool.setConnectionTimeout(PATIENCE.toMillis());
        pool.setIdleTimeout(0);
        engine.configure(pool, purpose);
        return new HikariDataSource(pool);
    }

    private static @Nullable String password(StoreSettings settings) {
        if (settings.passwordFile() == null) {
            return null;
        }
        try {
            return Files.readString(Path.of(settings.passwordFile())).strip();
        } catch (IOException e) {
            throw new CannotStart("store.passwordFile: " + settings.passwordFile() + " cannot be read: " + e, e);
        }
    }

    private static String firstLine(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return String.valueOf(cause.getMessage())
                .lines()
                .findFirst()
                .orElse("unknown cause")
                .strip();
    }
}
