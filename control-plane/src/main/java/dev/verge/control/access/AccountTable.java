package dev.verge.control.access;

import dev.verge.control.resource.AccountLimits;
import dev.verge.control.resource.AccountView;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
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

    /** What the account may have at most. */
    public static AccountLimits limits(Session session, String account) {
        return session.first("SELECT limits FROM account_limits WHERE account = ?", row -> row.text("limits"), account)
                .map(text ->
                        Binder.standard().bindText(text, AccountLimits.class).orThrow())
                .orElse(AccountLimits.NONE);
    }

    /** Replaces what the account may have at most. */
    public static void setLimits(Session session, String account, AccountLimits limits, Instant now) {
        session.update("DELETE FROM account_limits WHERE account = ?", account);
        if (!limits.equals(AccountLimits.NONE)) {
            session.update(
                    "INSERT INTO account_limits (account, limits, changed_at) VALUES (?, ?, ?)",
                    account,
                    RecordJson.write(limits).toString(),
                    now);
        }
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
