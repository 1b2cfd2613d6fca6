package dev.verge.control.access;

import dev.verge.control.resource.Scope;
import dev.verge.control.resource.TokenView;
import dev.verge.control.store.Hash;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens, of which only the hash is kept. */
public final class TokenTable {
    private static final String COLUMNS = "id, account, name, scopes, created_at, expires_at";
    private static final String LIVE = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)";

    private TokenTable() {}

    /** Whose a live token is. */
    public static Optional<Principal> find(Session session, String token, Instant now) {
        return session.first(
                "SELECT " + COLUMNS + " FROM token WHERE hash = ? AND " + LIVE,
                TokenTable::principal,
                Hash.of(token),
                now);
    }

    /** Keeps a new token. Expired ones give up their name. */
    public static void insert(
            Session session,
            String id,
            String token,
            String account,
            String name,
            List<Scope> scopes,
            Instant now,
            @Nullable Instant expiresAt) {
        session.update(
                "UPDATE token SET revoked_at = ? WHERE account = ? AND name = ? AND revoked_at IS NULL AND expires_at <= ?",
                now,
                account,
                name,
                now);
        session.update(
                "INSERT INTO token (id, account, name, hash, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                id,
                account,
                name,
                Hash.of(token),
                String.join(" ", scopes.stream().map(Scope::word).toList()),
                now,
                expiresAt);
    }

    /** Whether a live token of the account has this name. */
    public static boolean named(Session session, String account, String name, Instant now) {
        return session.exists("SELECT 1 FROM token WHERE account = ? AND name = ? AND " + LIVE, account, name, now);
    }

    /** An account's live tokens by id. */
    public static List<TokenView> list(Session session, String account, String after, int most, Instant now) {
        return session.list(
                "SELECT " + COLUMNS + " FROM token WHERE account = ? AND id > ? AND " + LIVE + " ORDER BY id LIMIT ?",
                TokenTable::view,
                account,
                after,
                now,
                most);
    }

    /** One live token of an account. */
    public static Optional<TokenView> find(Session session, String account, String id, Instant now) {
        return session.first(
                "SELECT " + COLUMNS + " FROM token WHERE account = ? AND id = ? AND " + LIVE,
                TokenTable::view,
                account,
                id,
                now);
    }

    /** Ends a token at once. */
    public static void revoke(Session session, String id, Instant now) {
        session.update("UPDATE token SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", now, id);
    }

    /** How many live tokens run the platform. */
    public static long operators(Session session, Instant now) {
        return session.number(
                "SELECT COUNT(*) AS n FROM token WHERE " + LIVE + " AND (' ' || scopes || ' ') LIKE '% operator %'",
                now);
    }

    static Principal principal(Row row) {
        return new Principal(
                row.text("id"), row.text("name"), row.text("account"), scopes(row), row.timeOrNull("expires_at"));
    }

    private static TokenView view(Row row) {
        return new TokenView(
                row.text("id"),
                row.text("name"),
                row.text("account"),
                scopes(row),
                row.time("created_at"),
                row.timeOrNull("expires_at"));
    }

    private static List<Scope> scopes(Row row) {
        List<Scope> scopes = new ArrayList<>();
        for (String word : row.text("scopes").split(" ", -1)) {
            Scope scope = Scope.of(word);
            if (scope != null) {
                scopes.add(scope);
            }
        }
        return List.copyOf(scopes);
    }
}
