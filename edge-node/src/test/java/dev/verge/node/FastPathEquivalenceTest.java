package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.RequestMix.Again;
import dev.verge.node.RequestMix.Event;
import dev.verge.node.RequestMix.Publish;
import dev.verge.node.RequestMix.Purge;
import dev.verge.node.RequestMix.Send;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.PurgeTarget;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody can tell whether a hit was answered the short way: the same made-up sequences of requests, purges and versions of the site are
 * sent to a node with the short way and one without, under clocks that go alike; bytes, access records and counters have to be the
 * same. {@code -Dfast.seeds=N} tries more sequences, {@code -Dfast.from=SEED} begins elsewhere.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FastPathEquivalenceTest {
    private static final int SEEDS = Integer.getInteger("fast.seeds", 8);
    private static final long FROM = Long.getLong("fast.from", 1);
    private static final int EVENTS = 30;
    private static final Instant START = Instant.parse("2025-11-25T12:00:00.250Z");

    private final AccessLines log = new AccessLines();
    private Side fast;
    private Side ordinary;

    @BeforeAll
    void start(@TempDir Path data) {
        fast = new Side(data.resolve("fast"), true);
        ordinary = new Side(data.resolve("ordinary"), false);
    }

    @AfterAll
    void stop() {
        fast.installation.close();
        ordinary.installation.close();
        log.close();
    }

    @Test
    void theShortWayIsTheSameInEveryByteRecordAndCounter() {
        long before = fast.counters().getOrDefault("verge_requests_fast_total", 0L);
        long plainBefore = fast.counters().getOrDefault("verge_requests_plain_total", 0L);
        for (long seed = FROM; seed < FROM + SEEDS; seed++) {
            List<Event> events = new RequestMix(seed).events(EVENTS);
            Run one = fast.run(seed, events);
            Run other = ordinary.run(seed, events);
            for (int i = 0; i < events.size(); i++) {
                assertThat(one.answers().get(i))
                        .as("seed %d, event %d: %s", seed, i, events.get(i))
                        .isEqualTo(other.answers().get(i));
            }
            assertThat(one.certain()).as("records of seed %d", seed).isEqualTo(other.certain());
            if (one.certain().equals(one.records()) && other.certain().equals(other.records())) {
                assertThat(one.counters()).as("counters of seed %d", seed).isEqualTo(other.counters());
            }
        }
        long answered = fast.counters().getOrDefault("verge_requests_fast_total", 0L) - before;
        assertThat(answered).as("answered the short way").isGreaterThan(SEEDS * 5L);
        assertThat(fast.counters().getOrDefault("verge_requests_plain_total", 0L) - plainBefore)
                .as("went through all phases without the server library")
                .isGreaterThan(SEEDS);
        assertThat(ordinary.counters().get("verge_requests_fast_total")).isNull();
    }

    @Test
    void streamsOfHttp2AreAnsweredTheSame() {
        for (int version = 0; version < 5; version++) {
            fast.publish(version);
            ordinary.publish(version);
            for (Side side : List.of(fast, ordinary)) {
                side.installation.purge(new PurgeTarget.Everything(true), false);
            }
            long before = fast.counters().getOrDefault("verge_requests_fast_total", 0L);
            SortedMap<String, Long> one = fast.counters();
            SortedMap<String, Long> other = ordinary.counters();
            for (int round = 0; round < 3; round++) {
                for (List<String> asked : StreamMix.REQUESTS) {
                    assertThat(fast.stream(asked))
                            .as("version %d, round %d: %s", version, round, asked)
                            .isEqualTo(ordinary.stream(asked));
                }
                fast.clock.advance(Duration.ofMillis(700));
                ordinary.clock.advance(Duration.ofMillis(700));
            }
            // A client may have the whole answer before the node has counted the request.
            Installation.until("all requests are counted", () -> !fast.busy() && !ordinary.busy());
            assertThat(fast.since(one)).as("counters of version %d", version).isEqualTo(ordinary.since(other));
            long answered = fast.counters().getOrDefault("verge_requests_fast_total", 0L) - before;
            assertThat(answered > 10)
                    .as("%d answered the short way with version %d", answered, version)
                    .isEqualTo(version != 2); // whose rules look at fields
        }
        for (Side side : List.of(fast, ordinary)) {
            side.connection(0, true).exchange("", "streams");
            log.until("streams");
            side.drop(0);
        }
    }

    private record Run(List<String> answers, List<String> records, SortedMap<String, Long> counters) {
        /** Whether a request is begun that stands behind one that ended its connection is decided by who is quicker. */
        List<String> certain() {
            return records.stream()
                    .filter(record -> !record.contains("client-gone"))
                    .toList();
        }
    }

    /** One node with its origin and clock. */
    private final class Side {
        private final ManualClock clock = new ManualClock(START);
        private final Installation installation;
        private final HttpServer origin;
        private final HttpClient http2;
        private final @Nullable EquivalenceClient[] connections = new EquivalenceClient[3];

        Side(Path data, boolean shortWay) {
            installation = new Installation(data, "limits: {memoryPercent: 100}", new Seams(clock, shortWay, true));
            http2 = installation.vertx.createHttpClient(
                    new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setHttp2ClearTextUpgrade(false),
                    new PoolOptions().setHttp2MaxSize(1));
            origin = Installation.await(installation
                    .vertx
                    .createHttpServer()
                    .requestHandler(EquivalenceOrigin::answer)
                    .listen(0, "127.0.0.1"));
        }

        Run run(long seed, List<Event> events) {
            SortedMap<String, Long> before = counters();
            publish(0);
            installation.purge(new PurgeTarget.Everything(true), false);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                answers.add(normalised(happen(events.get(i), "seed" + seed + "-" + i)));
                settle();
            }
            for (int i = 0; i < connections.length; i++) {
                drop(i);
            }
            String last = "last" + seed;
            connection(0, true).exchange("", last);
            List<String> records = log.until(last).stream()
                    .map(line -> line.replaceAll("\"(requestId|micros|traceId)\":[^,}]*", "\"$1\":")
                            .replaceAll("127.0.0.1:\\d+", "ORIGIN"))
                    .sorted()
                    .toList();
            SortedMap<String, Long> counted = since(before);
            drop(0);
            return new Run(answers, records, counted);
        }

        /** What is renewed behind an answer's back is there before the next event, on both sides. */
        private void settle() {
            Installation.until(
                    "everything is fetched",
                    () -> installation
                            .send(HttpRequest.newBuilder(installation.admin("/metrics"))
                                    .build())
                            .body()
                            .lines()
                            .filter(line -> line.startsWith("verge_pool_requests{")
                                    || line.startsWith("verge_cache_fills_active "))
                            .allMatch(line -> line.endsWith(" 0.0")));
        }

        private void publish(int version) {
            String document = document(version);
            assertThat(SiteDocument.read(document)).isInstanceOf(Bound.Valid.class);
            installation.publish(document);
        }

        private String happen(Event event, String mark) {
            return switch (event) {
                case Publish publish -> {
                    publish(publish.version());
                    yield "";
                }
                case Purge purge -> {
                    PurgeTarget target = purge.path().isEmpty()
                            ? new PurgeTarget.Everything(true)
                            : new PurgeTarget.Prefixes(List.of(purge.path()));
                    installation.purge(target, purge.soft());
                    yield "";
                }
                case Again again -> {
                    clock.advance(Duration.ofMillis(again.pauseMillis()));
                    StringBuilder answers = new StringBuilder();
                    for (int i = 0; i < again.times(); i++) {
                        answers.append(connection(again.connection(), false).one(again.bytes()));
                    }
                    yield answers.toString();
                }
                case Send send -> {
                    clock.advance(Duration.ofMillis(send.pauseMillis()));
                    yield connection(send.connection(), send.fresh()).exchange(send.bytes(), send.ends() ? null : mark);
                }
            };
        }

        private EquivalenceClient connection(int number, boolean fresh) {
            if (fresh) {
                drop(number);
            }
            EquivalenceClient open = connections[number];
            if (open == null || open.ended) {
                drop(number);
                open = new EquivalenceClient(installation.node().httpPort());
                connections[number] = open;
            }
            return open;
        }

        private void drop(int number) {
            EquivalenceClient open = connections[number];
            connections[number] = null;
            if (open != null) {
                open.close();
            }
        }

        private String document(int version) {
            return """
                    site: shop
                    hosts: [shop.test, "*.shop.test"]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.actualPort())
                    + switch (version) {
                        case 1 -> """
                        cache: {browserTtl: {mode: override, value: 5m}}
                        rules:
                          - {name: pages, when: {path: "/page*"}, do: [{setResponseHeader: {X-Rule: pages}}, {cache: {edgeTtl: {mode: override, default: 2s}}}]}
                        """;
                        case 2 -> """
                        rules:
                          - {name: few, when: {path: "/limited/*"}, do: [{rateLimit: {requests: 3, per: 1h, by: client-ip}}]}
                          - {name: kinds, when: {header: {X-Kind: a}}, do: [{deny: {status: 403}}]}
                        """;
                        case 3 -> """
                        debug: {allow: [127.0.0.0/8]}
                        cache: {key: {query: {mode: deny, names: [a]}}}
                        """;
                        case 4 -> """
                        rules:
                          - {name: few, when: {path: "/limited/*"}, do: [{rateLimit: {requests: 3, per: 1h, by: client-ip}}]}
                          - {name: elsewhere, when: {path: "/moved"}, do: [{redirect: {to: "/${header.X-Kind}"}}]}
                          - {name: marked, when: {path: "/weak"}, do: [{setRequestHeader: {X-Mark: "${requestId}"}}]}
                          - {name: small, do: [{compress: true}]}
                        """;
                        default -> "";
                    };
        }

        /** The answer to a request over HTTP/2, on one connection. */
        String stream(List<String> asked) {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.valueOf(asked.get(0)))
                    .setHost("shop.test")
                    .setServer(
                            SocketAddress.inetSocketAddress(installation.node().httpPort(), "127.0.0.1"))
                    .setURI(asked.get(1));
            for (int i = 2; i < asked.size(); i += 2) {
                options.addHeader(asked.get(i), asked.get(i + 1));
            }
            // On one loop from the beginning, so that no content comes before somebody waits for it.
            Future<String> answered =
                    Future.future(done -> installation.vertx.runOnContext(begin -> http2.request(options)
                            .compose(HttpClientRequest::send)
                            .compose(answer -> answer.body().map(body -> text(answer, body)))
                            .onComplete(done)));
            return Installation.await(answered);
        }

        /** How much counters have grown. */
        SortedMap<String, Long> since(SortedMap<String, Long> before) {
            SortedMap<String, Long> grown = counters();
            grown.replaceAll((name, value) -> value - before.getOrDefault(name, 0L));
            grown.remove("verge_requests_fast_total");
            grown.remove("verge_requests_plain_total");
            return grown;
        }

        /** Whether a request is not over for the node yet. */
        boolean busy() {
            return counters().containsKey("verge_requests_active");
        }

        /** What a scrape tells of requests and the cache. */
        SortedMap<String, Long> counters() {
            SortedMap<String, Long> read = new TreeMap<>();
            String scrape = installation
                    .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                    .body();
            for (String line : scrape.lines().toList()) {
                boolean counts = line.startsWith("verge_requests")
                        || line.startsWith("verge_response_bytes")
                        || line.startsWith("verge_errors")
                        || line.startsWith("verge_cache_lookups")
                        || line.startsWith("verge_cache_hits")
                        || line.startsWith("verge_request_duration_seconds_count");
                int space = line.lastIndexOf(' ');
                double value = counts ? Double.parseDouble(line.substring(space + 1)) : 0;
                if (value != 0) {
                    read.put(line.substring(0, space), (long) value);
                }
            }
            return read;
        }
    }

    private static String text(HttpClientResponse answer, Buffer content) {
        String fields = answer.headers().entries().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .sorted()
                .collect(Collectors.joining("\r\n"));
        return normalised(answer.statusCode() + "\n" + fields + "\n" + content);
    }

    /** What is made up anew for each request. */
    private static String normalised(String bytes) {
        return bytes.replaceAll("[0-9a-f]{32}", "ID")
                .replaceAll("(?i)server-timing: [^\r]*", "timing")
                // Limits go by the machine's own time.
                .replaceAll("retry-after: [0-9]+", "retry-after");
    }
}
