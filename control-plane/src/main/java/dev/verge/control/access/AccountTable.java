package dev.verge.control.access;

import dev.verge.control.resource.AccountView;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.List;

/** Accounts. */
public final class AccountTable {

    /** The operator's own account: the only one whose sites may use loopback and address hosts. */
    public static final String DEFAULT = "default";

    private AccountTable() {}

    /** Whether there is such an account. */
    public static boolean exists(Session session, String account) {
        return session.exists("SELECT 1 FROM account WHERE name = ?", account);
    }

    /** Makes an account. */
    public static void insert(Session session, String account, Instant now) {
        session.update("INSERT INTO account (name, created_at) VALUES (?, ?)", account, now);
    }

    /** Accounts by name. */
    public static List<AccountView> list(Session session, String after, int most) {
        return session.list(
                "SELECT name, created_at FROM account WHERE name > ? ORDER BY name LIMIT ?",
                row -> new AccountView(row.text("name"), row.time("created_at")),
                after,
                most);
    }
}
