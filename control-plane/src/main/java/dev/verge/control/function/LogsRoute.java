package dev.verge.control.function;

import dev.verge.control.api.Call;
import dev.verge.control.api.EventStream;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.replica.Peers;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.Tails;

/** Live runs of a function, with what it logged, from every connected node. Nothing is kept: who comes later sees what comes later. */
public final class LogsRoute {
    private static final int RETRY_SECONDS = 10;

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
        if (peers.watchers() >= Peers.MOST_WATCHERS) {
            throw Problems.unavailable(Peers.MOST_WATCHERS + " callers watch already.", RETRY_SECONDS);
        }
        return Reply.events(sink -> start(account, function, sink));
    }

    private Runnable start(String account, String function, EventStream.Sink sink) {
        Registration registration = peers.watch(account, function, seen -> {
            switch (seen) {
                case Tails.Seen.Run(String node, String json) ->
                    sink.event("run", "{\"node\":" + WireJson.text(node) + ",\"run\":" + json + "}");
                case Tails.Seen.Dropped(String node, long records) ->
                    sink.event("dropped", "{\"node\":" + WireJson.text(node) + ",\"records\":" + records + "}");
            }
        });
        return registration::close;
    }
}
