package dev.verge.control.reach;

import dev.verge.control.api.Problems;
import dev.verge.control.log.LogTable;
import dev.verge.control.log.PlacementText;
import dev.verge.control.store.Session;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The nodes that need an account's functions, namespaces and certificates: those of the sites that use them. What nobody uses any more stays
 * where it is, and what nobody used so far is for all nodes: a schedule or a direct call may run such a function on any of them. Within its
 * caller's transaction.
 */
public final class Reach {
    /** With what else a commit may hold, no node's bound of a commit is reached. */
    private static final int MOST_MOVED = 500;

    private static final long MOST_CHARACTERS = 4L << 20;

    private final Session session;
    private final String account;

    /** For what is the account's. */
    public Reach(Session session, String account) {
        this.session = session;
        this.account = account;
    }

    /** Nodes of the sites that run a function, or run one that calls it. */
    public Placement function(String function) {
        List<Placement> places = new ArrayList<>();
        for (String user : closure(List.of(function), name -> FunctionUses.callers(session, account, name))) {
            List<Placement> sites = sites("site_function", "function", user);
            places.addAll(sites);
            if (sites.isEmpty() && FunctionUses.callers(session, account, user).isEmpty()) {
                places.add(LogTable.placement(session, Keys.function(account, user)));
            }
        }
        return union(places, Placement.EVERYWHERE);
    }

    /** Nodes of the sites that name a certificate. */
    public Placement certificate(String certificate) {
        return union(
                sites("site_certificate", "certificate", certificate),
                LogTable.placement(session, Keys.certificate(account, certificate)));
    }

    /** Whether several sites run a function: then it is where they are already. */
    public boolean isFunctionShared(String function) {
        return isShared("site_function", "function", function);
    }

    /** The same of a certificate. */
    public boolean isCertificateShared(String certificate) {
        return isShared("site_certificate", "certificate", certificate);
    }

    private boolean isShared(String table, String column, String name) {
        return session.list(
                                "SELECT DISTINCT site FROM " + table + " WHERE account = ? AND " + column
                                        + " = ? LIMIT 2",
                                row -> row.text("site"),
                                account,
                                name)
                        .size()
                > 1;
    }

    private Placement namespace(String namespace) {
        return union(
                FunctionUses.havers(session, account, namespace).stream()
                        .map(this::function)
                        .toList(),
                NamespaceTable.placement(session, account, namespace));
    }

    /**
     * Notes what a function's versions use that nodes have; none: it is gone.
     *
     * @return what goes to other nodes because of it, besides the function itself
     */
    public List<LogTable.Change> uses(String function, Collection<FunctionManifest> versions) {
        FunctionUses.Uses changed = FunctionUses.replace(session, account, function, versions);
        List<LogTable.Change> changes = functions(changed.services());
        changes.removeIf(change -> change.key().equals(Keys.function(account, function)));
        place(changed.namespaces());
        return changes;
    }

    /**
     * What changes in the log after these functions came to be used by others than before, of themselves and of what they call. Their
     * namespaces follow by themselves. Ends the call with 409 when that is more than goes to nodes at once.
     */
    public List<LogTable.Change> functions(Collection<String> functions) {
        List<LogTable.Change> changes = new ArrayList<>();
        Set<String> namespaces = new TreeSet<>();
        for (String function : closure(functions, name -> FunctionUses.services(session, account, name))) {
            LogTable.placed(session, Keys.function(account, function), function(function))
                    .ifPresent(change -> {
                        changes.add(change);
                        namespaces.addAll(FunctionUses.namespaces(session, account, function));
                    });
        }
        long characters = changes.stream()
                .mapToLong(change -> String.valueOf(change.json()).length())
                .sum();
        if (changes.size() > MOST_MOVED || characters > MOST_CHARACTERS) {
            throw Problems.conflict("This would bring " + changes.size() + " functions with " + characters
                    + " characters of settings to other nodes at once, more than the " + MOST_MOVED + " and "
                    + MOST_CHARACTERS
                    + " that one change may; change the placement of fewer sites or services at a time.");
        }
        place(namespaces);
        return changes;
    }

    private void place(Collection<String> namespaces) {
        for (String namespace : namespaces) {
            NamespaceTable.place(session, account, namespace, namespace(namespace));
        }
    }

    /** What changes in the log after these certificates came to be named by other sites than before. */
    public List<LogTable.Change> certificates(Collection<String> certificates) {
        List<LogTable.Change> changes = new ArrayList<>();
        for (String certificate : certificates) {
            LogTable.placed(session, Keys.certificate(account, certificate), certificate(certificate))
                    .ifPresent(changes::add);
        }
        return changes;
    }

    private interface Next {
        List<String> of(String function);
    }

    /** Functions, and those that come after them, directly or not. */
    private static Set<String> closure(Collection<String> functions, Next next) {
        Set<String> all = new LinkedHashSet<>(functions);
        Deque<String> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            for (String each : next.of(open.removeFirst())) {
                if (all.add(each)) {
                    open.add(each);
                }
            }
        }
        return all;
    }

    private List<Placement> sites(String table, String column, String name) {
        String used = " FROM " + table
                + " u JOIN site s ON s.account = u.account AND s.name = u.site WHERE u.account = ? AND u." + column
                + " = ?";
        // The usual case, which one row answers.
        if (session.exists("SELECT 1" + used + " AND s.placement IS NULL", account, name)) {
            return List.of(Placement.EVERYWHERE);
        }
        return session.list(
                "SELECT DISTINCT s.placement AS placement" + used + " ORDER BY 1",
                row -> PlacementText.read(row.text("placement")),
                account,
                name);
    }

    private static Placement union(List<Placement> places, Placement unused) {
        return places.stream().reduce(Placement::or).orElse(unused);
    }
}
