package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.server.KvWriter;
import io.netty.util.ResourceLeakDetector;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Values of up to 25 MiB that functions of a real node write and read, streamed and whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongValuesTest {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private static final int LONGEST = KvEntry.MAX_BYTES;

    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        // Watched for leaks, a WebSocket's server takes a second for 300 KB.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        installation = new Installation(data, "functions: {spareHosts: 1}");
        Installation.until(
                "a function host",
                () -> installation
                        .send(HttpRequest.newBuilder(installation.admin("/readyz"))
                                .build())
                        .body()
                        .contains("\"functions\":\"warm(1)\""));
        installation.onKvWrite((from, write) -> write.key().equals("forbidden")
                ? Future.failedFuture(new KvWriter.Refused("this key is taken"))
                : write(write));
        installation.publishFunction(
                "keeper",
                """
                export default { async fetch(request, env) {
                  const url = new URL(request.url);
                  const key = url.searchParams.get("key");
                  try {
                    switch (url.pathname) {
                      case "/put":
                        await env.FILES.put(key, request.body, {metadata: {by: "stream"}});
                        return new Response("put");
                      case "/get": {
                        const {value, metadata} = await env.FILES.getWithMetadata(key, "stream");
                        return new Response(value, {headers: {"x-metadata": JSON.stringify(metadata)}});
                      }
                      case "/fill": {
                        const bytes = new Uint8Array(Number(url.searchParams.get("bytes")));
                        await env.FILES.put(key, bytes.buffer);
                        return new Response("filled");
                      }
                      case "/length":
                        return new Response(String((await env.FILES.get(key, "arrayBuffer")).byteLength));
                      case "/chars":
                        return new Response(String((await env.FILES.get(key, "text")).length));
                      case "/begin": {
                        const reader = (await env.FILES.get(key, "stream")).getReader();
                        const {value} = await reader.read();
                        await reader.cancel();
                        return new Response(String(value[0]));
                      }
                      default:
                        return new Response("none", {status: 404});
                    }
                  } catch (e) {
                    return new Response(e.name + ": " + e.message, {status: 500});
                  }
                } }""",
                FunctionManifest.read("{kv: {FILES: files}, limits: {cpu: 2s, memoryBytes: 256MiB}}")
                        .orThrow(),
                Map.of());
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:9"}]}}
                functions: {keeper: {function: keeper}}
                rules: [{name: keep, when: {path: "/**"}, do: [{run: keeper}]}]
                """);
        // A host of that size is none of the spares.
        Installation.until(
                "the function's own host", () -> installation.get("/none").statusCode() == 404);
    }

    @AfterAll
    void stop() {
        ResourceLeakDetector.setLevel(before);
        installation.close();
    }

    /** As a control plane does: a long value as a blob. */
    private Future<Void> write(KvWrite write) {
        byte[] value = Base64.getDecoder().decode(String.valueOf(write.value()));
        boolean inline = value.length <= KvEntry.MAX_INLINE_BYTES;
        String sha256 = hash(value);
        installation.log.blob(sha256, value);
        installation.log.commit(new KvEntry(
                write.account(),
                write.namespace(),
                write.key(),
                inline ? write.value() : null,
                inline ? null : sha256,
                value.length,
                write.metadata(),
                write.expires()));
        return Future.succeededFuture();
    }

    @Test
    void theLongestValueIsStreamedInAndOut() throws Exception {
        byte[] value = random(LONGEST);
        assertThat(send("/put?key=posted", BodyPublishers.ofByteArray(value)).body())
                .isEqualTo("put");
        assertThat(await("posted")).isEqualTo(LONGEST);
        HttpResponse<byte[]> read =
                installation.client.send(installation.request("/get?key=posted").build(), BodyHandlers.ofByteArray());
        assertThat(read.body()).isEqualTo(value);
        assertThat(read.headers().firstValue("x-metadata")).contains("{\"by\":\"stream\"}");
        assertThat(installation.get("/begin?key=posted").body()).isEqualTo(Integer.toString(value[0] & 0xff));

        HttpResponse<String> longer = send("/put?key=longer", BodyPublishers.ofByteArray(random(LONGEST + 1)));
        assertThat(longer.body())
                .isEqualTo("TypeError: the value is longer than 26214400 bytes, the most that a key may have");
        assertThat(send("/put?key=forbidden", BodyPublishers.ofByteArray(random(200_000)))
                        .body())
                .isEqualTo("TypeError: this key is taken");
    }

    @Test
    void aLongValueIsWrittenAndReadWhole() {
        assertThat(installation.get("/fill?key=filled&bytes=3000000").body()).isEqualTo("filled");
        assertThat(await("filled")).isEqualTo(3_000_000);
        assertThat(installation.get("/chars?key=filled").body()).isEqualTo("3000000");
        assertThat(installation.get("/fill?key=over&bytes=" + (LONGEST + 1)).body())
                .isEqualTo("TypeError: put: the value is longer than 25 MiB");
    }

    @Test
    void whatIsNotHereYetKeepsNothingWaitingAndTheValueBeforeIsRead() throws Exception {
        send("/put?key=late", BodyPublishers.ofByteArray(random(100_000)));
        assertThat(await("late")).isEqualTo(100_000);
        byte[] next = random(200_000);
        long behind = installation.log.commit(
                new KvEntry("default", "files", "late", null, hash(next), next.length, null, null));
        installation.applied(behind);
        assertThat(installation.get("/length?key=late").body()).isEqualTo("100000");
        assertThat(installation
                        .send(HttpRequest.newBuilder(installation.admin("/metrics"))
                                .build())
                        .body())
                .contains("verge_kv_arriving 1.0");
        installation.log.blob(hash(next), next);
        Installation.until(
                "the value that is late",
                () -> installation.get("/length?key=late").body().equals("200000"));
    }

    @Test
    void manyThatReadSlowlyHoldNoWholeValuesInTheNode() throws Exception {
        send("/put?key=slow", BodyPublishers.ofByteArray(random(LONGEST)));
        assertThat(await("slow")).isEqualTo(LONGEST);
        long before = used();
        List<InputStream> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(installation
                    .client
                    .send(
                            installation
                                    .request("/get?key=slow")
                                    .timeout(Duration.ofSeconds(60))
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .body());
        }
        for (InputStream each : readers) {
            assertThat(each.read()).isNotNegative();
        }
        assertThat(used() - before).as("12 readers of 25 MiB that stand still").isLessThan(100L << 20);
        for (InputStream each : readers) {
            each.close();
        }
    }

    /** Bytes that live in this process, which is the node's. */
    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Bytes of a value, once the node has it. */
    private int await(String key) {
        AtomicReference<HttpResponse<String>> length = new AtomicReference<>();
        Installation.until("the value " + key, () -> {
            length.set(installation.get("/length?key=" + key));
            return length.get().statusCode() == 200;
        });
        return Integer.parseInt(length.get().body());
    }

    private HttpResponse<String> send(String path, BodyPublisher body) throws IOException, InterruptedException {
        return installation.client.send(installation.request(path).POST(body).build(), BodyHandlers.ofString());
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
