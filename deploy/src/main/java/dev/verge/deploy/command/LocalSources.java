package dev.verge.deploy.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.schedule.Cron;
import dev.verge.deploy.local.LocalFunction;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Secret;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes of what lies on disk what a local node runs, with the checks that a push has. */
final class LocalSources {
    private LocalSources() {}

    /**
     * Reads a function.
     *
     * @param vars values above those of its manifest
     * @throws CommandFailure naming every mistake
     */
    static LocalFunction read(
            Environment environment, Path path, Map<String, String> vars, Map<String, Secret> secrets) {
        FunctionSources sources = FunctionSources.read(environment, path);
        FunctionManifest manifest = switch (FunctionManifest.read(
                ((ObjectNode) sources.upload().metadata()).deepCopy())) {
            case Bound.Valid<FunctionManifest>(FunctionManifest value) -> value;
            case Bound.Invalid<FunctionManifest>(List<Problem> problems) ->
                throw CommandFailure.failed(path + " has " + Problems.count(problems.size()) + Problems.list(problems));
        };
        List<Problem> names = manifest.nameMistakes(vars, secrets.keySet());
        if (!names.isEmpty()) {
            throw CommandFailure.failed(path + " has " + Problems.count(names.size()) + Problems.list(names));
        }
        Map<String, String> all = new HashMap<>(manifest.vars());
        all.putAll(vars);
        try {
            return new LocalFunction(
                    sources.name(),
                    FunctionBundle.of(manifest.main(), sources.upload().modules()),
                    manifest.withVars(all),
                    secrets,
                    schedules(path, sources));
        } catch (IllegalArgumentException wrong) {
            throw CommandFailure.failed(path + ": " + wrong.getMessage());
        }
    }

    private static List<String> schedules(Path path, FunctionSources sources) {
        List<String> schedules = Objects.requireNonNullElse(sources.schedules(), List.of());
        for (int i = 0; i < schedules.size(); i++) {
            if (Cron.parse(schedules.get(i), "schedules[" + i + "]")
                    instanceof Bound.Invalid<Cron>(List<Problem> wrong)) {
                throw CommandFailure.failed(path + " has " + Problems.count(wrong.size()) + Problems.list(wrong));
            }
        }
        return schedules;
    }
}
