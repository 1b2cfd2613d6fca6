package dev.verge.deploy.command;

import dev.verge.control.client.ApiClient;
import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.PurgeState;
import dev.verge.control.resource.Status;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Waits for what nodes are to do. On a terminal a passing line says meanwhile for which of them. */
final class NodeWait {
    private static final int NAMED = 5;

    private NodeWait() {}

    /** Until every connected node has answered for a revision, or the time is over. */
    static Status status(
            ApiClient client, Output output, Supplier<Future<Status>> ask, long revision, Duration patience) {
        try {
            return client.awaitStatus(
                            () -> ask.get().onSuccess(status -> output.passing(waiting(owing(status), status.nodes()))),
                            revision,
                            patience)
                    .await();
        } finally {
            output.passing("");
        }
    }

    /** Until every connected node has done a purge, or the time is over. */
    static PurgeState purge(ApiClient client, Output output, String id, Duration patience) {
        try {
            return client.awaitPurge(
                            () -> client.purge(id)
                                    .onSuccess(purge -> output.passing(waiting(owing(purge), purge.nodes()))),
                            patience)
                    .await();
        } finally {
            output.passing("");
        }
    }

    private static List<String> owing(Status status) {
        return status.nodes().stream()
                .filter(node -> node.connected() && node.state() == NodeStanding.State.PENDING)
                .map(NodeStanding::node)
                .toList();
    }

    private static List<String> owing(PurgeState purge) {
        return purge.nodes().stream()
                .filter(node -> node.connected() && node.state() == PurgeState.NodeDone.PENDING)
                .map(PurgeState.NodeLine::node)
                .toList();
    }

    /** Empty when nobody is waited for. */
    static String waiting(List<String> owing, List<?> all) {
        return owing.isEmpty()
                ? ""
                : "  waiting for " + owing.size() + " of " + all.size() + " nodes: "
                        + String.join(", ", owing.stream().limit(NAMED).toList())
                        + (owing.size() > NAMED ? " …" : "");
    }
}
