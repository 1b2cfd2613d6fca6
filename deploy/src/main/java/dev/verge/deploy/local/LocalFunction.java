package dev.verge.deploy.local;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Secret;
import java.util.Map;

/**
 * A function as it lies on disk, ready to run.
 *
 * @param secrets what stands in {@code env} beside the manifest's vars
 */
public record LocalFunction(
        String name, FunctionBundle bundle, FunctionManifest manifest, Map<String, Secret> secrets) {
    public LocalFunction {
        secrets = Map.copyOf(secrets);
    }
}
