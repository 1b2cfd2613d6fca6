package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SecretValue;
import dev.verge.control.resource.SecretView;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.secret.SecretTable;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.SecretPlaces;
import java.util.List;

/** Secrets of functions over the API: set, listed and removed, never read back. */
public final class SecretRoutes {
    private final SecretBox box;
    private final int keptVersions;

    /** Routes that seal with this box. */
    public SecretRoutes(SecretBox box, int keptVersions) {
        this.box = box;
        this.keptVersions = keptVersions;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String all = "/functions/{function}/secrets";
        String one = all + "/{secret}";
        return List.of(
                Route.get(
                        all,
                        "listFunctionSecrets",
                        Scope.READ,
                        "The names of a function's secrets, and when each was set last.",
                        Route.Answer.page(SecretView.class),
                        call -> call.page(SecretView::name, (session, paging) -> {
                            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
                            return SecretTable.list(
                                    session, function.account(), function.name(), paging.after(), paging.rows());
                        })),
                Route.get(
                        one,
                        "getFunctionSecret",
                        Scope.READ,
                        "When a secret was set last; its value is never read back.",
                        Route.Answer.of(200, SecretView.class),
                        call -> Reply.ok(call.<SecretView>read(session -> {
                            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
                            return SecretTable.find(session, function.account(), function.name(), name(call))
                                    .orElseThrow(() -> Problems.notFound("such secret"));
                        }))),
                Route.put(
                        one,
                        "putFunctionSecret",
                        Scope.FUNCTIONS_WRITE,
                        "Sets a secret, and hands the function with it to the nodes again.",
                        new Route.Body.Json(SecretValue.class),
                        Route.Answer.of(200, SecretView.class),
                        this::put),
                Route.delete(one, "deleteFunctionSecret", Scope.FUNCTIONS_WRITE, "Removes a secret.", this::delete));
    }

    private Reply put(Call call) {
        String name = name(call);
        String value = call.bind(SecretValue.class).value();
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored before = store.find();
            boolean there = SecretTable.find(session, before.account(), before.name(), name)
                    .isPresent();
            if (!there
                    && SecretTable.sealed(session, before.account(), before.name())
                                    .size()
                            >= Deployed.MAX_SECRETS) {
                throw Problems.conflict("A function has at most " + Deployed.MAX_SECRETS + " secrets.");
            }
            String sealed = box.seal(SecretPlaces.name(before.account(), before.name(), name), value);
            String by = call.principal().name();
            SecretTable.put(session, before.account(), before.name(), name, sealed, call.now(), by);
            FunctionTable.Stored after = store.secretsChanged(before);
            Reply reply = Reply.json(there ? 200 : 201, new SecretView(name, call.now(), by));
            return outcome(reply, before, after, "set secret " + name + " of function " + before.name());
        });
    }

    private Reply delete(Call call) {
        String name = name(call);
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored before = store.find();
            if (!SecretTable.delete(session, before.account(), before.name(), name)) {
                throw Problems.notFound("such secret");
            }
            FunctionTable.Stored after = store.secretsChanged(before);
            return outcome(Reply.empty(204), before, after, "removed secret " + name + " of function " + before.name());
        });
    }

    private static Outcome outcome(
            Reply reply, FunctionTable.Stored before, FunctionTable.Stored after, String change) {
        return before.revision() == after.revision()
                ? Outcome.kept(reply, change)
                : Outcome.logged(
                        reply.with("Verge-Revision", Long.toString(after.revision())), after.revision(), change);
    }

    private static String name(Call call) {
        String name = call.parameter("secret");
        if (!name.matches(Names.VAR)) {
            throw Problems.malformed(
                    "A secret's name has letters, digits and _, does not begin with a digit, and is 64 long at most.");
        }
        return name;
    }
}
