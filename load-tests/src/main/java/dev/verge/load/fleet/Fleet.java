package dev.verge.load.fleet;

import dev.verge.sync.wire.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects simulated nodes to a control plane that runs already, and takes the time from an acknowledged change to the last node's ack.
 * Arguments: its URL, the operator's token, its process id, the number of nodes.
 */
public final class Fleet {
    private static final int CHANGES = 40;
    private static final int ENROLLING = 32;
    private static final int WRITERS = 8;
    private static final Duration WRITING = Duration.ofSeconds(5);
    private static final Duration WARMING = Duration.ofSeconds(3);
    private static final Duration BETWEEN = Duration.ofMillis(100);
    private static final int TOO_MANY = 429;
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;
    private static final double TICKS = 100;
    private static final Pattern TOKEN = Pattern.compile("\"token\" *: *\"([^\"]+)\"");
    private static final Pattern REVISION = Pattern.compile("\"revision\" *: *(\\d+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String token;
    private final long pid;
    private final int nodes;
    private final Map<Long, Acks> revisions = new ConcurrentHashMap<>();
    /** Held on to: a client that nobody can reach any more is closed, and all its sockets with it. */
    private @Nullable WebSocketClient client;

    /** The nodes' answers to one revision. */
    private static final class Acks {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong last = new AtomicLong();

        void one() {
            last.accumulateAndGet(System.nanoTime(), Math::max);
            count.incrementAndGet();
        }
    }

    private Fleet(URI api, String token, long pid, int nodes) {
        this.api = api;
        this.token = token;
        this.pid = pid;
        this.nodes = nodes;
    }

    /** Runs it. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Fleet fleet = new Fleet(
                URI.create(arguments[0]), arguments[1], Long.parseLong(arguments[2]), Integer.parseInt(arguments[3]));
        Vertx vertx = Vertx.vertx();
        fleet.run(vertx);
        System.exit(0);
    }

    @SuppressWarnings("SystemOut")
    private void run(Vertx vertx) throws Exception {
        if (nodes == 0) {
            writeAlone();
            return;
        }
        System.out.println("| what | p50 | p99 | max |\n|---|---|---|---|");
        long begun = System.nanoTime();
        connect(vertx);
        double connected = seconds(begun);
        String memory = memory();
        double cpu = cpu();
        long measuring = System.nanoTime();
        measure("a changed site", i -> put("/v1/sites/shop", "application/yaml", site(i)));
        measure("a purge by tag", i -> post("/v1/sites/shop/purge", "{\"tags\": [\"news-" + i + "\"]}"));
        double share = (cpu() - cpu) / seconds(measuring);
        System.out.printf(
                "%n%d nodes connected, each with its snapshot, within %.1f s (tokens made and exchanged included); the control plane then: %s"
                        + " resident. While changes came at about 5/s it used %.2f of a core.%n",
                nodes, connected, memory, share);
        writeToAll();
    }

    private void connect(Vertx vertx) throws Exception {
        put("/v1/sites/shop", "application/yaml", site(0));
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(nodes + 1)
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(Frame.MAX_BYTES)
                .setTryUsePerMessageCompression(false));
        WebSocketClient sockets = client;
        Semaphore room = new Semaphore(ENROLLING);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < nodes; i++) {
                String name = "node-" + i;
                room.acquire();
                SimulatedNode node = new SimulatedNode(
                        name,
                        revision -> revisions
                                .computeIfAbsent(revision, r -> new Acks())
                                .one());
                var _ = threads.submit(() -> {
                    try {
                        String made = post("/v1/node-tokens", "{\"node\": \"" + name + "\"}");
                        call("POST", "/sync/enrol", "application/json", node.enrolment(find(TOKEN, made)), false);
                        node.connect(sockets, api)
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get(60, TimeUnit.SECONDS);
                    } finally {
                        room.release();
                    }
                    return name;
                });
            }
        }
    }

    /** A change that answers with its revision, or leads to one. */
    private interface Change {
        String make(int number) throws IOException, InterruptedException;
    }

    @SuppressWarnings("SystemOut")
    private void measure(String what, Change change) throws IOException, InterruptedException {
        List<Long> acknowledged = new ArrayList<>();
        for (int i = 1; i <= CHANGES; i++) {
            String answer = change.make(i);
            long at = System.nanoTime();
            long revision = REVISION.matcher(answer).find()
                    ? Long.parseLong(find(REVISION, answer))
                    : revisions.keySet().stream()
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(0);
            Acks acks = revisions.computeIfAbsent(revision, r -> new Acks());
            long end = at + TimeUnit.SECONDS.toNanos(20);
            while (acks.count.get() < nodes && System.nanoTime() < end) {
                TimeUnit.MICROSECONDS.sleep(200);
            }
            if (acks.count.get() < nodes) {
                throw new IllegalStateException(acks.count.get() + " of " + nodes + " nodes answered to " + answer);
            }
            acknowledged.add(Math.max(0, acks.last.get() - at));
            TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
        }
        acknowledged.sort(null);
        System.out.printf(
                "| %s: acknowledged → last node's ack | %.1f ms | %.1f ms | %.1f ms |%n",
                what, millis(acknowledged, 50), millis(acknowledged, 99), millis(acknowledged, HUNDRED));
    }

    private static double millis(List<Long> sorted, int percent) {
        int at = Math.max(0, (int) Math.ceil(sorted.size() * percent / (double) HUNDRED) - 1);
        return sorted.get(at) / 1e6;
    }

    /** Each writer with a token and a site of its own. */
    private Writers.Change sites() throws IOException, InterruptedException {
        List<String> tokens = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            tokens.add(find(
                    TOKEN,
                    post(
                            "/v1/tokens",
                            "{\"name\": \"writer" + w
                                    + "\", \"account\": \"default\", \"scopes\": [\"sites:write\"]}")));
        }
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) -> {
            String name = "writer" + writer;
            String text = site(numbers.incrementAndGet()).replace("shop", name);
            return revision(once("PUT", "/v1/sites/" + name, "application/yaml", text, tokens.get(writer)));
        };
    }

    private Writers.Change keys() {
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) -> revision(
                once("PUT", "/v1/kv/fleet/key-" + numbers.incrementAndGet(), "text/plain", "value " + i, token));
    }

    private Writers.Change tokens() {
        AtomicInteger numbers = new AtomicInteger();
        return (writer, i) -> revision(once(
                "POST",
                "/v1/tokens",
                "application/json",
                "{\"name\": \"made-" + numbers.incrementAndGet()
                        + "\", \"account\": \"default\", \"scopes\": [\"read\"]}",
                token));
    }

    /** The log position of an answer: -1 when it has none, 0 when it is no success. */
    private static long revision(HttpResponse<String> answer) {
        if (answer.statusCode() / HUNDRED != SUCCESS) {
            return 0;
        }
        return answer.headers()
                .firstValue("Verge-Revision")
                .map(Long::parseLong)
                .orElse(-1L);
    }

    /** Writes of sites with all nodes connected, and how long the slowest node is behind when they end. */
    @SuppressWarnings("SystemOut")
    private void writeToAll() throws IOException, InterruptedException {
        Writers.Change change = sites();
        double cpu = cpu();
        long begun = System.nanoTime();
        Writers.Made made = new Writers(WRITERS, WRITING).run(change);
        long end = System.nanoTime();
        double share = (cpu() - cpu) / seconds(begun);
        levelAfter(made.last());
        System.out.printf(
                "%nSite writes with all nodes connected, %d writers: %.0f/s (p50 %.1f ms, p99 %.1f ms, refused: %d); the last node had"
                        + " the last one %.1f ms after it was acknowledged; the control plane used %.2f of a core; resident"
                        + " afterwards: %s.%n",
                WRITERS,
                made.perSecond(),
                millis(made.latencies(), 50),
                millis(made.latencies(), 99),
                made.refused(),
                Math.max(0, System.nanoTime() - end) / 1e6,
                share,
                memory());
    }

    private void levelAfter(long revision) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Acks acks = revisions.computeIfAbsent(revision, r -> new Acks());
        while (acks.count.get() < nodes) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(acks.count.get() + " of " + nodes + " nodes have revision " + revision);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /** Changes of the API alone, no node connected. */
    @SuppressWarnings("SystemOut")
    private void writeAlone() throws IOException, InterruptedException {
        System.out.println(
                "| writes, " + WRITERS + " writers | a second | p50 | p99 | refused |\n|---|---|---|---|---|");
        Map<String, Writers.Change> kinds = new LinkedHashMap<>();
        kinds.put("sites", sites());
        kinds.put("kv", keys());
        kinds.put("tokens", tokens());
        for (Map.Entry<String, Writers.Change> kind : kinds.entrySet()) {
            new Writers(WRITERS, WARMING).run(kind.getValue());
            Writers.Made made = new Writers(WRITERS, WRITING).run(kind.getValue());
            System.out.printf(
                    "| %s | %.0f | %.1f ms | %.1f ms | %d |%n",
                    kind.getKey(),
                    made.perSecond(),
                    millis(made.latencies(), 50),
                    millis(made.latencies(), 99),
                    made.refused());
        }
        System.out.println("\nResident afterwards: " + memory());
    }

    private static String site(int number) {
        return "site: shop\nhosts: [shop.example]\npools:\n  app:\n    origins:\n      - {url: \"http://127.0.0.1:9001\"}\n# "
                + number + "\n";
    }

    private String put(String path, String type, String body) throws IOException, InterruptedException {
        return call("PUT", path, type, body, true);
    }

    private String post(String path, String body) throws IOException, InterruptedException {
        return call("POST", path, "application/json", body, true);
    }

    private String call(String method, String path, String type, String body, boolean asOperator)
            throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> answer = once(method, path, type, body, asOperator ? token : "");
            if (answer.statusCode() == TOO_MANY) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN.toMillis());
            } else if (answer.statusCode() / HUNDRED != SUCCESS) {
                throw new IllegalStateException(path + " answered " + answer.statusCode() + ": " + answer.body());
            } else {
                return answer.body();
            }
        }
    }

    private HttpResponse<String> once(String method, String path, String type, String body, String as)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path))
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body));
        if (!as.isEmpty()) {
            request.header("Authorization", "Bearer " + as);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /** Seconds of CPU that the control plane used so far. */
    private double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                .findFirst()
                .orElse("?");
    }
}
