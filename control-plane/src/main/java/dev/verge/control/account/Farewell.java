package dev.verge.control.account;

import dev.verge.control.log.LogTable;
import dev.verge.control.store.Session;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Removes an account and everything that is its own, from the store and from the nodes, within one transaction. */
final class Farewell {

    /** What keeps an account from being removed, by the word that people know it by. */
    private static final List<Holding> HOLDINGS = List.of(
            new Holding("sites", "site"),
            new Holding("functions", "function"),
            new Holding("certificates", "certificate"),
            new Holding("kv keys", "kv"));

    /** Tables whose rows are an account's own, each before those that it refers to. */
    static final List<String> TABLES = List.of(
            "acme_site",
            "acme_attempt",
            "quota_use",
            "site_certificate",
            "site_function",
            "site_host",
            "site_version",
            "site_rollout",
            "site",
            "certificate",
            "function_rollout",
            "rollout_count",
            "function_secret",
            "function_schedule",
            "schedule_run",
            "function_use",
            "function_share",
            "function_version",
            "function",
            "kv",
            "kv_usage",
            "namespace_reach",
            "purge",
            "usage_minute",
            "origin_outage",
            "account_limits",
            "token");

    /** Tables that hold rows of a token. */
    private static final List<String> OF_TOKENS = List.of("console_session", "replay");

    private Farewell() {}

    private record Holding(String word, String table) {}

    /** What the account still holds, by kind; empty when it may go as it is. */
    static Map<String, Long> holdings(Session session, String account) {
        Map<String, Long> held = new LinkedHashMap<>();
        for (Holding holding : HOLDINGS) {
            long count = session.number("SELECT COUNT(*) AS n FROM " + holding.table() + " WHERE account = ?", account);
            if (count > 0) {
                held.put(holding.word(), count);
            }
        }
        return held;
    }

    /**
     * Removes the account. Its audit lines stay, as lines of the account {@code keeper}: whoever gets the name next must not read them.
     *
     * @return the last log position that it caused; empty when no node held anything of it
     */
    static OptionalLong remove(Session session, String account, String keeper) {
        OptionalLong revision = removeFromNodes(session, account);
        for (String table : OF_TOKENS) {
            session.update(
                    "DELETE FROM " + table + " WHERE token_id IN (SELECT id FROM token WHERE account = ?)", account);
        }
        for (String table : TABLES) {
            session.update("DELETE FROM " + table + " WHERE account = ?", account);
        }
        session.update(
                "UPDATE audit SET account = ?, change = ? || change WHERE account = ?",
                keeper,
                "in account " + account + ": ",
                account);
        session.update("DELETE FROM account WHERE name = ?", account);
        return revision;
    }

    /** Sites go first, so that none asks for what has gone; a commit holds only so many entries. */
    private static OptionalLong removeFromNodes(Session session, String account) {
        List<LogTable.Change> changes = new ArrayList<>();
        for (String kind : List.of(
                Keys.SITE_PREFIX,
                Keys.CERTIFICATE_PREFIX,
                Keys.CHALLENGE_PREFIX,
                Keys.FUNCTION_PREFIX,
                Keys.KV_PREFIX)) {
            LogTable.keysBelow(session, kind + account + "/").forEach(key -> changes.add(LogTable.Change.remove(key)));
        }
        if (LogTable.current(session, Keys.account(account)).isPresent()) {
            changes.add(LogTable.Change.remove(Keys.account(account)));
        }
        OptionalLong last = OptionalLong.empty();
        for (int from = 0; from < changes.size(); from += Commit.MAX_ENTRIES) {
            int to = Math.min(changes.size(), from + Commit.MAX_ENTRIES);
            last = OptionalLong.of(LogTable.append(session, changes.subList(from, to)));
        }
        return last;
    }
}
