package dev.verge.control.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.access.AccountTable;
import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.log.LogTable;
import dev.verge.control.node.Standing;
import dev.verge.control.reach.FunctionUses;
import dev.verge.control.reach.Reach;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.FunctionSummary;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.Rollback;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.Source;
import dev.verge.control.resource.Status;
import dev.verge.control.resource.VersionSummary;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Session;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionCeilings;
import dev.verge.sandbox.typescript.TypeScript;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.NodeRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Functions over the API. */
public final class FunctionRoutes {
    private static final int MOST_VARS = 100;
    private static final int LONGEST_VAR = 5_120;
    private static final int SITES_NAMED = 5;

    private final NodeRegistry registry;
    private final Blobs blobs;
    private final CodeCheck check;
    private final Allowance allowance;
    private final int keptVersions;

    /** Routes that keep so many versions of each function. */
    public FunctionRoutes(NodeRegistry registry, Blobs blobs, CodeCheck check, int keptVersions) {
        this.registry = registry;
        this.blobs = blobs;
        this.check = check;
        this.allowance = new Allowance(registry);
        this.keptVersions = keptVersions;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String one = "/functions/{function}";
        return List.of(
                Route.get(
                        "/functions",
                        "listFunctions",
                        Scope.READ,
                        "All functions of the account.",
                        Route.Answer.page(FunctionSummary.class),
                        call -> call.page(
                                FunctionSummary::name,
                                (session, paging) ->
                                        FunctionTable.list(session, call.account(), paging.after(), paging.rows()))),
                Route.put(
                                one,
                                "putFunction",
                                Scope.FUNCTIONS_WRITE,
                                "Pushes a version: checked, kept, and given all traffic unless activate=false.",
                                new Route.Body.Code(),
                                Route.Answer.of(200, Pushed.class),
                                this::push)
                        .reading("activate"),
                Route.get(
                        one,
                        "getFunction",
                        Scope.READ,
                        "A function, with what takes its traffic.",
                        Route.Answer.of(200, FunctionState.class),
                        call -> Reply.ok(call.<FunctionState>read(session -> {
                            FunctionStore store = new FunctionStore(session, call, keptVersions);
                            return store.state(store.find());
                        }))),
                Route.delete(
                        one,
                        "deleteFunction",
                        Scope.FUNCTIONS_WRITE,
                        "Deletes a function that no site names.",
                        this::delete),
                Route.get(
                        one + "/versions",
                        "listFunctionVersions",
                        Scope.READ,
                        "The versions that are kept, newest first.",
                        Route.Answer.page(VersionSummary.class),
                        this::versions),
                Route.get(
                        one + "/versions/{version}/source",
                        "getFunctionSource",
                        Scope.READ,
                        "The modules of a version.",
                        Route.Answer.of(200, Source.class),
                        this::source),
                Route.get(
                        one + "/status",
                        "getFunctionStatus",
                        Scope.READ,
                        "Which node has the last deployment, which refused it and why.",
                        Route.Answer.of(200, Status.class),
                        this::status),
                Route.post(
                        one + "/deployments",
                        "deployFunction",
                        Scope.FUNCTIONS_WRITE,
                        "Gives one or two versions the traffic: everywhere, or with groups at their nodes first; with rollbackOn it is"
                                + " taken back by itself when it goes wrong.",
                        new Route.Body.Json(Deployment.class),
                        Route.Answer.of(200, FunctionState.class),
                        call -> deploy(call, call.bind(Deployment.class), "deployed")),
                Route.post(
                        one + "/rollback",
                        "rollbackFunction",
                        Scope.FUNCTIONS_WRITE,
                        "Gives an earlier version all the traffic.",
                        new Route.Body.Json(Rollback.class),
                        Route.Answer.of(200, FunctionState.class),
                        call -> deploy(
                                call,
                                new Deployment(FunctionStore.all(
                                        call.bind(Rollback.class).version())),
                                "rolled back to")),
                Route.get(
                        one + "/vars",
                        "getFunctionVars",
                        Scope.READ,
                        "The values set for the function as a whole.",
                        Route.Answer.of(200, Map.class),
                        call -> Reply.ok(
                                call.<Map<String, String>>read(session -> new FunctionStore(session, call, keptVersions)
                                        .find()
                                        .vars()))),
                Route.put(
                        one + "/vars",
                        "putFunctionVars",
                        Scope.FUNCTIONS_WRITE,
                        "Replaces the values set for the function as a whole; they stand above a version's own.",
                        new Route.Body.TextMap(),
                        Route.Answer.of(200, Map.class),
                        this::vars));
    }

    private Reply push(Call call) {
        String name = call.parameter("function");
        if (!name.matches(Names.NAME)) {
            throw Problems.malformed("A function's name has lower-case letters, digits and hyphens, at most 63.");
        }
        FunctionCeilings ceilings = call.read(
                session -> AccountTable.limits(session, call.account()).functions());
        Push push = Push.read(call, ceilings, manifest -> {
            allowance.admit(call, manifest);
            List<Problem> problems = new ArrayList<>(
                    call.read(session -> new FunctionStore(session, call, keptVersions).around(name, manifest)));
            problems.addAll(Allowance.beyond(ceilings, manifest, ""));
            return problems;
        });
        FunctionBundle pushed = push.bundle();
        boolean activate = call.flag("activate").orElse(push.manifest().activate());
        boolean known = call.read(session ->
                new FunctionStore(session, call, keptVersions).holds(name, pushed.sha256(), push.manifest()));
        FunctionBundle bundle =
                known ? pushed : check.check(pushed, push.manifest().limits());
        byte[] bytes = bundle.toBytes();
        if (!known) {
            // On the disk before the commit that names it: whoever hears of the version can fetch it.
            blobs.put(bytes);
        }
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionStore.Kept kept = store.keep(name, bundle.sha256(), bytes.length, push.manifest());
            List<Share> all = FunctionStore.all(kept.version().version());
            boolean deploys =
                    activate && !FunctionTable.shares(session, kept.function()).equals(all);
            FunctionTable.Stored function = deploys ? store.deploy(kept.function(), all) : kept.function();
            Reply reply = Reply.json(
                    kept.made() && kept.version().version() == 1 ? 201 : 200,
                    new Pushed(
                            name,
                            kept.version().version(),
                            bundle.sha256(),
                            function.revision(),
                            activate,
                            bytes.length));
            if (!kept.made() && !deploys) {
                return Outcome.unchanged(reply);
            }
            String change = "pushed version " + kept.version().version() + " of function " + name;
            return deploys
                    ? Outcome.logged(reply, function.revision(), change + " and gave it all traffic")
                    : Outcome.kept(reply, change);
        });
    }

    private Reply deploy(Call call, Deployment order, String verb) {
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored before = store.find();
            admit(session, call, before, order.versions());
            FunctionTable.Stored function = store.deploy(before, order);
            return Outcome.logged(
                    Reply.ok(store.state(function)),
                    function.revision(),
                    verb + " " + Rollouts.shares(order.versions()) + " of function " + function.name()
                            + (order.groups().isEmpty() ? "" : " at the nodes of " + order.groups()));
        });
    }

    /** What was allowed when a version was pushed need not be so when it is given traffic. */
    private void admit(Session session, Call call, FunctionTable.Stored function, List<Share> shares) {
        FunctionCeilings ceilings =
                AccountTable.limits(session, function.account()).functions();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            String place = "versions[" + i + "].";
            FunctionTable.version(session, function, shares.get(i).version())
                    .map(Deployer::manifest)
                    .ifPresent(manifest -> {
                        allowance.admit(call, manifest);
                        problems.addAll(Allowance.beyond(ceilings, manifest, place));
                    });
        }
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
    }

    private Reply vars(Call call) {
        Map<String, String> vars = textMap(call.tree());
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored before = store.find();
            Reply reply = Reply.ok(vars);
            if (before.vars().equals(vars)) {
                return Outcome.unchanged(reply);
            }
            FunctionTable.Stored after = store.vars(before, vars);
            // Values may be what somebody took for harmless; the audit names keys only.
            String change = "set vars " + vars.keySet() + " of function " + after.name();
            return after.revision() == before.revision()
                    ? Outcome.kept(reply, change)
                    : Outcome.logged(reply, after.revision(), change);
        });
    }

    private Reply delete(Call call) {
        return call.commit(session -> {
            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
            List<String> sites = FunctionTable.usedBy(session, function, SITES_NAMED);
            if (!sites.isEmpty()) {
                throw Problems.conflict("Sites name this function: " + String.join(", ", sites)
                        + ". Take it out of their documents first.");
            }
            List<String> callers = FunctionUses.callers(session, function.account(), function.name());
            if (!callers.isEmpty()) {
                throw Problems.conflict("Functions have this one in their services: "
                        + String.join(", ", callers.subList(0, Math.min(callers.size(), SITES_NAMED)))
                        + ". Deploy versions of them without it first.");
            }
            boolean deployed = FunctionTable.deployed(session, function.account(), function.name());
            List<LogTable.Change> changes = new Reach(session, function.account()).uses(function.name(), List.of());
            FunctionTable.delete(session, function);
            String change = "deleted function " + function.name() + " at version " + function.version();
            if (!deployed) {
                return Outcome.kept(Reply.empty(204), change);
            }
            changes.add(LogTable.Change.remove(Keys.function(function.account(), function.name())));
            long revision = LogTable.append(session, changes);
            return Outcome.logged(Reply.empty(204).with("Verge-Revision", Long.toString(revision)), revision, change);
        });
    }

    private Reply versions(Call call) {
        return call.page(version -> Integer.toString(version.version()), (session, paging) -> {
            long before = paging.numberAfter().orElse(Long.MAX_VALUE);
            return FunctionTable.versions(
                    session, new FunctionStore(session, call, keptVersions).find(), before, paging.rows());
        });
    }

    private Reply source(Call call) {
        String wanted = call.parameter("version");
        FunctionTable.Version version = call.read(session -> {
            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
            return (wanted.matches("[0-9]{1,9}")
                            ? FunctionTable.version(session, function, Integer.parseInt(wanted))
                            : Optional.<FunctionTable.Version>empty())
                    .orElseThrow(() -> Problems.notFound("such version"));
        });
        FunctionBundle bundle = FunctionBundle.parse(blobs.read(version.sha256())
                .orElseThrow(() -> new IllegalStateException("the code " + version.sha256() + " is gone")));
        Map<String, String> modules = new LinkedHashMap<>();
        for (String module : TypeScript.authored(bundle)) {
            modules.put(module, new String(bundle.module(module), StandardCharsets.UTF_8));
        }
        return Reply.ok(new Source(bundle.main(), modules));
    }

    private Reply status(Call call) {
        return call.read(session -> {
            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
            if (function.revision() == 0) {
                return Reply.ok(new Status(0, List.of()));
            }
            return Reply.ok(Standing.of(
                    session, registry, Keys.function(function.account(), function.name()), function.revision()));
        });
    }

    private static Map<String, String> textMap(JsonNode tree) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> vars = new LinkedHashMap<>();
        if (!tree.isObject() || tree.size() > MOST_VARS) {
            throw Problems.mistake(
                    "", "", "an object of at most " + MOST_VARS + " texts", "write {\"KEY\": \"value\"}");
        }
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            if (!entry.getKey().matches(Names.VAR)) {
                problems.add(new Problem(
                        entry.getKey(),
                        "",
                        "a key has letters, digits and _, and does not begin with a digit",
                        "rename it"));
            }
            if (!entry.getValue().isTextual() || entry.getValue().textValue().length() > LONGEST_VAR) {
                problems.add(new Problem(
                        entry.getKey(),
                        "",
                        "a value is text of at most " + LONGEST_VAR + " characters",
                        "put it in quotes"));
            } else {
                vars.put(entry.getKey(), entry.getValue().textValue());
            }
        }
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
        return vars;
    }
}
