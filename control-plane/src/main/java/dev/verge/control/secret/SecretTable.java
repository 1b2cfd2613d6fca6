package dev.verge.control.secret;

import dev.verge.control.resource.SecretView;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Functions' secrets, sealed. */
public final class SecretTable {

    private SecretTable() {}

    /** All of a function: sealed values by name. */
    public static SortedMap<String, String> sealed(Session session, String account, String function) {
        SortedMap<String, String> all = new TreeMap<>();
        session.list(
                "SELECT name, sealed FROM function_secret WHERE account = ? AND function = ?",
                row -> all.put(row.text("name"), row.text("sealed")),
                account,
                function);
        return all;
    }

    /** What may be told of them, by name. */
    public static List<SecretView> list(Session session, String account, String function, String after, int most) {
        return session.list(
                "SELECT name, changed_at, changed_by FROM function_secret"
                        + " WHERE account = ? AND function = ? AND name > ? ORDER BY name LIMIT ?",
                row -> new SecretView(row.text("name"), row.time("changed_at"), row.text("changed_by")),
                account,
                function,
                after,
                most);
    }

    /** What may be told of one. */
    public static Optional<SecretView> find(Session session, String account, String function, String name) {
        return session.first(
                "SELECT name, changed_at, changed_by FROM function_secret WHERE account = ? AND function = ? AND name = ?",
                row -> new SecretView(row.text("name"), row.time("changed_at"), row.text("changed_by")),
                account,
                function,
                name);
    }

    /** Sets one. */
    public static void put(
            Session session, String account, String function, String name, String sealed, Instant now, String by) {
        delete(session, account, function, name);
        session.update(
                "INSERT INTO function_secret (account, function, name, sealed, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?)",
                account,
                function,
                name,
                sealed,
                now,
                by);
    }

    /** Removes one; answers whether it was there. */
    public static boolean delete(Session session, String account, String function, String name) {
        return session.update(
                        "DELETE FROM function_secret WHERE account = ? AND function = ? AND name = ?",
                        account,
                        function,
                        name)
                > 0;
    }
}
