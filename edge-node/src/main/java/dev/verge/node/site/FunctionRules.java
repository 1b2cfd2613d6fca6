package dev.verge.node.site;

import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sync.log.Deployed;
import java.util.List;

/**
 * What this node makes of functions beyond what their manifests say.
 *
 * @param allowShared whether functions with {@code isolation: shared} run here; they are refused otherwise
 * @param ceilings that limits are lowered to
 * @param groups that this node belongs to, which may have a deployment before others
 */
public record FunctionRules(boolean allowShared, FunctionCeilings ceilings, List<String> groups) {
    public FunctionRules {
        groups = List.copyOf(groups);
    }

    /** {@link IllegalArgumentException} says why this node does not run the version. */
    void admit(Deployed deployed) {
        if (deployed.manifest().shared() && !allowShared) {
            throw new IllegalArgumentException("isolation: version " + deployed.version()
                    + " asks for shared, which this node does not run; set functions.allowShared: true in its"
                    + " configuration, or push with isolation: process");
        }
    }
}
