package dev.verge.control.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prepared statements of one connection, kept for their next use: SQLite compiles each anew otherwise, which takes twice as long as to run it.
 * One thread at a time.
 */
final class KeptStatements {
    /** More than there are different ones; a bound all the same. */
    private static final int MOST = 256;

    private final Connection connection;
    private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

    KeptStatements(Connection connection) {
        this.connection = connection;
    }

    /** One that nobody uses now. */
    PreparedStatement take(String sql) throws SQLException {
        PreparedStatement kept = idle.remove(sql);
        return kept == null ? connection.prepareStatement(sql) : kept;
    }

    /** It may be used again: nothing failed, and its results are closed. */
    void give(String sql, PreparedStatement statement) throws SQLException {
        statement.clearParameters();
        if (idle.size() >= MOST || idle.putIfAbsent(sql, statement) != null) {
            statement.close();
        }
    }
}
