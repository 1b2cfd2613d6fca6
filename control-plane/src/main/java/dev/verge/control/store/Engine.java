package dev.verge.control.store;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** What differs between the databases that may hold the store. Statements do not: they are written to run on each. */
interface Engine {

    /** Where the store is, for messages; no password. */
    String place();

    /** Folders with the migrations. */
    List<String> migrations();

    /** Connections to be pooled for a purpose. */
    DataSource connections(Purpose purpose);

    /** Sets what a pool of such connections needs besides. */
    void configure(HikariConfig pool, Purpose purpose);

    /** Called first in each writing transaction: from here to its end no other one, on any replica, is under way. */
    void takeTurn(Connection connection) throws SQLException;

    /** Whether a failed transaction that was not committed may succeed on a new connection at once. */
    boolean lostConnection(SQLException failure);

    /** Whether other replicas listen for {@link Signal}s. */
    boolean signals();

    /** Whether prepared statements are worth keeping; else the driver does it. */
    boolean keepsStatements();

    /** What connections are for. */
    enum Purpose {
        /** One writing transaction at a time. */
        WRITE(1),
        /** Short reading transactions. */
        READ(4),
        /** Reading transactions that are held open. */
        SNAPSHOT(4),
        /** Messages between replicas and blobs, which take no turn. */
        RELAY(2);

        private final int connections;

        Purpose(int connections) {
            this.connections = connections;
        }

        /** The size of their pool. */
        int most() {
            return connections;
        }

        /** Whether nothing may be changed. */
        boolean readOnly() {
            return this == READ || this == SNAPSHOT;
        }
    }
}
