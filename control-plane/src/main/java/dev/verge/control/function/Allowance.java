package dev.verge.control.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.server.NodeRegistry;
import java.util.List;

/** What operators let functions have: who may share a process, and ceilings of single limits. */
final class Allowance {
    private final NodeRegistry nodes;

    Allowance(NodeRegistry nodes) {
        this.nodes = nodes;
    }

    /** Ends the call when the function is to share a process with other accounts' and this caller, or every node, may not do that. */
    void admit(Call call, FunctionManifest manifest) {
        if (!manifest.shared()) {
            return;
        }
        if (!call.principal().operator()) {
            throw Problems.forbidden(
                    "isolation: shared needs an operator's token; an operator pushes such a function with"
                            + " ?account=, or push it with isolation: process.");
        }
        if (!nodes.anyAllowsShared()) {
            throw Problems.forbidden("isolation: shared is not allowed by any node that is connected; set"
                    + " functions.allowShared: true in a node's configuration, or push with isolation: process.");
        }
    }

    /** Limits above the account's ceilings. */
    static List<Problem> beyond(FunctionCeilings ceilings, FunctionManifest manifest, String prefix) {
        return ceilings.beyond(manifest.limits()).stream()
                .map(each -> new Problem(
                        Paths.field(prefix + "limits", each.field()),
                        each.value(),
                        "at most " + each.ceiling() + ", the account's ceiling",
                        "ask for no more, or have an operator raise it with PUT /v1/accounts/NAME/limits"))
                .toList();
    }

    /** The manifest where limits that it does not name follow the account's ceilings instead of the usual defaults. */
    static FunctionManifest defaulted(FunctionCeilings ceilings, FunctionManifest manifest, JsonNode written) {
        FunctionManifest lowered = manifest.withLimits(ceilings.lower(manifest.limits()));
        JsonNode named = written.path("limits");
        boolean onlyDefaults = ceilings.beyond(manifest.limits()).stream().noneMatch(each -> named.has(each.field()));
        return onlyDefaults ? lowered : manifest;
    }
}
