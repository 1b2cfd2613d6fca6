package dev.verge.control.reach;

import dev.verge.control.store.Session;
import dev.verge.sync.document.FunctionManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What the versions of functions use that nodes have: those with traffic, and those that some nodes try first. */
public final class FunctionUses {
    private static final String SERVICE = "service";
    private static final String KV = "kv";

    private FunctionUses() {}

    /** Things that a function uses. */
    record Uses(Collection<String> services, Collection<String> namespaces) {}

    /** Notes what a function's versions use, in place of what they used before; answers what came or went. */
    static Uses replace(Session session, String account, String function, Collection<FunctionManifest> versions) {
        return new Uses(
                replace(session, account, function, SERVICE, versions, FunctionManifest::services),
                replace(session, account, function, KV, versions, FunctionManifest::kv));
    }

    private static Set<String> replace(
            Session session,
            String account,
            String function,
            String kind,
            Collection<FunctionManifest> versions,
            Function<FunctionManifest, Map<String, String>> named) {
        Set<String> before = new TreeSet<>(uses(session, account, function, kind));
        Set<String> after = new TreeSet<>();
        versions.forEach(version -> after.addAll(named.apply(version).values()));
        Set<String> changed = new TreeSet<>();
        for (String gone : before) {
            if (!after.contains(gone)) {
                session.update(
                        "DELETE FROM function_use WHERE account = ? AND function = ? AND kind = ? AND name = ?",
                        account,
                        function,
                        kind,
                        gone);
                changed.add(gone);
            }
        }
        for (String come : after) {
            if (!before.contains(come)) {
                session.update(
                        "INSERT INTO function_use (account, function, kind, name) VALUES (?, ?, ?, ?)",
                        account,
                        function,
                        kind,
                        come);
                changed.add(come);
            }
        }
        return changed;
    }

    /** The functions that a function calls. */
    static List<String> services(Session session, String account, String function) {
        return uses(session, account, function, SERVICE);
    }

    /** The namespaces that a function has. */
    static List<String> namespaces(Session session, String account, String function) {
        return uses(session, account, function, KV);
    }

    /** The other functions that call a function. */
    public static List<String> callers(Session session, String account, String function) {
        List<String> callers = new ArrayList<>(users(session, account, SERVICE, function));
        callers.remove(function);
        return callers;
    }

    /** The functions that have a namespace. */
    static List<String> havers(Session session, String account, String namespace) {
        return users(session, account, KV, namespace);
    }

    private static List<String> uses(Session session, String account, String function, String kind) {
        return session.list(
                "SELECT name FROM function_use WHERE account = ? AND function = ? AND kind = ? ORDER BY name",
                row -> row.text("name"),
                account,
                function,
                kind);
    }

    private static List<String> users(Session session, String account, String kind, String name) {
        return session.list(
                "SELECT function FROM function_use WHERE account = ? AND kind = ? AND name = ? ORDER BY function",
                row -> row.text("function"),
                account,
                kind,
                name);
    }
}
