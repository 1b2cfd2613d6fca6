package dev.verge.control.replica;

import dev.verge.control.store.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Control planes that are alive, by the database's own clock: theirs may differ. And the messages between them. */
final class ReplicaTable {
    private static final String NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    private ReplicaTable() {}

    /** Says that a control plane is alive; answers whether it was taken for dead, or is new. */
    static boolean alive(Session session, String id) {
        if (session.update("UPDATE replica SET seen_at = " + NOW + " WHERE id = ?", id) > 0) {
            return false;
        }
        session.update("INSERT INTO replica (id, seen_at) VALUES (?, " + NOW + ")", id);
        return true;
    }

    /** All that are not known to be dead. */
    static List<String> all(Session session) {
        return session.list("SELECT id FROM replica ORDER BY id", row -> row.text("id"));
    }

    /** Those that have been silent for so long. */
    static List<String> silent(Session session, Duration silence) {
        return session.list(
                "SELECT id FROM replica WHERE seen_at < " + NOW + " - ?", row -> row.text("id"), silence.toMillis());
    }

    /** Forgets a control plane, and what was meant for it. */
    static void remove(Session session, String id) {
        session.update("DELETE FROM relay WHERE receiver = ?", id);
        session.update("DELETE FROM replica WHERE id = ?", id);
    }

    /** Where a node's stream ends. */
    static Optional<String> of(Session session, String node) {
        return session.first(
                "SELECT replica FROM node WHERE name = ? AND replica IS NOT NULL", row -> row.text("replica"), node);
    }

    static void send(Session session, String sender, Message message) {
        session.update(
                "INSERT INTO relay (receiver, sender, kind, node, body) VALUES (?, ?, ?, ?, ?)",
                message.peer(),
                sender,
                message.kind().name(),
                message.node(),
                message.body());
    }

    /** Takes the oldest messages for a control plane; they are gone with this transaction. */
    static List<Message> take(Session session, String receiver, int most) {
        return session.list(
                "WITH taken AS (DELETE FROM relay WHERE id IN"
                        + " (SELECT id FROM relay WHERE receiver = ? ORDER BY id LIMIT ?) RETURNING id, sender, kind, node, body)"
                        + " SELECT * FROM taken ORDER BY id",
                row -> new Message(
                        row.text("sender"), Message.Kind.valueOf(row.text("kind")), row.text("node"), row.text("body")),
                receiver,
                most);
    }
}
