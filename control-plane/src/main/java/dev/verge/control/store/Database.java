package dev.verge.control.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * The SQL database: one transaction at a time writes, several read beside it.
 *
 * <p>SQLite in WAL mode with {@code synchronous=FULL}: every commit is on the disk before it is acknowledged. {@code NORMAL} would be
 * several times faster and never damages the file, but after a power loss it may forget the last commits; nodes would then know
 * revisions that the control plane gives out a second time for something else.
 *
 * <p>SQLite has one writer anyway, so writing transactions queue for a pool of one connection and begin with the write lock
 * ({@code BEGIN IMMEDIATE}); none can fail half-way because another came first.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 4;
    private static final int SNAPSHOTS = 4;
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final HikariDataSource snapshots;

    private Database(HikariDataSource writer, HikariDataSource readers, HikariDataSource snapshots) {
        this.writer = writer;
        this.readers = readers;
        this.snapshots = snapshots;
    }

    /**
     * Opens the database in {@code folder}, making or migrating it first.
     *
     * @throws CannotStart when it cannot be opened or was made by a newer version
     */
    public static Database open(Path folder) {
        Path file = folder.resolve("store.sqlite");
        HikariDataSource writer = null;
        try {
            writer = pool(file, "writer", 1, SQLiteConfig.TransactionMode.IMMEDIATE, false);
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(writer)
                    .locations("classpath:dev/verge/control/store/migration")
                    .loggers("slf4j")
                    .load()
                    .migrate();
            return new Database(
                    writer,
                    pool(file, "reader", READERS, SQLiteConfig.TransactionMode.DEFERRED, true),
                    pool(file, "snapshot", SNAPSHOTS, SQLiteConfig.TransactionMode.DEFERRED, true));
        } catch (FlywayException | com.zaxxer.hikari.pool.HikariPool.PoolInitializationException e) {
            if (writer != null) {
                writer.close();
            }
            throw new CannotStart("the store " + file + " cannot be opened: " + firstLine(e), e);
        }
    }

    /** Runs a reading transaction: all its statements see the same state. */
    public <T> T read(Function<Session, T> work) {
        return transaction(readers, work);
    }

    /** Runs a writing transaction: all of it is durable when this returns, or none of it happened. */
    public <T> T write(Function<Session, T> work) {
        return transaction(writer, work);
    }

    /** Opens a reading transaction that outlives the call; the owner closes it. A few may be open, more wait. */
    public HeldRead hold() {
        try {
            return new HeldRead(snapshots.getConnection());
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** Closes every connection; the last one folds the write-ahead log into the file. */
    @Override
    public void close() {
        snapshots.close();
        readers.close();
        writer.close();
    }

    /** A reading transaction held open over several calls, one at a time. */
    public static final class HeldRead implements AutoCloseable {
        private final Connection connection;
        private final AtomicBoolean closed = new AtomicBoolean();

        private HeldRead(Connection connection) {
            this.connection = connection;
        }

        /** The transaction's statements. */
        public Session session() {
            return new Session(connection);
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

    private static <T> T transaction(HikariDataSource pool, Function<Session, T> work) {
        try (Connection connection = pool.getConnection()) {
            boolean done = false;
            try {
                T result = work.apply(new Session(connection));
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    private static HikariDataSource pool(
            Path file, String name, int size, SQLiteConfig.TransactionMode mode, boolean readOnly) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setTransactionMode(mode);
        sqlite.enforceForeignKeys(true);
        sqlite.setBusyTimeout(Math.toIntExact(WAIT.toMillis()));
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(source);
        pool.setPoolName("store-" + name);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setAutoCommit(false);
        pool.setConnectionTimeout(WAIT.toMillis());
        // A file's connections do not go stale.
        pool.setMaxLifetime(0);
        pool.setIdleTimeout(0);
        if (readOnly) {
            pool.setConnectionInitSql("PRAGMA query_only = 1");
        }
        return new HikariDataSource(pool);
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
