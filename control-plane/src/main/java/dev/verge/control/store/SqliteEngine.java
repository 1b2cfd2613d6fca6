package dev.verge.control.store;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A file beside the control plane.
 *
 * <p>WAL mode with {@code synchronous=FULL}: every commit is on the disk before it is acknowledged. {@code NORMAL} would be several
 * times faster and never damages the file, but after a power loss it may forget the last commits; nodes would then know revisions that
 * the control plane gives out a second time for something else.
 *
 * <p>SQLite has one writer anyway, so writing transactions queue for a pool of one connection and begin with the write lock
 * ({@code BEGIN IMMEDIATE}); none can fail half-way because another came first.
 */
record SqliteEngine(Path file, Duration patience) implements Engine {

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public List<String> migrations() {
        return List.of("classpath:dev/verge/control/store/migration");
    }

    @Override
    public DataSource connections(Purpose purpose) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setTransactionMode(
                purpose.readOnly() ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        sqlite.enforceForeignKeys(true);
        // Else the driver asks for the last row's number after each change.
        sqlite.setGetGeneratedKeys(false);
        sqlite.setBusyTimeout(Math.toIntExact(patience.toMillis()));
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    @Override
    public void configure(HikariConfig pool, Purpose purpose) {
        // A file's connections do not go stale.
        pool.setMaxLifetime(0);
        if (purpose.readOnly()) {
            pool.setConnectionInitSql("PRAGMA query_only = 1");
        }
    }

    /** {@code BEGIN IMMEDIATE} did. */
    @Override
    public void takeTurn(Connection connection) {}

    @Override
    public boolean lostConnection(SQLException failure) {
        return false;
    }

    @Override
    public boolean signals() {
        return false;
    }

    @Override
    public boolean keepsStatements() {
        return true;
    }
}
