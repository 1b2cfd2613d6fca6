package dev.verge.load.drills;

import dev.verge.load.drills.DrillOrigin.Behaviour;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Runs all drills against a node and prints the table; exits with 1 when one of them broke its promise. */
public final class Drills {
    private static final int CLIENTS = 16;
    private static final Duration WARM = Duration.ofSeconds(15);
    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration STORM = Duration.ofMillis(2500);
    private static final String HOST = "127.0.0.1";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI api;
    private final String token;
    private final URI edge;
    private final URI admin;
    private int published;

    /** One request of a drill. */
    private record Seen(long endNanos, long tookNanos, boolean good) {}

    private Drills(URI api, String token, URI edge, URI admin) {
        this.api = api;
        this.token = token;
        this.edge = edge;
        this.admin = admin;
    }

    /** Arguments: URL of the control plane, token, URL of the edge, URL of the node's administration port. */
    public static void main(String[] args) throws Exception {
        if (args.length != 4) {
            System.err.println("usage: load-tests/drills");
            System.exit(2);
        }
        Drills drills = new Drills(URI.create(args[0]), args[1], URI.create(args[2]), URI.create(args[3]));
        System.exit(drills.run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        boolean kept = true;
        System.out.println(
                "| drill | expected failures | requests | failed before the first ejection | after it | added p50 | added p99 |");
        System.out.println("|---|---|---|---|---|---|---|");
        try (Origins origins = new Origins(4)) {
            publish(origins, 4, "retries: {attempts: 2}");
            load(WARM);
            for (Drill drill : Drill.all()) {
                kept &= run(drill, origins);
            }
        }
        return kept;
    }

    private boolean run(Drill drill, Origins origins) throws Exception {
        origins.behave(0, 4, Behaviour.GOOD);
        publish(origins, drill.origins(), drill.options());
        load(Duration.ofMillis(300));
        List<Seen> calm = load(CALM);
        AtomicLong ejected = new AtomicLong(Long.MAX_VALUE);
        Thread watch = Thread.ofVirtual().start(() -> watchEjections(ejected));
        Thread trouble = Thread.ofVirtual().start(() -> makeTrouble(drill, origins));
        List<Seen> storm = load(STORM);
        trouble.interrupt();
        watch.interrupt();
        trouble.join();
        watch.join();
        // A request that was on its way at the moment of the ejection had chosen before it.
        long begunBefore = storm.stream()
                .filter(seen -> !seen.good && seen.endNanos - seen.tookNanos - ejected.get() <= 0)
                .count();
        long begunAfter = storm.stream()
                .filter(seen -> !seen.good && seen.endNanos - seen.tookNanos - ejected.get() > 0)
                .count();
        boolean kept = (drill.before() || begunBefore == 0) && (drill.after() || begunAfter == 0);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %d | %s | %.1f ms | %.1f ms |%s%n",
                drill.name(),
                drill.expected(),
                storm.size(),
                begunBefore,
                ejected.get() == Long.MAX_VALUE ? "-" : Long.toString(begunAfter),
                millis(storm, 50) - millis(calm, 50),
                millis(storm, 99) - millis(calm, 99),
                kept ? "" : " broken");
        return kept;
    }

    private static void makeTrouble(Drill drill, Origins origins) {
        Duration flip = drill.flip();
        LockSupport.parkNanos(100_000_000);
        Behaviour now = drill.behaviour();
        origins.behave(0, drill.bad(), now);
        while (flip != null && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(flip.toNanos());
            now = now == Behaviour.GOOD ? drill.behaviour() : Behaviour.GOOD;
            origins.behave(0, drill.bad(), now);
        }
    }

    private void watchEjections(AtomicLong ejected) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                HttpRequest request =
                        HttpRequest.newBuilder(admin.resolve("/metrics")).build();
                boolean any = http.send(request, BodyHandlers.ofString())
                        .body()
                        .lines()
                        .anyMatch(line -> line.startsWith("verge_origin_ejected{") && line.endsWith(" 1.0"));
                if (any) {
                    ejected.set(System.nanoTime());
                    return;
                }
                LockSupport.parkNanos(10_000_000);
            } catch (IOException | InterruptedException over) {
                return;
            }
        }
    }

    /** Keeps all clients busy for a time, each with one request after the other. */
    private List<Seen> load(Duration time) throws InterruptedException {
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        long end = System.nanoTime() + time.toNanos();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < end) {
                    seen.add(request());
                }
            }));
        }
        for (Thread client : clients) {
            client.join();
        }
        return List.copyOf(seen);
    }

    private Seen request() {
        long begun = System.nanoTime();
        boolean good;
        try {
            HttpRequest request = HttpRequest.newBuilder(edge.resolve("/drill?" + begun))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            good = answer.statusCode() == 200 && answer.body().length() == 4;
        } catch (IOException failed) {
            good = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            good = false;
        }
        long now = System.nanoTime();
        return new Seen(now, now - begun, good);
    }

    private static double millis(List<Seen> seen, int percentile) {
        long[] sorted = seen.stream().mapToLong(Seen::tookNanos).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, sorted.length * percentile / 100)] / 1e6;
    }

    /** A pool of another name each time: nothing is remembered of its origins. */
    private void publish(Origins origins, int count, String options) throws IOException, InterruptedException {
        published++;
        String site = "site: drill\nhosts: [" + HOST + "]\ncache: {collapse: false}\npools: {p" + published
                + ": {origins: [" + origins.urls(count) + "], method: round-robin, " + options + "}}\n";
        HttpResponse<String> answer = send(HttpRequest.newBuilder(api.resolve("/v1/sites/drill"))
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(site)));
        if (answer.statusCode() >= 300) {
            throw new IOException("refused: " + answer.body());
        }
        String metric = "pool=\"p" + published + "\"";
        while (!send(HttpRequest.newBuilder(admin.resolve("/metrics"))).body().contains(metric)) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.header("Authorization", "Bearer " + token).build(), BodyHandlers.ofString());
    }

    /** The origins of all drills. */
    private static final class Origins implements AutoCloseable {
        private final List<DrillOrigin> all = new ArrayList<>();

        Origins(int count) {
            for (int i = 0; i < count; i++) {
                all.add(new DrillOrigin());
            }
        }

        void behave(int from, int to, Behaviour behaviour) {
            for (int i = from; i < to; i++) {
                all.get(i).behave(behaviour);
            }
        }

        String urls(int count) {
            return all.stream()
                    .limit(count)
                    .map(origin -> "{url: \"http://" + HOST + ":" + origin.port() + "\"}")
                    .collect(Collectors.joining(", "));
        }

        @Override
        public void close() {
            all.forEach(DrillOrigin::close);
        }
    }
}
