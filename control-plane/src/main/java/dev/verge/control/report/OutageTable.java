package dev.verge.control.report;

import dev.verge.control.access.Secrets;
import dev.verge.control.resource.OriginHealth;
import dev.verge.control.resource.Outage;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.report.OriginOutage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Times in which nodes did not use origins, of the last day. */
public final class OutageTable {
    private static final Duration KEPT = Duration.ofDays(1);

    /** Of a node that has told nothing for so long nobody knows whether it uses an origin. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** Most that are over and kept of each node and account: an origin that comes and goes makes one every few seconds. */
    private static final int MOST_ENDED = 500;

    private OutageTable() {}

    private record Open(String id, OriginOutage outage) {}

    /** How many last, over all nodes. */
    static long lasting(Session session) {
        return session.number("SELECT COUNT(*) AS n FROM origin_outage WHERE ended_at IS NULL");
    }

    /** Outages of an account that last, newest first. */
    public static List<Outage> lasting(Session session, String account, int most) {
        return session.list(
                "SELECT * FROM origin_outage WHERE account = ? AND ended_at IS NULL ORDER BY began_at DESC, id DESC LIMIT ?",
                OutageTable::view,
                account,
                most);
    }

    /** All of one site that last. */
    public static List<Outage> lasting(Session session, String account, String site) {
        return session.list(
                "SELECT * FROM origin_outage WHERE account = ? AND site = ? AND ended_at IS NULL",
                OutageTable::view,
                account,
                site);
    }

    /**
     * Outages of an account, newest first.
     *
     * @param site of this site alone; null: of all
     * @param before only those that began before, or at the same time under a smaller {@code id}
     */
    public static List<Outage> list(
            Session session, String account, @Nullable String site, Instant before, String id, int most) {
        List<Object> parameters = new ArrayList<>(List.of(account, before, before, id));
        if (site != null) {
            parameters.add(site);
        }
        parameters.add(most);
        return session.list(
                "SELECT * FROM origin_outage WHERE account = ? AND (began_at < ? OR (began_at = ? AND id < ?))"
                        + (site == null ? "" : " AND site = ?") + " ORDER BY began_at DESC, id DESC LIMIT ?",
                OutageTable::view,
                parameters.toArray());
    }

    /**
     * Keeps what a node tells: what is new begins, what is not told any more is over.
     *
     * @param complete whether the node told all that there are; what one left out may last
     */
    static void told(Session session, String node, List<OriginOutage> outages, boolean complete, Instant now) {
        Map<OriginOutage.Place, Open> before = new HashMap<>();
        for (Open open : session.list(
                "SELECT * FROM origin_outage WHERE node = ? AND ended_at IS NULL", OutageTable::open, node)) {
            before.put(open.outage().place(), open);
        }
        for (OriginOutage each : outages) {
            Open known = before.remove(each.place());
            if (known != null && known.outage().state() == each.state()) {
                if (!Objects.equals(known.outage().reason(), each.reason())) {
                    session.update("UPDATE origin_outage SET reason = ? WHERE id = ?", each.reason(), known.id());
                }
                continue;
            }
            if (known != null) {
                end(session, known, now);
            }
            begin(session, node, each, now);
        }
        if (complete) {
            before.values().forEach(over -> end(session, over, now));
        }
    }

    /** A node may tell of a site for a moment longer than there is one; whoever makes an account of the same name has no part in that. */
    private static void begin(Session session, String node, OriginOutage outage, Instant now) {
        if (!session.exists("SELECT 1 FROM site WHERE account = ? AND name = ?", outage.account(), outage.site())) {
            return;
        }
        session.update(
                "INSERT INTO origin_outage (id, node, account, site, pool, origin, state, reason, began_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                Secrets.id(),
                node,
                outage.account(),
                outage.site(),
                outage.pool(),
                outage.origin(),
                outage.state().name().toLowerCase(Locale.ROOT),
                outage.reason(),
                now);
    }

    private static void end(Session session, Open open, Instant now) {
        session.update("UPDATE origin_outage SET ended_at = ? WHERE id = ?", now, open.id());
    }

    /** A node is gone for good. */
    public static void forget(Session session, String node) {
        session.update("DELETE FROM origin_outage WHERE node = ?", node);
    }

    /** Answers whether outages were ended because their nodes are silent. */
    static boolean forgetOld(Session session, Instant now) {
        session.update("DELETE FROM origin_outage WHERE ended_at < ?", now.minus(KEPT));
        session.update(
                "DELETE FROM origin_outage WHERE id IN (SELECT id FROM (SELECT id, ROW_NUMBER() OVER"
                        + " (PARTITION BY node, account ORDER BY began_at DESC) AS place FROM origin_outage"
                        + " WHERE ended_at IS NOT NULL) ranked WHERE place > ?)",
                MOST_ENDED);
        return session.update(
                        "UPDATE origin_outage SET ended_at = ? WHERE ended_at IS NULL"
                                + " AND node NOT IN (SELECT node FROM node_load WHERE slot >= ?)",
                        now,
                        LoadTable.slot(now.minus(SILENCE)))
                > 0;
    }

    private static Open open(Row row) {
        return new Open(
                row.text("id"),
                new OriginOutage(
                        row.text("account"),
                        row.text("site"),
                        row.text("pool"),
                        row.text("origin"),
                        OriginOutage.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                        row.textOrNull("reason")));
    }

    private static Outage view(Row row) {
        return new Outage(
                row.text("id"),
                row.text("node"),
                row.text("site"),
                row.text("pool"),
                row.text("origin"),
                OriginHealth.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.textOrNull("reason"),
                row.time("began_at"),
                row.timeOrNull("ended_at"));
    }
}
