package dev.verge.control.node;

import dev.verge.control.store.Hash;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.server.NodeAuthenticator.Refused;
import dev.verge.sync.server.NodeIdentity;
import dev.verge.sync.trust.NodeKey;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The public keys of nodes. A key that is gone counts no more. */
final class NodeKeyTable {

    private NodeKeyTable() {}

    private record Token(String id, String node, @Nullable String key) {}

    /** Exchanges a token for keys, once; answers the node's name. */
    static String enrol(Session session, String token, NodeKey keys, Instant now) {
        Token found = session.first(
                        "SELECT id, node, node_key FROM node_token WHERE hash = ? AND revoked_at IS NULL"
                                + " AND (expires_at IS NULL OR expires_at > ? OR node_key IS NOT NULL)",
                        row -> new Token(row.text("id"), row.text("node"), row.textOrNull("node_key")),
                        Hash.of(token),
                        now)
                .orElseThrow(() -> new Refused(
                        "the node token is none, has ended or was revoked; make one by POST /v1/node-tokens"));
        if (found.key() == null) {
            session.update("DELETE FROM node_key WHERE node = ?", found.node());
            insert(session, found.node(), found.id(), keys, now);
            session.update("UPDATE node_token SET node_key = ? WHERE id = ?", keys.id(), found.id());
        } else if (!found.key().equals(keys.id())
                || find(session, found.node(), keys.id()).isEmpty()) {
            throw new Refused("the node token was exchanged already; make another one by POST /v1/node-tokens");
        }
        return found.node();
    }

    private static void insert(Session session, String node, String token, NodeKey keys, Instant now) {
        if (session.exists("SELECT 1 FROM node_key WHERE id = ?", keys.id())) {
            throw new Refused("these keys are another node's");
        }
        session.update(
                "INSERT INTO node_key (id, node, token, identity_key, sealing_key, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                keys.id(),
                node,
                token,
                keys.identity(),
                keys.sealing(),
                now);
    }

    static Optional<NodeIdentity> find(Session session, String node, String key) {
        return session.first(
                "SELECT k.node AS node, k.identity_key AS identity_key, k.sealing_key AS sealing_key,"
                        + " n.node_groups AS node_groups FROM node_key k JOIN node n ON n.name = k.node"
                        + " WHERE k.id = ? AND k.node = ?",
                NodeKeyTable::identity,
                key,
                node);
    }

    /** Whether older keys of the node count yet. */
    static boolean others(Session session, String node, String key) {
        return session.exists(
                "SELECT 1 FROM node_key WHERE node = ? AND created_at < (SELECT created_at FROM node_key WHERE id = ?)",
                node,
                key);
    }

    /** A key was shown: older ones count no more. */
    static void shown(Session session, String node, String key) {
        session.update(
                "DELETE FROM node_key WHERE node = ? AND created_at < (SELECT created_at FROM node_key WHERE id = ?)",
                node,
                key);
    }

    /** One more key, which counts from now on; a change that was begun before and not ended is forgotten. */
    static void change(Session session, String node, String shown, NodeKey next, Instant now) {
        if (find(session, node, next.id()).isPresent()) {
            return;
        }
        String token = session.first(
                        "SELECT token FROM node_key WHERE id = ? AND node = ?", row -> row.text("token"), shown, node)
                .orElseThrow(() -> new Refused("the key that was shown counts no more"));
        session.update("DELETE FROM node_key WHERE node = ? AND id <> ?", node, shown);
        // Later than the one shown, whatever the clock says.
        Instant at = session.first("SELECT created_at FROM node_key WHERE id = ?", row -> row.time("created_at"), shown)
                .filter(before -> !now.isAfter(before))
                .map(before -> before.plusMillis(1))
                .orElse(now);
        insert(session, node, token, next, at);
    }

    /** The keys that a token was exchanged for, or followed those, count no more; answers whether there were any. */
    static boolean revoke(Session session, String token) {
        return session.update("DELETE FROM node_key WHERE token = ?", token) > 0;
    }

    /** The same with all keys of a node. */
    static boolean revokeAll(Session session, String node) {
        return session.update("DELETE FROM node_key WHERE node = ?", node) > 0;
    }

    private static NodeIdentity identity(Row row) {
        return new NodeIdentity(
                row.text("node"),
                NodeTable.groups(row),
                new NodeKey(row.text("identity_key"), row.text("sealing_key")));
    }
}
