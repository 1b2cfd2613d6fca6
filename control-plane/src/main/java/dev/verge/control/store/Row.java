package dev.verge.control.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The row that a query stands on; read it at once, it moves on. */
public final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    /** A text column that is never null. */
    public String text(String column) {
        String value = textOrNull(column);
        if (value == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return value;
    }

    /** A text column. */
    public @Nullable String textOrNull(String column) {
        try {
            return result.getString(column);
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** A number column that is never null. */
    public long number(String column) {
        try {
            return result.getLong(column);
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** A number column. */
    public @Nullable Long numberOrNull(String column) {
        try {
            long value = result.getLong(column);
            return result.wasNull() ? null : value;
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** A small number column that is never null. */
    public int integer(String column) {
        return Math.toIntExact(number(column));
    }

    /** A column of bytes that is never null. */
    public byte[] bytes(String column) {
        try {
            return result.getBytes(column);
        } catch (SQLException e) {
            throw Session.failed(e);
        }
    }

    /** A flag column. */
    public boolean flag(String column) {
        return number(column) != 0;
    }

    /** A time column that is never null. */
    public Instant time(String column) {
        return Instant.ofEpochMilli(number(column));
    }

    /** A time column. */
    public @Nullable Instant timeOrNull(String column) {
        Long millis = numberOrNull(column);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }
}
