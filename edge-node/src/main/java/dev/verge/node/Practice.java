package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.node.practice.Visit;
import dev.verge.node.practice.Visits;
import dev.verge.node.practice.Way;
import dev.verge.node.tls.OwnCertificate;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.SiteEntry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServerOptions;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * What a node does for {@code warmUp} before it says that it is ready: another one in the same process, with a folder, an origin and a
 * site of its own, answers clients of its own in every usual way. The code is the same, so that of the first one is compiled when
 * somebody asks it. Nothing else is shared: no log, no counter, no cache. Whatever goes wrong costs nothing but speed.
 */
final class Practice implements AutoCloseable {
    private static final String FOLDER = "practice";
    private static final String HOST = "localhost";

    /** One that has not ended so long after its time holds nothing up. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PAUSE = Duration.ofMillis(5);

    /** Of each way to ask. */
    private static final int CONNECTIONS = 3;

    private static final List<Visit> VISITS = List.of(
            Visit.get("/hit"),
            Visit.get("/passed"),
            Visit.get("/hit", "user-agent", "practice", "accept", "*/*", "accept-encoding", "gzip, deflate, br"),
            Visit.get("/hit?miss={}"),
            Visit.get("/passed", "user-agent", "practice", "cookie", "session=0123456789abcdef"),
            Visit.get("/hit", "if-none-match", "\"practised\""),
            new Visit("POST", "/passed", List.of("content-type", "text/plain"), "what a form sends"),
            Visit.get("/hit?{}", "accept", "text/html"),
            Visit.get("/hit", "range", "bytes=100-199"));

    private static final Buffer KEPT = answer("cache-control: max-age=600\r\netag: \"practised\"\r\n");
    private static final Buffer PASSED = answer("cache-control: no-store\r\n");

    private final Path data;
    private final Duration time;
    private final IntSupplier served;
    private final long endNanos;
    private final Visits visits = new Visits(HOST, CONNECTIONS, VISITS);
    private final Promise<Visits.Count> over = Promise.promise();
    private final Thread thread;
    private volatile boolean stopped;

    private Practice(Path data, Duration time, IntSupplier served) {
        this.data = data;
        this.time = time;
        this.served = served;
        this.endNanos = System.nanoTime() + time.toNanos();
        this.thread = Thread.ofPlatform().name("verge-practice").daemon().unstarted(this::run);
    }

    /** The practice of a node with these settings, which serves so many requests at the moment. */
    static Practice of(NodeConfig config, AtomicInteger served) {
        return begin(Path.of(config.data()).toAbsolutePath(), config.warmUp(), served::get);
    }

    /**
     * A practice that begins at once, on a thread of its own, unless it has no time.
     *
     * @param data folder for a folder of its own
     * @param served how many requests of others are under way: while there are any, nothing more is asked
     */
    static Practice begin(Path data, Duration time, IntSupplier served) {
        Practice practice = new Practice(data, time, served);
        if (time.isZero()) {
            practice.over.complete(practice.count());
        } else {
            practice.thread.start();
        }
        return practice;
    }

    /** Completes when nothing more is asked; fails when the practice could not begin, or does not end in time. */
    Future<Visits.Count> over() {
        return over.future().timeout(time.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** So far. */
    Visits.Count count() {
        return visits.count();
    }

    private void run() {
        try {
            forgetEarlier();
            Path folder = Files.createTempDirectory(data, FOLDER);
            try {
                lendCertificate(folder);
                NodeRuntime node = NodeRuntime.start(settings(folder), false, Seams.PRACTICE)
                        .await();
                try {
                    over.complete(practise(node));
                } finally {
                    node.close().await();
                }
            } finally {
                delete(folder);
            }
        } catch (IOException | RuntimeException failure) {
            over.tryFail(failure);
        }
    }

    /** To make another one would take a tenth of the time. */
    private void lendCertificate(Path folder) throws IOException {
        Path own = data.resolve(OwnCertificate.FOLDER);
        if (Files.isDirectory(own)) {
            Path lent = Files.createDirectory(folder.resolve(OwnCertificate.FOLDER));
            try (DirectoryStream<Path> files = Files.newDirectoryStream(own, "node.*")) {
                for (Path file : files) {
                    Files.copy(file, lent.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private Visits.Count practise(NodeRuntime node) {
        String site = """
                site: practice
                hosts: [%s]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                rules:
                  - {name: kept, when: {path: /hit}, do: [{setResponseHeader: {x-practice: "1"}}]}
                  - {name: passed, when: {path: /passed}, do: [{bypassCache: true}]}
                """.formatted(HOST, origin(node.vertx()));
        node.apply(Commit.of(LogEntry.of(1, new SiteEntry("practice", "practice", "practice", 1, site))))
                .await();
        List<Way> ways = List.of(
                new Way(node.httpPort(), false, false),
                new Way(node.httpsPort(), true, false),
                new Way(node.httpsPort(), true, true));
        return visits.until(ways, this::isOver);
    }

    /** Asked before each visit; who is served, or waits for a function host that boots, goes before. */
    private boolean isOver() {
        while (!hasEnded() && served.getAsInt() > 0) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return hasEnded();
    }

    private boolean hasEnded() {
        return stopped || System.nanoTime() - endNanos >= 0;
    }

    private static NodeConfig settings(Path folder) {
        JsonObject anywhere = new JsonObject().put("listen", "127.0.0.1:0");
        JsonObject settings = new JsonObject()
                .put("node", FOLDER)
                .put("http", anywhere)
                .put("https", anywhere)
                .put("admin", anywhere)
                .put("data", folder.toString())
                .put("cache", new JsonObject().put("memoryBytes", "8MiB").put("diskBytes", "16MiB"))
                .put("functions", new JsonObject().put("spareHosts", 0))
                .put("networks", new JsonObject().put("origins", new JsonArray().add("127.0.0.0/8")))
                .put("limits", new JsonObject().put("drain", "0s"))
                .put("warmUp", "0s");
        return Binder.standard().bindText(settings.encode(), NodeConfig.class).orThrow();
    }

    /** What the node fetches from; ends with the node's loops. */
    private static int origin(Vertx vertx) {
        return vertx.createNetServer(new NetServerOptions())
                .connectHandler(connection -> connection.handler(part -> {
                    String request = part.toString(StandardCharsets.ISO_8859_1);
                    if (Character.isUpperCase(request.charAt(0))) { // a method: content is in lower case or in chunks
                        var _ = connection.write(request.contains(" /passed ") ? PASSED : KEPT);
                    }
                }))
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    private static Buffer answer(String fields) {
        String content = "practice".repeat(128);
        return Buffer.buffer(
                "HTTP/1.1 200 OK\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\nserver: practice\r\ncontent-type: text/plain\r\n"
                        + fields + "content-length: " + content.length() + "\r\n\r\n" + content);
    }

    /** What a process that was killed has left. */
    private void forgetEarlier() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(data, FOLDER + "*")) {
            for (Path folder : left) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    /** Ends it early. Blocks. */
    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
