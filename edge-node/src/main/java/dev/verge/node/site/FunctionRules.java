package dev.verge.node.site;

import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sync.log.Deployed;

/**
 * What this node makes of functions beyond what their manifests say.
 *
 * @param allowShared whether functions with {@code isolation: shared} run here; they are refused otherwise
 * @param ceilings that limits are lowered to
 */
public record FunctionRules(boolean allowShared, FunctionCeilings ceilings) {

    /** {@link IllegalArgumentException} says why this node does not run the version. */
    void admit(Deployed deployed) {
        if (deployed.manifest().shared() && !allowShared) {
            throw new IllegalArgumentException("isolation: version " + deployed.version()
                    + " asks for shared, which this node does not run; set functions.allowShared: true in its"
                    + " configuration, or push with isolation: process");
        }
    }
}
