package dev.verge.load.upgrades;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Asks a node by every kind of connection until a file appears, and prints what became of the requests. Arguments: HTTP port, TLS
 * port, the file. Exits with 1 when a request failed.
 */
public final class Upgrades {
    private static final int CLIENTS_OF_A_KIND = 4;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Between two requests of a client: the new process needs cores to start on, as on any machine that is upgraded with care. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Map<String, Samples> kinds = new TreeMap<>();
    private final Path stop;

    private Upgrades(Path stop) {
        this.stop = stop;
    }

    /** What became of one kind of request. */
    private static final class Samples {
        private final List<Long> micros = new ArrayList<>();
        private final Map<String, Integer> failures = new ConcurrentHashMap<>();
        private final AtomicInteger failed = new AtomicInteger();

        synchronized void took(long nanos) {
            micros.add(TimeUnit.NANOSECONDS.toMicros(nanos));
        }

        void failed(String how) {
            failed.incrementAndGet();
            failures.merge(how, 1, Integer::sum);
        }

        synchronized String row(String kind) {
            List<Long> sorted = micros.stream().sorted().toList();
            return "| %s | %d | %d | %.1f ms | %.1f ms | %.1f ms |"
                    .formatted(
                            kind,
                            sorted.size() + failed.get(),
                            failed.get(),
                            at(sorted, 0.5),
                            at(sorted, 0.99),
                            at(sorted, 1));
        }

        private static double at(List<Long> sorted, double share) {
            return sorted.isEmpty()
                    ? 0
                    : sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size()))) / 1e3;
        }
    }

    /** One request after the other on one thread; throws what went wrong. */
    private interface Client {
        int ask() throws Exception;
    }

    /** Runs until the file is there. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
        int http = Integer.parseInt(arguments[0]);
        int https = Integer.parseInt(arguments[1]);
        Upgrades load = new Upgrades(Path.of(arguments[2]));
        List<Thread> clients = new ArrayList<>();
        SSLContext tls = Trust.everybody();
        for (int i = 0; i < CLIENTS_OF_A_KIND; i++) {
            String path = i % 2 == 0 ? "/css/reveal.css" : "/api/time?client=" + i;
            clients.add(load.start("HTTP/1.1, kept connections", kept(SocketFactory.getDefault(), http, path)));
            clients.add(load.start("HTTP/1.1, a connection each", once(SocketFactory.getDefault(), http, path)));
            clients.add(load.start("HTTP/1.1 over TLS, kept connections", kept(tls.getSocketFactory(), https, path)));
            clients.add(load.start("HTTP/1.1 over TLS, a connection each", once(tls.getSocketFactory(), https, path)));
            clients.add(load.start("HTTP/2 over TLS", http2(tls, https, path)));
        }
        clients.add(load.start(
                "a function, kept connections", kept(SocketFactory.getDefault(), http, "/hello?name=upgrade")));
        for (Thread client : clients) {
            client.join();
        }
        System.out.println("| requests | answered or failed | failed | p50 | p99 | longest |");
        System.out.println("|---|---|---|---|---|---|");
        boolean failed = false;
        for (Map.Entry<String, Samples> kind : load.kinds.entrySet()) {
            System.out.println(kind.getValue().row(kind.getKey()));
            failed |= kind.getValue().failed.get() > 0;
        }
        load.kinds.forEach((kind, samples) -> samples.failures.forEach(
                (how, count) -> System.out.println("failed: " + kind + ": " + count + " x " + how)));
        System.exit(failed ? 1 : 0);
    }

    private Thread start(String kind, Client client) {
        Samples samples = kinds.computeIfAbsent(kind, name -> new Samples());
        return Thread.ofPlatform().start(() -> {
            while (!Files.exists(stop)) {
                long begun = System.nanoTime();
                try {
                    int status = client.ask();
                    if (status == 200) {
                        samples.took(System.nanoTime() - begun);
                    } else {
                        samples.failed("status " + status);
                    }
                } catch (Exception e) {
                    samples.failed(e.toString());
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        });
    }

    private static Client once(SocketFactory sockets, int port, String path) {
        return () -> {
            try (Connection connection = new Connection(sockets, port)) {
                return connection.ask(path).status();
            }
        };
    }

    private static Client kept(SocketFactory sockets, int port, String path) {
        return new Client() {
            private @Nullable Connection connection;

            @Override
            public int ask() throws IOException {
                Connection used = connection == null ? new Connection(sockets, port) : connection;
                connection = used;
                boolean stays = false;
                try {
                    Connection.Answer answer = used.ask(path);
                    stays = !answer.closes();
                    return answer.status();
                } finally {
                    if (!stays) {
                        connection = null;
                        used.close();
                    }
                }
            }
        };
    }

    private static Client http2(SSLContext tls, int port, String path) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(tls)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(ANSWER)
                .build();
        return () -> client.send(request, BodyHandlers.ofByteArray()).statusCode();
    }
}
