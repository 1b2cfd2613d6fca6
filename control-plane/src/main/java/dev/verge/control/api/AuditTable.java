package dev.verge.control.api;

import dev.verge.control.resource.AuditLine;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who changed what, when and from where: written in the transaction of the change itself. */
public final class AuditTable {
    private static final int LONGEST_REQUEST = 400;

    /** The name of who acts when nobody asked. */
    public static final String OWN = "control-plane";

    private AuditTable() {}

    /** Keeps one line. */
    static void insert(Session session, Caller caller, Instant now, @Nullable Long revision, String change) {
        session.update("UPDATE counter SET value = value + 1 WHERE name = 'audit'");
        session.update(
                "INSERT INTO audit (id, at, account, token_id, token_name, caller, request, request_id, revision, change)"
                        + " VALUES ((SELECT value FROM counter WHERE name = 'audit'), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                now,
                caller.account(),
                caller.principal().tokenId(),
                caller.principal().name(),
                caller.from(),
                shorten(caller.request()),
                caller.requestId(),
                revision,
                change);
    }

    /** Keeps a line of what the control plane did by itself. */
    public static void insertOwn(Session session, String account, Instant now, long revision, String change) {
        session.update("UPDATE counter SET value = value + 1 WHERE name = 'audit'");
        session.update(
                "INSERT INTO audit (id, at, account, token_id, token_name, caller, request, request_id, revision, change)"
                        + " VALUES ((SELECT value FROM counter WHERE name = 'audit'), ?, ?, '', ?, '', '', '', ?, ?)",
                now,
                account,
                OWN,
                revision,
                change);
    }

    /** An account's lines, newest first, with ids below {@code before}. */
    public static List<AuditLine> list(Session session, String account, long before, int most) {
        return session.list(
                "SELECT * FROM audit WHERE account = ? AND id < ? ORDER BY id DESC LIMIT ?",
                row -> new AuditLine(
                        row.number("id"),
                        row.time("at"),
                        row.text("account"),
                        row.text("token_id"),
                        row.text("token_name"),
                        row.text("caller"),
                        row.text("request"),
                        row.text("request_id"),
                        row.numberOrNull("revision"),
                        row.text("change")),
                account,
                before,
                most);
    }

    private static String shorten(String request) {
        return request.length() <= LONGEST_REQUEST ? request : request.substring(0, LONGEST_REQUEST);
    }
}
