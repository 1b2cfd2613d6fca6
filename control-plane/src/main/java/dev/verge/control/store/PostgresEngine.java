package dev.verge.control.store;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL database that several control planes share.
 *
 * <p>Writing transactions of all replicas take turns by an advisory lock that ends with the transaction, so each one sees what the one
 * before it did and none is tried twice because of another: what holds on SQLite's single writer holds here. Reading ones are {@code
 * REPEATABLE READ}: all their statements see one state. Commits wait for the disk ({@code synchronous_commit = on}), whatever the
 * server's default is.
 */
record PostgresEngine(StoreSettings settings, @Nullable String password, Duration patience) implements Engine {

    /** Any number, the same for every replica; the bytes of "verge". */
    private static final long TURN = 0x7665726765L;

    private static final Duration LIFE = Duration.ofMinutes(30);

    @Override
    public String place() {
        return String.valueOf(settings.url());
    }

    @Override
    public List<String> migrations() {
        return List.of("classpath:dev/verge/control/store/migration", "classpath:dev/verge/control/store/postgresql");
    }

    @Override
    public DataSource connections(Purpose purpose) {
        PGSimpleDataSource source = source();
        source.setOptions("-c synchronous_commit=on -c lock_timeout=" + patience.toMillis());
        return source;
    }

    @Override
    public void configure(HikariConfig pool, Purpose purpose) {
        pool.setMaxLifetime(LIFE.toMillis());
        pool.setReadOnly(purpose.readOnly());
        pool.setTransactionIsolation(purpose.readOnly() ? "TRANSACTION_REPEATABLE_READ" : "TRANSACTION_READ_COMMITTED");
    }

    /** A plain connection's source. */
    PGSimpleDataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(place());
        if (settings.user() != null) {
            source.setUser(settings.user());
        }
        if (password != null) {
            source.setPassword(password);
        }
        int seconds = Math.toIntExact(patience.toSeconds());
        source.setConnectTimeout(seconds);
        source.setLoginTimeout(seconds);
        // A server that is gone without a word must not hold a writer for longer than TCP's own patience.
        source.setSocketTimeout(3 * seconds);
        source.setTcpKeepAlive(true);
        source.setApplicationName("verge control-plane");
        return source;
    }

    @Override
    public void takeTurn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + TURN + ")");
        }
    }

    /** Class 08: the connection is gone; 57P01 to 57P03: the server stops, crashed or starts (PostgreSQL, appendix A). */
    @Override
    public boolean lostConnection(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P0"));
    }

    @Override
    public boolean signals() {
        return true;
    }

    @Override
    public boolean keepsStatements() {
        return false;
    }
}
