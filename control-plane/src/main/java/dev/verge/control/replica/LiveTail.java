package dev.verge.control.replica;

import dev.verge.control.api.EventStream;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.Tails;

/** What nodes tell live of one thing, as server-sent events. Nothing is kept: who comes later sees what comes later. */
public final class LiveTail {
    private static final int RETRY_SECONDS = 10;

    private LiveTail() {}

    /**
     * A stream of what all nodes tell; 503 when too many watch already.
     *
     * @param watched what is watched, as nodes name it
     * @param event name of an event, and of its member that has the record
     */
    public static Reply of(Peers peers, String account, String watched, String event) {
        if (peers.watchers() >= Peers.MOST_WATCHERS) {
            throw Problems.unavailable(Peers.MOST_WATCHERS + " callers watch already.", RETRY_SECONDS);
        }
        return Reply.events(sink -> start(peers, account, watched, event, sink));
    }

    private static Runnable start(Peers peers, String account, String watched, String event, EventStream.Sink sink) {
        Registration registration = peers.watch(account, watched, seen -> {
            switch (seen) {
                case Tails.Seen.Run(String node, String json) ->
                    sink.event(event, "{\"node\":" + WireJson.text(node) + ",\"" + event + "\":" + json + "}");
                case Tails.Seen.Dropped(String node, long records) ->
                    sink.event("dropped", "{\"node\":" + WireJson.text(node) + ",\"records\":" + records + "}");
            }
        });
        return registration::close;
    }
}
