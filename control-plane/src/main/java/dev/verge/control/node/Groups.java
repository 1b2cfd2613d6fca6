package dev.verge.control.node;

import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.Placement;
import java.util.ArrayList;
import java.util.List;

/** The groups and regions that nodes, or tokens for them, have: what names another one would never reach a node. */
public final class Groups {
    private Groups() {}

    /** What is wrong with groups that a field names. */
    public static List<Problem> check(Session session, String field, List<String> groups) {
        return check(
                groups,
                field,
                "group",
                NodeTable.memberships(session).stream()
                        .filter(each -> !each.startsWith(Placement.REGION))
                        .toList());
    }

    /** What is wrong with where a site is placed. */
    public static List<Problem> check(Session session, Placement placement) {
        if (placement.everywhere()) {
            return List.of();
        }
        List<Problem> problems = new ArrayList<>(check(session, "placement.groups", placement.groups()));
        List<String> all = NodeTable.memberships(session);
        problems.addAll(check(
                placement.regions(),
                "placement.regions",
                "region",
                all.stream()
                        .filter(each -> each.startsWith(Placement.REGION))
                        .map(each -> each.substring(Placement.REGION.length()))
                        .toList()));
        return problems;
    }

    private static List<Problem> check(List<String> named, String field, String what, List<String> known) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < named.size(); i++) {
            if (!known.contains(named.get(i))) {
                problems.add(new Problem(
                        field + "[" + i + "]",
                        named.get(i),
                        "no node is of this " + what,
                        (known.isEmpty() ? "there are none" : "there are " + String.join(", ", known))
                                + "; a token for a node of it makes it: POST /v1/node-tokens"));
            }
        }
        return problems;
    }
}
