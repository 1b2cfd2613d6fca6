package dev.verge.control.reach;

import dev.verge.control.log.LogTable;
import dev.verge.control.log.PlacementText;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import java.util.List;

/** The nodes that namespaces' keys are for. Keys written from now on go there; those that are there already follow, some at a time. */
public final class NamespaceTable {
    private NamespaceTable() {}

    /**
     * A namespace whose keys are not all where they belong.
     *
     * @param since the log's head when that came to be, so that it is no other move to the same nodes
     */
    public record Move(String account, String namespace, Placement to, long since) {}

    /** Where a namespace's keys belong. */
    public static Placement placement(Session session, String account, String namespace) {
        return session.first(
                        "SELECT placement FROM namespace_reach WHERE account = ? AND namespace = ?",
                        row -> PlacementText.read(row.textOrNull("placement")),
                        account,
                        namespace)
                .orElse(Placement.EVERYWHERE);
    }

    static void place(Session session, String account, String namespace, Placement placement) {
        if (placement(session, account, namespace).equals(placement)) {
            return;
        }
        session.update("DELETE FROM namespace_reach WHERE account = ? AND namespace = ?", account, namespace);
        session.update(
                "INSERT INTO namespace_reach (account, namespace, placement, moving) VALUES (?, ?, ?, ?)",
                account,
                namespace,
                PlacementText.of(placement),
                LogTable.head(session));
    }

    /** Namespaces whose keys are on their way, a few of them. */
    public static List<Move> moving(Session session, int most) {
        return session.list(
                "SELECT * FROM namespace_reach WHERE moving > 0 ORDER BY moving LIMIT ?",
                row -> new Move(
                        row.text("account"),
                        row.text("namespace"),
                        PlacementText.read(row.textOrNull("placement")),
                        row.number("moving")),
                most);
    }

    /** Whether it still is to be done. */
    public static boolean wanted(Session session, Move move) {
        return session.exists(
                "SELECT 1 FROM namespace_reach WHERE account = ? AND namespace = ? AND moving = ?",
                move.account(),
                move.namespace(),
                move.since());
    }

    /** All keys of a namespace are where they belong. */
    public static void arrived(Session session, Move move) {
        session.update(
                "UPDATE namespace_reach SET moving = 0 WHERE account = ? AND namespace = ?",
                move.account(),
                move.namespace());
    }
}
