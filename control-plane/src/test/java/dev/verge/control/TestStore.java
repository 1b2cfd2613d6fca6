package dev.verge.control;

import dev.verge.control.store.Database;
import dev.verge.control.store.StoreSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that hold stores: every contract of the API holds on each. PostgreSQL is a real server, one for the whole run. */
public enum TestStore {
    /** In the data folder. */
    SQLITE {
        @Override
        public StoreSettings fresh() {
            return StoreSettings.defaults();
        }
    },
    /** A database of its own on the server. */
    POSTGRESQL {
        @Override
        public StoreSettings fresh() {
            String name = "store" + Server.COUNT.incrementAndGet();
            // A copy of one that has its tables already; each start looks all the same whether one is missing.
            Server.run("CREATE DATABASE " + name + " TEMPLATE " + Server.MIGRATED);
            return Server.settings(name);
        }
    };

    /** Where an empty store is. */
    public abstract StoreSettings fresh();

    /** A connection to a store beside its control planes. */
    static Connection connect(StoreSettings settings, Path data) throws SQLException {
        return settings.url() == null
                ? DriverManager.getConnection("jdbc:sqlite:" + data.resolve("store.sqlite"))
                : DriverManager.getConnection(settings.url(), settings.user(), "");
    }

    /** Ends every connection of a database's control planes, as a restart of the server does. */
    static void cutAll(StoreSettings settings) {
        String url = String.valueOf(settings.url());
        Server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                + url.substring(url.lastIndexOf('/') + 1) + "'");
    }

    private static final class Server {
        static final AtomicInteger COUNT = new AtomicInteger();
        static final EmbeddedPostgres POSTGRES = start();
        static final String MIGRATED = migrated();

        /** Names sorted as people do, not as bytes are: the store must not depend on it. */
        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres started = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "300")
                        .setServerConfig("synchronous_commit", "off")
                        .start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        started.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }));
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String migrated() {
            run("CREATE DATABASE migrated TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'");
            Database.open(settings("migrated"), null, Path.of("unused")).close();
            return "migrated";
        }

        static StoreSettings settings(String name) {
            return new StoreSettings(
                    "jdbc:postgresql://127.0.0.1:" + POSTGRES.getPort() + "/" + name, "postgres", null);
        }

        static void run(String sql) {
            try (Connection connection = POSTGRES.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
