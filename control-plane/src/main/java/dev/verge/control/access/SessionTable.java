package dev.verge.control.access;

import dev.verge.control.store.Hash;
import dev.verge.control.store.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Sessions of the console, of which only the hash is kept. A session stands for the token that it was opened with: what ends the token
 * ends it at the next call.
 */
public final class SessionTable {

    /** How long a session lasts at most; calls do not prolong it. */
    public static final Duration LIFETIME = Duration.ofHours(12);

    /** Most sessions of one token; one more ends the oldest. */
    public static final int MOST = 16;

    private SessionTable() {}

    /** Whose token a live session stands for. */
    public static Optional<Principal> find(Session session, String secret, Instant now) {
        return session.first(
                "SELECT token.id, token.account, token.name, token.scopes, token.created_at, token.expires_at"
                        + " FROM console_session JOIN token ON token.id = console_session.token_id"
                        + " WHERE console_session.hash = ? AND console_session.expires_at > ?"
                        + " AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > ?)",
                TokenTable::principal,
                Hash.of(secret),
                now,
                now);
    }

    /** Keeps a new session, and drops those that are over. */
    public static void insert(Session session, String secret, String tokenId, Instant now, Instant expiresAt) {
        session.update("DELETE FROM console_session WHERE expires_at <= ?", now);
        session.update(
                "DELETE FROM console_session WHERE token_id = ? AND hash NOT IN (SELECT hash FROM console_session"
                        + " WHERE token_id = ? ORDER BY created_at DESC, hash LIMIT ?)",
                tokenId,
                tokenId,
                MOST - 1);
        session.update(
                "INSERT INTO console_session (hash, token_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
                Hash.of(secret),
                tokenId,
                now,
                expiresAt);
    }

    /** Ends a session. */
    public static void delete(Session session, String secret) {
        session.update("DELETE FROM console_session WHERE hash = ?", Hash.of(secret));
    }
}
