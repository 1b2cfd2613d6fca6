package dev.verge.load.kills;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two (or three) control planes on one PostgreSQL, or one on SQLite, and two nodes under a stream of changes, while one part after the other is killed;
 * then all changes that were acknowledged are looked for on every node. Arguments: the folder to work in, the {@code verge} command, the
 * folder of PostgreSQL's programs, seconds, seed, and {@code sqlite}, {@code nats} (the log goes over a NATS server, which is killed, too) and
 * {@code replicas} (three control planes, and nothing else is killed) as wanted. Exits with 1 when something is missing.
 */
public final class Kills {
    private static final int DATABASE_PORT = 15_432;
    private static final int NATS_PORT = 14_222;
    private static final List<Integer> APIS = List.of(18_900, 18_901, 18_902);
    private static final List<Integer> NODES = List.of(18_080, 18_090);
    private static final String CONTROL_PLANE = "control-plane-";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern COMPARISON =
            Pattern.compile("\"comparison\":\\{\"at\":\"([^\"]+)\",\"differing\":(\\d+)}");
    private static final Duration STEP = Duration.ofMillis(100);
    private static final long LEAST_CALM_MILLIS = 1_500;
    private static final int MORE_CALM_MILLIS = 3_000;
    private static final int LONGEST_DOWN_MILLIS = 1_500;

    private final Path folder;
    private final String verge;
    private final Random random;
    private final List<Part> parts = new ArrayList<>();
    private final List<Integer> apis;
    private final boolean sqlite;
    private final boolean nats;
    private final boolean replicas;
    private volatile boolean killing = true;
    private volatile boolean writing = true;

    private Kills(Path folder, String verge, long seed, List<String> ways) {
        this.sqlite = ways.contains("sqlite");
        this.nats = ways.contains("nats");
        this.replicas = ways.contains("replicas");
        this.apis = sqlite ? APIS.subList(0, 1) : replicas ? APIS : APIS.subList(0, 2);
        this.folder = folder;
        this.verge = verge;
        this.random = new Random(seed);
    }

    /** Runs the drill. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        Kills kills = new Kills(Path.of(arguments[0]), arguments[1], Long.parseLong(arguments[4]), List.of(arguments));
        boolean good;
        try {
            good = kills.run(arguments[2], Duration.ofSeconds(Long.parseLong(arguments[3])));
        } finally {
            for (Part part : kills.parts.reversed()) {
                part.stop();
            }
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(String postgres, Duration length) throws Exception {
        if (!sqlite) {
            database(postgres);
        }
        if (nats) {
            part(
                            "nats-server",
                            List.of(
                                    "nats-server",
                                    "-a",
                                    "127.0.0.1",
                                    "-p",
                                    Integer.toString(NATS_PORT),
                                    "-js",
                                    "-sd",
                                    folder.resolve("nats").toString()))
                    .start();
        }
        for (int i = 0; i < apis.size(); i++) {
            Part controlPlane = part(CONTROL_PLANE + i, List.of(verge, "control-plane", "--config", controlPlane(i)));
            if (i > 0) {
                Files.createDirectories(folder.resolve("control-plane-" + i));
                Files.copy(
                        folder.resolve("control-plane-0/secret-key"),
                        folder.resolve("control-plane-" + i + "/secret-key"));
            }
            awaitReady(controlPlane, apis.get(i), "/readyz");
        }
        Api api = new Api(
                apis.stream()
                        .map(port -> URI.create("http://127.0.0.1:" + port))
                        .toList(),
                Files.readString(folder.resolve("control-plane-0/admin-token")).strip());
        for (int i = 0; i < NODES.size(); i++) {
            HttpResponse<String> token = api.change(
                    "POST", "/v1/node-tokens", "application/json", "{\"node\": \"node-" + i + "\"}", "", () -> true);
            Part node = part("node-" + i, List.of(verge, "node", "--config", node(i, field(token, "token"))));
            awaitReady(node, NODES.get(i) + 20, "/readyz");
        }
        Changes changes = new Changes(api, NODES);
        changes.prepare();
        settle(api);
        List<Thread> writers = changes.start(() -> writing);
        Thread killer = Thread.ofVirtual().start(this::kill);
        Api.sleep(length);
        killing = false;
        killer.join();
        parts.forEach(Part::ensure);
        Api.sleep(Duration.ofSeconds(1));
        writing = false;
        for (Thread writer : writers) {
            writer.join();
        }
        long begun = System.nanoTime();
        settle(api);
        Duration caughtUp = Duration.ofNanos(System.nanoTime() - begun);
        List<String> missing = changes.missing();
        missing.addAll(differing(api));
        report(api, changes, caughtUp, missing);
        changes.close();
        return missing.isEmpty();
    }

    private void database(String postgres) throws IOException {
        Part database = part(
                "postgresql",
                List.of(
                        "setpriv",
                        "--reuid=postgres",
                        "--regid=postgres",
                        "--clear-groups",
                        postgres + "/postgres",
                        "-D",
                        folder.resolve("database").toString(),
                        "-p",
                        Integer.toString(DATABASE_PORT),
                        "-k",
                        folder.resolve("database").toString(),
                        "-c",
                        "listen_addresses=127.0.0.1"));
        database.start();
    }

    private Part part(String name, List<String> command) {
        Part part = new Part(name, folder, command);
        parts.add(part);
        return part;
    }

    private void awaitReady(Part part, int port, String path) {
        Api probe = new Api(List.of(URI.create("http://127.0.0.1:" + port)), "");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            part.ensure();
            HttpResponse<String> answer = probe.visit(port, "127.0.0.1", path);
            if (answer != null && answer.statusCode() == 200) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(part.name() + " did not start");
            }
            Api.sleep(STEP);
        }
    }

    private void kill() {
        int turn = 0;
        try {
            while (killing) {
                Api.sleep(Duration.ofMillis(LEAST_CALM_MILLIS + random.nextInt(MORE_CALM_MILLIS)));
                List<Part> victims = replicas
                        ? parts.stream()
                                .filter(part -> part.name().startsWith(CONTROL_PLANE))
                                .toList()
                        : parts;
                Part victim = victims.get(replicas ? turn++ % victims.size() : random.nextInt(victims.size()));
                victim.kill();
                Api.sleep(Duration.ofMillis(random.nextInt(LONGEST_DOWN_MILLIS)));
                // A control plane without its database ends with a word about it, and is started again like any other.
                parts.forEach(Part::ensure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until both nodes are connected and behind by nothing. */
    private void settle(Api api) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            parts.forEach(Part::ensure);
            HttpResponse<String> nodes = api.once("GET", "/v1/nodes", "", "", "");
            if (nodes != null
                    && count(nodes.body(), "\"connected\":true") == NODES.size()
                    && count(nodes.body(), "\"behind\":0[,}]") == NODES.size()) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "the nodes have not caught up: " + (nodes == null ? "no answer" : nodes.body()));
            }
            Api.sleep(STEP);
        }
    }

    /** Nodes whose stored state, looked at from now on, is not what the log says; and any that was not during the drill. */
    private List<String> differing(Api api) throws IOException {
        Instant from = Instant.now();
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < NODES.size(); i++) {
            Matcher last;
            do {
                if (Instant.now().isAfter(from.plus(PATIENCE))) {
                    throw new IllegalStateException("node-" + i + " was not compared within " + PATIENCE);
                }
                Api.sleep(STEP);
                last = COMPARISON.matcher(api.get("/v1/nodes/node-" + i).body());
            } while (!last.find() || Instant.parse(last.group(1)).isBefore(from));
            if (!last.group(2).equals("0")) {
                differing.add("state of node-" + i + ": " + last.group(2) + " parts are not what the log says");
            }
        }
        for (int i = 0; i < apis.size(); i++) {
            String log = Files.readString(folder.resolve(CONTROL_PLANE + i + ".log"));
            long found = count(log, "is not what the log says, in");
            if (found > 0) {
                differing.add(CONTROL_PLANE + i + " found states that were not what the log says " + found + " times");
            }
        }
        return differing;
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().count();
    }

    private static String field(@Nullable HttpResponse<String> answer, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(answer == null ? "" : answer.body());
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in the answer");
        }
        return found.group(1);
    }

    private String controlPlane(int i) throws IOException {
        return write("control-plane-" + i + ".yaml", """
                listen: "127.0.0.1:%d"
                data: "%s"
                store: %s
                sync: {compare: 2s%s}
                functions: {spareHosts: 0}
                limits: {callsPerSecond: 1000, callBurst: 10000}
                """.formatted(
                apis.get(i),
                folder.resolve("control-plane-" + i),
                sqlite ? "{}" : "{url: \"jdbc:postgresql://127.0.0.1:" + DATABASE_PORT + "/postgres\", user: postgres}",
                nats ? ", " + bus() : ""));
    }

    private String node(int i, String token) throws IOException {
        return write("node-" + i + ".yaml", """
                node: node-%d
                http: {listen: "127.0.0.1:%d"}
                https: {listen: "127.0.0.1:%d"}
                admin: {listen: "127.0.0.1:%d"}
                controlPlane: {urls: [%s], token: "%s"}
                sync: {%s}
                data: "%s"
                cache: {memoryBytes: 64MiB, diskBytes: 512MiB}
                functions: {spareHosts: 0}
                networks: {origins: [127.0.0.0/8]}
                """.formatted(
                i,
                NODES.get(i),
                NODES.get(i) + 1,
                NODES.get(i) + 20,
                apis.stream().map(port -> "\"http://127.0.0.1:" + port + "\"").collect(Collectors.joining(", ")),
                token,
                bus(),
                folder.resolve("node-" + i)));
    }

    private String bus() {
        return nats ? "nats: {servers: [\"nats://127.0.0.1:" + NATS_PORT + "\"]}" : "";
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @SuppressWarnings("SystemOut")
    private void report(Api api, Changes changes, Duration caughtUp, List<String> missing) {
        System.out.println("| changes acknowledged | of them purges | calls without a known outcome, repeated | kills |"
                + " nodes level again after | changes missing |");
        System.out.println("|---|---|---|---|---|---|");
        String kills = parts.stream()
                .map(part -> part.name() + " " + part.kills())
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        System.out.println("| " + api.acknowledged() + " | " + changes.purges() + " | " + api.repeated() + " | " + kills
                + " | " + caughtUp.toMillis() + " ms | " + missing.size() + " |");
        missing.forEach(System.out::println);
    }
}
