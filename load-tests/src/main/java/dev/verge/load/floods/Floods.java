package dev.verge.load.floods;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a client that behaves well gets while others flood the node. Arguments: HTTP port, TLS port, seconds of each attack,
 * seconds of ordinary requests before the first. Prints a table; exits with 1 when a row misses 99 % or 100 ms at the 99th percentile.
 */
public final class Floods {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int WARM_CLIENTS = 16;
    private static final double SHARE = 0.99;
    private static final double P99_MILLIS = 100;

    private Floods() {}

    /** The requests of one row. */
    private record Row(int asked, int answered, double p50, double p99, double longest) {
        boolean kept() {
            return answered >= SHARE * asked && p99 < P99_MILLIS;
        }
    }

    /** Runs all attacks one after the other, each after a quiet moment. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        int http = Integer.parseInt(arguments[0]);
        int https = Integer.parseInt(arguments[1]);
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[2]));
        Duration warmUp = Duration.ofSeconds(Long.parseLong(arguments[3]));
        List<Attack> attacks = List.of(
                new Attack("slow heads", 1_000, false, Attack::slowHead),
                new Attack("slow bodies", 1_000, false, Attack::slowBody),
                new Attack("slow readers", 500, false, Attack::slowReader),
                new Attack("connections that ask for nonsense", 50, false, Attack::connections),
                new Attack("TLS handshakes left unfinished", 50, true, Attack::handshakes),
                new Attack("HTTP/2 rapid reset", 8, false, Http2Flood::rapidReset),
                new Attack("HTTP/2 MadeYouReset", 8, false, Http2Flood::madeYouReset),
                new Attack("HTTP/2 CONTINUATION", 8, false, Http2Flood::continuation),
                new Attack("HTTP/2 settings", 8, false, Http2Flood::settings),
                new Attack("HTTP/2 pings", 8, false, Http2Flood::ping),
                new Attack("HTTP/2 shut windows", 100, false, Http2Flood::zeroWindow));
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(ANSWER)
                .build()) {
            warmUp(client, http, warmUp);
            System.out.println("| attack | connections at a time | opened | answered | p50 | p99 | longest |");
            System.out.println("|---|---|---|---|---|---|---|");
            print("none", 0, 0, measure(client, http, length));
            boolean kept = true;
            for (Attack attack : attacks) {
                Row row;
                long opened;
                try (Attack.Running running = attack.start(attack.tls() ? https : http)) {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
                    row = measure(client, http, length);
                    opened = running.opened();
                }
                print(attack.name(), attack.connections(), opened, row);
                kept &= row.kept();
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
            System.exit(kept ? 0 : 1);
        }
    }

    /** A node that meets its first flood has served before; one that has just started compiles its code beside the attackers. */
    private static void warmUp(HttpClient client, int port, Duration time) throws InterruptedException {
        Thread[] clients = new Thread[WARM_CLIENTS];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = Thread.ofVirtual().start(() -> {
                try {
                    measure(client, port, time);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        for (Thread each : clients) {
            each.join();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void print(String name, int connections, long opened, Row row) {
        System.out.printf(
                "| %s | %d | %d | %.2f %% of %d | %.1f ms | %.1f ms | %.1f ms |%s%n",
                name,
                connections,
                opened,
                100.0 * row.answered / Math.max(1, row.asked),
                row.asked,
                row.p50,
                row.p99,
                row.longest,
                row.kept() ? "" : " missed");
    }

    /** Half of the requests are answered from the cache, half by an origin. */
    private static Row measure(HttpClient client, int port, Duration length) throws InterruptedException {
        List<Double> millis = new ArrayList<>();
        int asked = 0;
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            String path = asked % 2 == 0 ? "/css/reveal.css" : "/api/time?n=" + asked;
            long begun = System.nanoTime();
            asked++;
            try {
                int status = client.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                        .timeout(ANSWER)
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                if (status == 200) {
                    millis.add((System.nanoTime() - begun) / 1e6);
                }
            } catch (IOException failed) {
                // Counted by its absence.
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        List<Double> sorted = millis.stream().sorted().toList();
        return new Row(asked, sorted.size(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }
}
