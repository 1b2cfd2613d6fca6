package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.replica.LiveTail;
import dev.verge.control.replica.Peers;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Scope;

/** Live runs of a function, with what it logged, from every connected node. Nothing is kept: who comes later sees what comes later. */
public final class LogsRoute {
    private final Peers peers;

    /** Runs on the nodes of all peers. */
    public LogsRoute(Peers peers) {
        this.peers = peers;
    }

    /** The declared route. */
    public Route route() {
        return Route.get(
                "/functions/{function}/logs",
                "tailFunction",
                Scope.READ,
                "Live runs as server-sent events, for an hour at most: run with {node, run}, dropped with {node, records} where"
                        + " more happened than could be handed on.",
                Route.Answer.events(),
                this::tail);
    }

    private Reply tail(Call call) {
        String account = call.account();
        String function = call.parameter("function");
        if (!function.matches(Names.NAME)
                || call.read(session -> FunctionTable.find(session, account, function))
                        .isEmpty()) {
            throw Problems.notFound("function " + function);
        }
        return LiveTail.of(peers, account, function, "run");
    }
}
