package dev.verge.load.fleet;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects simulated nodes to a control plane that runs already, and takes the time from an acknowledged change to the last node's ack.
 * Arguments: its URL, the operator's token, its process id, the number of nodes; a NATS server that they come over.
 */
public final class Fleet {
    private static final int WARM_UP = 20;
    private static final int CHANGES = 40;
    private static final int FUNCTIONS = 5;
    private static final int CODE_BYTES = 1 << 20;
    private static final int ENROLLING = 32;
    private static final int WRITERS = 8;
    private static final Duration WRITING = Duration.ofSeconds(5);
    private static final Duration WARMING = Duration.ofSeconds(3);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int ALL = 100;
    private static final Pattern REVISION = Pattern.compile("\"revision\" *: *(\\d+)");

    private final Api api;
    private final Observed controlPlane;
    private final int nodes;
    private final Acks acks;

    private Fleet(Api api, long pid, int nodes) {
        this.api = api;
        this.controlPlane = new Observed(pid);
        this.nodes = nodes;
        this.acks = new Acks(nodes);
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Fleet fleet = new Fleet(
                new Api(URI.create(arguments[0]), arguments[1]),
                Long.parseLong(arguments[2]),
                Integer.parseInt(arguments[3]));
        try {
            fleet.run(arguments.length > 4 ? arguments[4] : "");
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    /** @param nats the server that nodes come over; empty: none */
    private void run(String nats) throws Exception {
        if (nodes == 0) {
            writeAlone();
            return;
        }
        Vertx vertx = Vertx.vertx();
        run(nats.isEmpty() ? new DirectNodes(vertx, api.base(), nodes) : new NatsNodes(vertx, nats));
    }

    @SuppressWarnings("SystemOut")
    private void run(NodeConnector connector) throws Exception {
        long begun = System.nanoTime();
        connect(connector);
        System.out.printf(
                "%d nodes connected within %.1f s (tokens made and exchanged included); the control plane then: %s resident.%n%n",
                nodes, seconds(begun), controlPlane.memory());
        pause();
        // The first changes meet a control plane that has not done this before.
        for (int i = 1; i <= WARM_UP; i++) {
            acks.all(revision(api.put("/v1/sites/shop", "application/yaml", site("shop", -i))));
        }
        System.out.println("| what | p50 | p99 | max |\n|---|---|---|---|");
        double cpu = controlPlane.cpu();
        long measuring = System.nanoTime();
        measure("a changed site", CHANGES, i -> api.put("/v1/sites/shop", "application/yaml", site("shop", i)));
        measure("a purge by tag", CHANGES, i -> api.post("/v1/sites/shop/purge", "{\"tags\": [\"news-" + i + "\"]}"));
        double share = (controlPlane.cpu() - cpu) / seconds(measuring);
        measure("a function of 1 MiB", FUNCTIONS, i -> api.put("/v1/functions/big", "application/javascript", code(i)));
        System.out.printf("%nWhile sites changed and purges came the control plane used %.2f of a core.%n", share);
        writeToAll();
    }

    private void connect(NodeConnector connector) throws Exception {
        api.put("/v1/sites/shop", "application/yaml", site("shop", 0));
        Semaphore room = new Semaphore(ENROLLING);
        AtomicReference<@Nullable Exception> failed = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < nodes && failed.get() == null; i++) {
                String name = "node-" + i;
                room.acquire();
                threads.execute(() -> {
                    try {
                        SimulatedNode node = new SimulatedNode(name, acks::one);
                        node.enrol(api);
                        node.connect(connector);
                    } catch (Exception e) {
                        failed.compareAndSet(null, e);
                    } finally {
                        room.release();
                    }
                });
            }
        }
        Exception first = failed.get();
        if (first != null) {
            throw first;
        }
    }

    /** A change that answers with its revision, or leads to one. */
    private interface Change {
        String make(int number) throws IOException, InterruptedException;
    }

    @SuppressWarnings("SystemOut")
    private void measure(String what, int times, Change change) throws IOException, InterruptedException {
        List<Long> taken = new ArrayList<>();
        for (int i = 1; i <= times; i++) {
            String answer = change.make(i);
            long at = System.nanoTime();
            taken.add(Math.max(0, acks.all(revision(answer)) - at));
            TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
        }
        taken.sort(null);
        System.out.printf(
                "| %s (%d times): acknowledged → last node's ack | %.1f ms | %.1f ms | %.1f ms |%n",
                what, times, millis(taken, 50), millis(taken, 99), millis(taken, ALL));
    }

    /** One change at a time: where the answer names no revision, it is the newest. */
    private long revision(String answer) {
        Matcher told = REVISION.matcher(answer);
        return told.find() ? Long.parseLong(told.group(1)) : acks.newest() + 1;
    }

    @SuppressWarnings("SystemOut")
    private static void pause() throws IOException {
        if (Boolean.getBoolean("fleet.pause")) {
            System.out.println("waiting for a line");
            var _ = System.in.read();
        }
    }

    private static double millis(List<Long> sorted, int percent) {
        int at = Math.max(0, (int) Math.ceil(sorted.size() * percent / (double) ALL) - 1);
        return sorted.get(at) / 1e6;
    }

    /** Each writer with a token and a site of its own. */
    private Writers.Change sites() throws IOException, InterruptedException {
        List<String> tokens = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            tokens.add(api.token(
                    "/v1/tokens",
                    "{\"name\": \"writer" + w + "\", \"account\": \"default\", \"scopes\": [\"sites:write\"]}"));
        }
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) -> {
            String name = "writer" + writer;
            return api.change(
                    "PUT",
                    "/v1/sites/" + name,
                    "application/yaml",
                    site(name, numbers.incrementAndGet()),
                    tokens.get(writer));
        };
    }

    private Writers.Change keys() {
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) ->
                api.change("PUT", "/v1/kv/fleet/key-" + numbers.incrementAndGet(), "text/plain", "value " + i);
    }

    private Writers.Change tokens() {
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) -> api.change(
                "POST",
                "/v1/tokens",
                "application/json",
                "{\"name\": \"made-" + numbers.incrementAndGet()
                        + "\", \"account\": \"default\", \"scopes\": [\"read\"]}");
    }

    /** Writes of sites with all nodes connected, and how long the slowest node is behind when they end. */
    @SuppressWarnings("SystemOut")
    private void writeToAll() throws IOException, InterruptedException {
        Writers.Change change = sites();
        new Writers(WRITERS, WARMING).run(change);
        double cpu = controlPlane.cpu();
        long begun = System.nanoTime();
        Writers.Made made = new Writers(WRITERS, WRITING).run(change);
        long end = System.nanoTime();
        double share = (controlPlane.cpu() - cpu) / seconds(begun);
        long level = acks.all(made.last());
        System.out.printf(
                "%nSite writes with all nodes connected, %d writers: %.0f/s (p50 %.1f ms, p99 %.1f ms, refused: %d); the last node had"
                        + " the last one %.1f ms after it was acknowledged; the control plane used %.2f of a core; resident"
                        + " afterwards: %s.%n",
                WRITERS,
                made.perSecond(),
                millis(made.latencies(), 50),
                millis(made.latencies(), 99),
                made.refused(),
                Math.max(0, level - end) / 1e6,
                share,
                controlPlane.memory());
    }

    /** Changes of the API alone, no node connected. */
    @SuppressWarnings("SystemOut")
    private void writeAlone() throws IOException, InterruptedException {
        System.out.println(
                "| writes, " + WRITERS
                        + " writers | a second | p50 | p99 | refused | CPU of the control plane, each |\n|---|---|---|---|---|---|");
        Map<String, Writers.Change> kinds = new LinkedHashMap<>();
        Writers.Change sites = sites();
        kinds.put("sites", sites);
        kinds.put("kv", keys());
        kinds.put("tokens", tokens());
        // A control plane compiles much of itself in its first seconds, so what comes first looks dear.
        kinds.put("sites again", sites);
        for (Map.Entry<String, Writers.Change> kind : kinds.entrySet()) {
            new Writers(WRITERS, WARMING).run(kind.getValue());
            double cpu = controlPlane.cpu();
            Writers.Made made = new Writers(WRITERS, WRITING).run(kind.getValue());
            double used = controlPlane.cpu() - cpu;
            System.out.printf(
                    "| %s | %.0f | %.1f ms | %.1f ms | %d | %.2f ms |%n",
                    kind.getKey(),
                    made.perSecond(),
                    millis(made.latencies(), 50),
                    millis(made.latencies(), 99),
                    made.refused(),
                    used * 1e3 / Math.max(1, made.latencies().size()));
        }
        System.out.println("\nResident afterwards: " + controlPlane.memory());
    }

    static String site(String name, int number) {
        return "site: " + name + "\nhosts: [" + name
                + ".example]\npools:\n  app:\n    origins:\n      - {url: \"http://127.0.0.1:9001\"}\n# " + number
                + "\n";
    }

    /** A function with a comment that does not shrink when it is compressed. */
    private static String code(int number) {
        StringBuilder code = new StringBuilder(CODE_BYTES + ALL)
                .append("export default { fetch() { return new Response('")
                .append(number)
                .append("') } } //");
        Random random = new Random(number);
        while (code.length() < CODE_BYTES) {
            code.append((char) (' ' + 1 + random.nextInt('~' - ' ')));
        }
        return code.toString();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
