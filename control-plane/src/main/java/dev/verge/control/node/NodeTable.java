package dev.verge.control.node;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.report.LoadTable;
import dev.verge.control.report.OutageTable;
import dev.verge.control.resource.NodeTokenView;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Hash;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.control.store.Signal;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.server.Comparison;
import dev.verge.sync.server.NodeState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nodes and their tokens. Each node's last answer is kept, so that its standing is known before it is back after a restart. */
public final class NodeTable {
    private static final TypeReference<List<String>> GROUPS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Refusal>> REFUSED = new TypeReference<>() {};
    private static final String LIVE =
            "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ? OR node_key IS NOT NULL)";

    private NodeTable() {}

    /**
     * A node as it was last stored.
     *
     * @param seenAt null before its first contact
     * @param replica the control plane that its stream ends at; null when it has none
     * @param stamp of the last change of nodes that wrote this
     * @param comparison the last one of its state with the log; null before there was any
     */
    record Known(
            String node,
            List<String> groups,
            String software,
            long acked,
            @Nullable Instant ackedAt,
            @Nullable Instant seenAt,
            Map<String, Refusal> refused,
            boolean drain,
            @Nullable String replica,
            long stamp,
            @Nullable Comparison comparison) {

        NodeState state() {
            return state(false);
        }

        NodeState state(boolean connected) {
            Instant seen = seenAt == null ? Instant.EPOCH : seenAt;
            Instant answered = ackedAt == null ? seen : ackedAt;
            return new NodeState(node, groups, connected, seen, software, acked, answered, refused, comparison);
        }
    }

    static Optional<Known> find(Session session, String node) {
        return session.first("SELECT * FROM node WHERE name = ?", NodeTable::known, node);
    }

    static List<Known> list(Session session, String after, int most) {
        return session.list("SELECT * FROM node WHERE name > ? ORDER BY name LIMIT ?", NodeTable::known, after, most);
    }

    /** Groups of all nodes and tokens, and their regions as {@code region:NAME}, in order. */
    static List<String> memberships(Session session) {
        Set<String> all = new HashSet<>();
        session.list("SELECT DISTINCT node_groups FROM node", NodeTable::groups).forEach(all::addAll);
        session.list("SELECT DISTINCT node_groups FROM node_token", NodeTable::groups)
                .forEach(all::addAll);
        return all.stream().sorted().toList();
    }

    /** Every node that was ever connected: the registry holds them all anyway. */
    static List<Known> seen(Session session) {
        return session.list("SELECT * FROM node WHERE seen_at IS NOT NULL ORDER BY name", NodeTable::known);
    }

    static void ensure(Session session, String node, List<String> groups, Instant now) {
        if (session.update("UPDATE node SET node_groups = ? WHERE name = ?", WireJson.text(groups), node) == 0) {
            session.update(
                    "INSERT INTO node (name, node_groups, software, acked, refused, drain, created_at)"
                            + " VALUES (?, ?, '', 0, '{}', 0, ?)",
                    node,
                    WireJson.text(groups),
                    now);
        }
    }

    /** Nodes whose standing was written after {@code stamp}, by stamp. */
    static List<Known> changed(Session session, long stamp) {
        return session.list(
                "SELECT * FROM node WHERE stamp > ? AND seen_at IS NOT NULL ORDER BY stamp", NodeTable::known, stamp);
    }

    /** The stamp of the change that this transaction makes; other control planes hear of it. */
    static long stamp(Session session) {
        session.update("UPDATE counter SET value = value + 1 WHERE name = 'nodes'");
        session.signal(Signal.NODES, "");
        return session.number("SELECT value AS n FROM counter WHERE name = 'nodes'");
    }

    /**
     * Keeps what nodes answered at {@code replica}; the end of a stream counts only if no other one has begun elsewhere.
     * That of a short one may be all that was ever told of it here; then what was known of the node before is older.
     *
     * @return whether all of them counted
     */
    static boolean answered(Session session, List<NodeState> states, String replica, long stamp, Instant now) {
        int[] counted = session.updateAll(
                "UPDATE node SET software = ?, acked = ?, acked_at = ?, seen_at = ?, refused = ?, replica = ?, stamp = ?,"
                        + " compared_at = ?, differing = ?"
                        + " WHERE name = ? AND (replica = ? OR ? = 1 OR (replica IS NULL AND acked <= ?))",
                states.stream()
                        .map(state -> new @Nullable Object[] {
                            state.software(),
                            state.acked(),
                            state.ackedAt(),
                            state.connected() ? now : state.since(),
                            state.refused().isEmpty() ? "{}" : WireJson.text(state.refused()),
                            state.connected() ? replica : null,
                            stamp,
                            state.comparison() == null
                                    ? null
                                    : state.comparison().at(),
                            state.comparison() == null
                                    ? null
                                    : state.comparison().differing(),
                            state.node(),
                            replica,
                            state.connected(),
                            state.acked()
                        })
                        .toList());
        return Arrays.stream(counted).allMatch(rows -> rows > 0);
    }

    /** A control plane is gone, and with it the streams that ended there. */
    public static void parted(Session session, String replica) {
        session.update("UPDATE node SET replica = NULL, stamp = ? WHERE replica = ?", stamp(session), replica);
    }

    /** The nodes that are ordered to drain. */
    public static Set<String> draining(Session session) {
        return Set.copyOf(session.list("SELECT name FROM node WHERE drain = 1", row -> row.text("name")));
    }

    static void drain(Session session, String node, boolean drain) {
        session.update("UPDATE node SET drain = ? WHERE name = ?", drain, node);
    }

    static void delete(Session session, String node) {
        NodeKeyTable.revokeAll(session, node);
        session.update("DELETE FROM node_token WHERE node = ?", node);
        LoadTable.forget(session, node);
        OutageTable.forget(session, node);
        session.update("DELETE FROM node WHERE name = ?", node);
    }

    static void insertToken(
            Session session,
            String id,
            String token,
            String node,
            List<String> groups,
            Instant now,
            @Nullable Instant expiresAt) {
        session.update(
                "INSERT INTO node_token (id, node, node_groups, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                id,
                node,
                WireJson.text(groups),
                Hash.of(token),
                now,
                expiresAt);
    }

    static List<NodeTokenView> tokens(Session session, String after, int most, Instant now) {
        return session.list(
                "SELECT * FROM node_token WHERE id > ? AND " + LIVE + " ORDER BY id LIMIT ?",
                NodeTable::token,
                after,
                now,
                most);
    }

    static Optional<NodeTokenView> token(Session session, String id, Instant now) {
        return session.first("SELECT * FROM node_token WHERE id = ? AND " + LIVE, NodeTable::token, id, now);
    }

    static void revokeToken(Session session, String id, Instant now) {
        session.update("UPDATE node_token SET revoked_at = ? WHERE id = ?", now, id);
    }

    private static Known known(Row row) {
        return new Known(
                row.text("name"),
                groups(row),
                row.text("software"),
                row.number("acked"),
                row.timeOrNull("acked_at"),
                row.timeOrNull("seen_at"),
                WireJson.read(row.text("refused").getBytes(StandardCharsets.UTF_8), REFUSED),
                row.flag("drain"),
                row.textOrNull("replica"),
                row.number("stamp"),
                comparison(row));
    }

    private static @Nullable Comparison comparison(Row row) {
        Instant at = row.timeOrNull("compared_at");
        return at == null ? null : new Comparison(at, row.integer("differing"));
    }

    private static NodeTokenView token(Row row) {
        return new NodeTokenView(
                row.text("id"), row.text("node"), groups(row), row.time("created_at"), row.timeOrNull("expires_at"));
    }

    static List<String> groups(Row row) {
        return WireJson.read(row.text("node_groups").getBytes(StandardCharsets.UTF_8), GROUPS);
    }
}
