package dev.verge.control.usage;

import dev.verge.control.store.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What accounts with quotas use at the nodes of each control plane: how those that share a store know of each other's. */
final class QuotaTable {
    /** Older rows are of control planes that have stopped, or have nothing to say. */
    private static final Duration COUNTED = Duration.ofSeconds(10);

    private QuotaTable() {}

    /** Accounts that limits are set for. */
    static Set<String> limited(Session session) {
        return new HashSet<>(session.list("SELECT account FROM account_limits", row -> row.text("account")));
    }

    /** Tells the others what is used here, and answers what is used elsewhere, by account. */
    static Map<String, QuotaShares.Use> exchange(
            Session session, String replica, Map<String, QuotaShares.Use> here, Instant now, long nowNanos) {
        session.update("DELETE FROM quota_use WHERE replica = ? OR at < ?", replica, now.minus(COUNTED));
        List<@Nullable Object[]> rows = new ArrayList<>();
        here.forEach((account, use) ->
                rows.add(new @Nullable Object[] {replica, account, milli(use.requests()), milli(use.runs()), now}));
        session.updateAll(
                "INSERT INTO quota_use (replica, account, requests_milli, runs_milli, at) VALUES (?, ?, ?, ?, ?)",
                rows);
        Map<String, QuotaShares.Use> elsewhere = new HashMap<>();
        List<Map.Entry<String, QuotaShares.Use>> sums = session.list(
                "SELECT account, SUM(requests_milli) AS requests, SUM(runs_milli) AS runs FROM quota_use WHERE replica <> ?"
                        + " GROUP BY account",
                row -> Map.entry(
                        row.text("account"),
                        new QuotaShares.Use(row.number("requests") / 1e3, row.number("runs") / 1e3, nowNanos)),
                replica);
        sums.forEach(row -> elsewhere.put(row.getKey(), row.getValue()));
        return elsewhere;
    }

    private static long milli(double use) {
        return (long) Math.min(Long.MAX_VALUE / 1e6, use * 1e3);
    }
}
