package dev.verge.deploy.local;

import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Secret;
import java.util.List;
import java.util.Map;

/**
 * A function as it lies on disk, ready to run.
 *
 * @param secrets what stands in {@code env} beside the manifest's vars
 * @param schedules cron expressions
 */
public record LocalFunction(
        String name,
        FunctionBundle bundle,
        FunctionManifest manifest,
        Map<String, Secret> secrets,
        List<String> schedules) {
    public LocalFunction {
        secrets = Map.copyOf(secrets);
        schedules = List.copyOf(schedules);
    }

    /** The same with other code. */
    public LocalFunction with(FunctionBundle other) {
        return new LocalFunction(name, other, manifest, secrets, schedules);
    }
}
