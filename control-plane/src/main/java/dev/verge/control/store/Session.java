package dev.verge.control.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements of one transaction. Used by one thread, and only until the transaction ends. */
public final class Session {
    /** Rows that a large result is fetched by. */
    private static final int FETCHED = 500;

    private final Connection connection;
    private final boolean signals;
    private final @Nullable KeptStatements kept;

    Session(Connection connection, boolean signals) {
        this(connection, signals, null);
    }

    /** @param kept statements of the connection; null: each is prepared anew */
    Session(Connection connection, boolean signals, @Nullable KeptStatements kept) {
        this.connection = connection;
        this.signals = signals;
        this.kept = kept;
    }

    /** Tells all replicas, this one too, once the transaction is durable; at most a few thousand characters. */
    public void signal(Signal signal, String text) {
        if (signals) {
            first("SELECT pg_notify(?, ?)", row -> true, signal.channel(), text);
        }
    }

    /** Does a work within the transaction; when it fails, that is told to {@code failed} and what it did is taken back, and no more. */
    void apart(Consumer<Session> work, Consumer<Throwable> failed) {
        try {
            Savepoint begin = connection.setSavepoint();
            try {
                work.accept(this);
                connection.releaseSavepoint(begin);
            } catch (RuntimeException | Error e) {
                // Where the connection is gone this fails, too, and with it the whole transaction.
                connection.rollback(begin);
                failed.accept(e);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Changes rows; answers how many. Parameters are text, numbers, booleans, instants, bytes or null. */
    public int update(String sql, @Nullable Object... parameters) {
        try (Prepared prepared = prepare(sql, parameters)) {
            int changed = prepared.statement.executeUpdate();
            prepared.done = true;
            return changed;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The same with the contents of a file as the last parameter, which are never in memory as a whole. */
    int updateFrom(Path file, String sql, @Nullable Object... before) {
        try (InputStream content = Files.newInputStream(file);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, before);
            statement.setBinaryStream(before.length + 1, content, Files.size(file));
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        } catch (IOException e) {
            throw new StoreException("the file " + file + " could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * Runs one changing statement with many sets of parameters, which is several times cheaper than as many calls of {@link #update}.
     *
     * @return how many rows each of them changed
     */
    public int[] updateAll(String sql, List<@Nullable Object[]> parameters) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (@Nullable Object[] each : parameters) {
                bind(statement, each);
                statement.addBatch();
            }
            return statement.executeBatch();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Every row of a query; bound it with LIMIT wherever the number of rows can grow. */
    public <T> List<T> list(String sql, Function<Row, T> reader, @Nullable Object... parameters) {
        try (Prepared prepared = prepare(sql, parameters);
                ResultSet result = prepared.statement.executeQuery()) {
            List<T> rows = new ArrayList<>();
            Row row = new Row(result);
            while (result.next()) {
                rows.add(reader.apply(row));
            }
            prepared.done = true;
            return rows;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Every row of a query as its columns, one after the other, however many there are. */
    public void each(String sql, Consumer<Map<String, @Nullable Object>> reader) {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCHED);
            try (ResultSet result = statement.executeQuery()) {
                ResultSetMetaData columns = result.getMetaData();
                while (result.next()) {
                    Map<String, @Nullable Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        row.put(columns.getColumnName(i), result.getObject(i));
                    }
                    reader.accept(row);
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The names of a table's columns. */
    public Set<String> columns(String table) {
        try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM " + table + " WHERE 1 = 0");
                ResultSet result = statement.executeQuery()) {
            Set<String> names = new LinkedHashSet<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                names.add(result.getMetaData().getColumnName(i));
            }
            return names;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The first row of a query, if there is one. */
    public <T> Optional<T> first(String sql, Function<Row, T> reader, @Nullable Object... parameters) {
        try (Prepared prepared = prepare(sql, parameters);
                ResultSet result = prepared.statement.executeQuery()) {
            Optional<T> first = result.next() ? Optional.of(reader.apply(new Row(result))) : Optional.empty();
            prepared.done = true;
            return first;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The one number that a query always answers, in its column {@code n}. */
    public long number(String sql, @Nullable Object... parameters) {
        return first(sql, row -> row.number("n"), parameters)
                .orElseThrow(() -> new IllegalStateException("no row from: " + sql));
    }

    /** Whether a query finds a row. */
    public boolean exists(String sql, @Nullable Object... parameters) {
        return first(sql, row -> true, parameters).orElse(false);
    }

    static StoreException failed(SQLException e) {
        return new StoreException("the store failed: " + e.getMessage(), e);
    }

    private Prepared prepare(String sql, @Nullable Object[] parameters) throws SQLException {
        Prepared prepared = new Prepared(sql, kept == null ? connection.prepareStatement(sql) : kept.take(sql));
        try {
            bind(prepared.statement, parameters);
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    /** A statement in use. Results are closed before it, since they are opened after it. */
    private final class Prepared implements AutoCloseable {
        private final String sql;
        private final PreparedStatement statement;

        /** Whether nothing failed, so that it may be used again. */
        private boolean done;

        Prepared(String sql, PreparedStatement statement) {
            this.sql = sql;
            this.statement = statement;
        }

        @Override
        public void close() throws SQLException {
            if (kept != null && done) {
                kept.give(sql, statement);
            } else {
                statement.close();
            }
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            bind(statement, i + 1, parameters[i]);
        }
    }

    private static void bind(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
        if (value instanceof String text) {
            statement.setString(at, text);
        } else if (value instanceof Long number) {
            statement.setLong(at, number);
        } else if (value instanceof Integer number) {
            statement.setInt(at, number);
        } else if (value instanceof Boolean flag) {
            statement.setInt(at, flag ? 1 : 0);
        } else if (value instanceof Instant time) {
            statement.setLong(at, time.toEpochMilli());
        } else if (value instanceof byte[] bytes) {
            statement.setBytes(at, bytes);
        } else if (value == null) {
            statement.setObject(at, null);
        } else {
            throw new IllegalArgumentException("no column type for " + value.getClass());
        }
    }
}
