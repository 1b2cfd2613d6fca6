package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.Scope;
import java.util.List;

/** What is done with a rollout that is under way. */
public final class RolloutRoutes {
    private final int keptVersions;

    /** Routes beside those of {@link FunctionRoutes}. */
    public RolloutRoutes(int keptVersions) {
        this.keptVersions = keptVersions;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String one = "/functions/{function}/rollout";
        return List.of(
                Route.get(
                        one,
                        "getRollout",
                        Scope.READ,
                        "The function's last deployment that was staged or watched.",
                        Route.Answer.of(200, Rollout.class),
                        call -> Reply.ok(call.<Rollout>read(session -> {
                            FunctionTable.Stored function = new FunctionStore(session, call, keptVersions).find();
                            return RolloutTable.find(session, function.account(), function.name())
                                    .orElseThrow(() -> Problems.notFound("rollout of this function"))
                                    .rollout();
                        }))),
                Route.post(
                        one + "/continue",
                        "continueRollout",
                        Scope.FUNCTIONS_WRITE,
                        "Gives all nodes what those of its groups have.",
                        new Route.Body.None(),
                        Route.Answer.of(200, FunctionState.class),
                        call -> change(call, true)),
                Route.post(
                        one + "/abort",
                        "abortRollout",
                        Scope.FUNCTIONS_WRITE,
                        "Takes back a rollout that is staged or watched.",
                        new Route.Body.None(),
                        Route.Answer.of(200, FunctionState.class),
                        call -> change(call, false)));
    }

    private Reply change(Call call, boolean proceed) {
        return call.commit(session -> {
            FunctionStore store = new FunctionStore(session, call, keptVersions);
            FunctionTable.Stored function = store.find();
            RolloutTable.Stored active = RolloutTable.find(session, function.account(), function.name())
                    .filter(proceed ? RolloutTable.Stored::staged : RolloutTable.Stored::active)
                    .orElseThrow(() -> Problems.conflict(
                            proceed
                                    ? "No rollout of this function waits to be continued."
                                    : "No rollout of this function is under way."));
            Deployer deployer = new Deployer(session, call.now());
            FunctionTable.Stored next = proceed
                    ? deployer.proceed(function, active)
                    : deployer.back(function, active, RolloutTable.ABORTED, null);
            return Outcome.logged(
                    Reply.ok(store.state(next)),
                    next.revision(),
                    (proceed ? "continued" : "aborted") + " the rollout of "
                            + Rollouts.shares(active.rollout().versions()) + " of function " + function.name());
        });
    }
}
