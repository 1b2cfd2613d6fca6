package dev.verge.control.function;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.WireJson;
import dev.verge.control.secret.SecretTable;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Paths;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What changes of a function do to the store and the log, each within its caller's transaction. */
final class FunctionStore {
    private final Session session;
    private final Call call;
    private final int keptVersions;

    FunctionStore(Session session, Call call, int keptVersions) {
        this.session = session;
        this.call = call;
        this.keptVersions = keptVersions;
    }

    /** The function of the path, or the call's end: another account's looks like none. */
    FunctionTable.Stored find() {
        return FunctionTable.find(session, call.account(), call.parameter("function"))
                .orElseThrow(() -> Problems.notFound("function " + call.parameter("function")));
    }

    /**
     * A version with its function.
     *
     * @param made false when the newest version was the same already
     */
    record Kept(FunctionTable.Stored function, FunctionTable.Version version, boolean made) {}

    /** Keeps pushed code as the newest version, unless that is the same already. */
    Kept keep(String name, String sha256, long sizeBytes, FunctionManifest manifest) {
        String text = text(manifest);
        Optional<FunctionTable.Stored> current = FunctionTable.find(session, call.account(), name);
        Optional<FunctionTable.Version> newest = newest(current, sha256, text);
        if (current.isPresent() && newest.isPresent()) {
            return new Kept(current.get(), newest.get(), false);
        }
        FunctionTable.Stored function = current.map(before -> new FunctionTable.Stored(
                        before.account(),
                        before.name(),
                        before.incarnation(),
                        before.version() + 1,
                        before.revision(),
                        before.vars()))
                .orElseGet(() -> new FunctionTable.Stored(call.account(), name, Secrets.id(), 1, 0, Map.of()));
        if (current.isPresent()) {
            FunctionTable.update(session, function, call.now());
        } else {
            FunctionTable.insert(session, function, call.now());
        }
        FunctionTable.Version version = new FunctionTable.Version(function.version(), sha256, sizeBytes, text);
        FunctionTable.insertVersion(session, function, version, call.principal().name(), call.now(), keptVersions);
        return new Kept(function, version, true);
    }

    /** Whether the newest version is just this: then it was checked when it came. */
    boolean holds(String name, String sha256, FunctionManifest manifest) {
        return newest(FunctionTable.find(session, call.account(), name), sha256, text(manifest))
                .isPresent();
    }

    private Optional<FunctionTable.Version> newest(
            Optional<FunctionTable.Stored> function, String sha256, String manifest) {
        return function.flatMap(stored -> FunctionTable.version(session, stored, stored.version()))
                .filter(version ->
                        version.sha256().equals(sha256) && version.manifest().equals(manifest));
    }

    /** Gives versions their traffic everywhere and tells the nodes; answers the function at its new revision. */
    FunctionTable.Stored deploy(FunctionTable.Stored function, List<Share> shares) {
        return new Deployer(session, call.now()).deploy(function, shares);
    }

    /** The same as ordered: at some nodes first, or watched. */
    FunctionTable.Stored deploy(FunctionTable.Stored function, Deployment order) {
        return new Deployer(session, call.now()).begin(function, order);
    }

    /** The same function with other values; deployed again when it takes traffic. */
    FunctionTable.Stored vars(FunctionTable.Stored function, Map<String, String> vars) {
        FunctionTable.Stored next = new FunctionTable.Stored(
                function.account(),
                function.name(),
                function.incarnation(),
                function.version(),
                function.revision(),
                vars);
        FunctionTable.update(session, next, call.now());
        return new Deployer(session, call.now()).again(next);
    }

    /** The same function after its secrets changed; deployed again when it takes traffic. */
    FunctionTable.Stored secretsChanged(FunctionTable.Stored function) {
        List<Problem> problems = FunctionTable.version(session, function, function.version())
                .map(version -> Deployer.manifest(version)
                        .nameMistakes(
                                function.vars(),
                                SecretTable.sealed(session, function.account(), function.name())
                                        .keySet()))
                .orElse(List.of());
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        return new Deployer(session, call.now()).again(function);
    }

    /** What is wrong between metadata and what the function and the account have besides. */
    List<Problem> around(String name, FunctionManifest manifest) {
        Optional<FunctionTable.Stored> function = FunctionTable.find(session, call.account(), name);
        List<Problem> problems = new ArrayList<>(manifest.nameMistakes(
                function.map(FunctionTable.Stored::vars).orElse(Map.of()),
                SecretTable.sealed(session, call.account(), name).keySet()));
        manifest.services().forEach((binding, service) -> {
            if (!service.equals(name)
                    && FunctionTable.find(session, call.account(), service).isEmpty()) {
                problems.add(new Problem(
                        Paths.field("services", binding),
                        service,
                        "a function of the account",
                        "push that function first, or correct the name"));
            }
        });
        return problems;
    }

    FunctionState state(FunctionTable.Stored function) {
        FunctionTable.Version newest = FunctionTable.version(session, function, function.version())
                .orElseThrow(() -> new IllegalStateException("the newest version of a function is gone"));
        return new FunctionState(
                function.name(),
                function.version(),
                newest.sha256(),
                function.revision(),
                FunctionTable.shares(session, function),
                function.vars(),
                List.copyOf(SecretTable.sealed(session, function.account(), function.name())
                        .keySet()),
                WireJson.parse(newest.manifest()),
                RolloutTable.find(session, function.account(), function.name())
                        .map(RolloutTable.Stored::rollout)
                        .orElse(null));
    }

    /** A version as nodes run it, with these secrets. */
    Deployed deployed(
            FunctionTable.Stored function, FunctionTable.Version version, int percent, Map<String, Secret> secrets) {
        return new Deployed(
                version.version(),
                percent,
                version.sha256(),
                Deployer.withVars(Deployer.manifest(version), function.vars()),
                secrets);
    }

    static List<Share> all(int version) {
        return new Deployment(List.of(new Share(version, 100))).versions();
    }

    private static String text(FunctionManifest manifest) {
        return RecordJson.write(manifest).toString();
    }
}
