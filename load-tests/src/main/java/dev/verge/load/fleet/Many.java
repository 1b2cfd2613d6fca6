package dev.verge.load.fleet;

import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Looks at an installation with very many sites. Arguments: {@code snapshot}, the control plane's URL, the operator's token; or {@code lookup},
 * the node's URL, the number of sites that {@link Filling} made.
 */
public final class Many {
    private static final int SNAPSHOTS = 3;
    private static final int REQUESTS = 4_000;
    private static final int PERCENT = 100;
    private static final int KIB = 1024;

    private Many() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "snapshot" -> snapshot(new Api(URI.create(arguments[1]), arguments[2]));
            case "lookup" -> {
                lookup("one site", URI.create(arguments[1]), 1);
                lookup("all sites", URI.create(arguments[1]), Integer.parseInt(arguments[2]));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    @SuppressWarnings("SystemOut")
    private static void snapshot(Api api) throws Exception {
        Vertx vertx = Vertx.vertx();
        DirectNodes nodes = new DirectNodes(vertx, api.base(), SNAPSHOTS);
        for (int i = 0; i < SNAPSHOTS; i++) {
            SimulatedNode node = new SimulatedNode("snapshot-" + i, revision -> {});
            node.enrol(api);
            long before = nodes.received();
            long begun = System.nanoTime();
            node.connect(nodes);
            System.out.printf(
                    "snapshot: %.0f KiB on the wire, %.2f s%n",
                    (nodes.received() - before) / (double) KIB, (System.nanoTime() - begun) / 1e9);
        }
    }

    /** One request after the other, of hosts that are drawn evenly. */
    @SuppressWarnings("SystemOut")
    private static void lookup(String what, URI node, int sites) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        Random random = new Random(sites);
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            String name = "s" + random.nextInt(sites);
            long at = System.nanoTime();
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(node.resolve("/hello"))
                            .header("Host", name + ".example")
                            .build(),
                    BodyHandlers.ofString());
            if (!answer.body().equals(name)) {
                throw new IllegalStateException(name + " was answered " + answer.statusCode() + ": " + answer.body());
            }
            // The first half warms up.
            if (i >= REQUESTS / 2) {
                taken.add(System.nanoTime() - at);
            }
        }
        taken.sort(null);
        System.out.printf(
                "requests to %s: p50 %.0f us, p99 %.0f us%n",
                what, micros(taken, PERCENT / 2), micros(taken, PERCENT - 1));
    }

    private static double micros(List<Long> sorted, int percent) {
        return sorted.get(sorted.size() * percent / PERCENT) / 1e3;
    }
}
