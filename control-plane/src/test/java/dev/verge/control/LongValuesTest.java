package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.kv.KvLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.order.KvWrite;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Values of up to 25 MiB: from callers and from functions, within their bounds, and nothing left of those that break off. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class LongValuesTest {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    @TempDir
    Path folder;

    private final TestStore kind;

    private RunningControlPlane api;
    private TestNode node;
    private Path incoming;

    LongValuesTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        // Watched for leaks, a WebSocket's server takes a second for 300 KB.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        Path data = folder.resolve("control-plane");
        incoming = data.resolve("blobs/incoming");
        api = RunningControlPlane.start(
                RunningControlPlane.on(
                        kind.fresh(),
                        RunningControlPlane.config(
                                data,
                                ApiLimits.defaults(),
                                LogRetention.defaults(),
                                0,
                                new KvLimits(100, 30 << 20, 100, 1 << 20))),
                Clock.systemUTC());
        node = new TestNode(api.base(), api.nodeToken("kv-node"), folder.resolve("node"), entry -> false);
    }

    @AfterEach
    void stop() {
        ResourceLeakDetector.setLevel(before);
        node.close();
        api.close();
    }

    @Test
    void theLongestValueComesInAndGoesOutByteForByteFromCallersAndFunctions() throws IOException {
        String token = api.token("large", "kv", Scope.KV_WRITE);
        byte[] value = random(KvEntry.MAX_BYTES);
        Answer made =
                api.call("PUT", "/v1/kv/files/a").as(token).bytes(value).send().expect(201);
        assertThat(made.json().path("sizeBytes").intValue()).isEqualTo(KvEntry.MAX_BYTES);
        assertThat(api.call("GET", "/v1/kv/files/a").as(token).sendForBytes()).isEqualTo(value);
        KvEntry entry = entry(node.await("kv/large/files/a"));
        assertThat(entry.value()).isNull();
        assertThat(node.blob(String.valueOf(entry.sha256()))).isEqualTo(value);

        if (kind == TestStore.POSTGRESQL) {
            // As at another control plane, which has no file of it.
            String sha256 = String.valueOf(entry.sha256());
            Files.delete(incoming.resolveSibling(sha256.substring(0, 2)).resolve(sha256));
            assertThat(api.call("GET", "/v1/kv/files/a").as(token).sendForBytes())
                    .isEqualTo(value);
        }

        String functions = api.token("functions", "kv", Scope.READ);
        byte[] other = random(KvEntry.MAX_BYTES - 1);
        node.upload(new KvWrite("functions", "files", "b", null, "{\"by\":\"a function\"}", null), other);
        assertThat(api.call("GET", "/v1/kv/files/b").as(functions).sendForBytes())
                .isEqualTo(other);
        assertThat(entry(node.await("kv/functions/files/b")).metadata()).isEqualTo("{\"by\":\"a function\"}");

        Answer longer = api.call("PUT", "/v1/kv/files/c")
                .as(token)
                .bytes(new byte[KvEntry.MAX_BYTES + 1])
                .send()
                .expect(413);
        assertThat(longer.text()).contains("26214400 bytes");
        // What an account holds is bounded, and so is what it writes.
        assertThat(api.call("PUT", "/v1/kv/files/d")
                        .as(token)
                        .bytes(random(6 << 20))
                        .send()
                        .expect(409)
                        .text())
                .contains("31457280");
        assertThat(api.call("PUT", "/v1/kv/files/e")
                        .as(token)
                        .bytes(value)
                        .send()
                        .expect(429)
                        .text())
                .contains("bytes of values a second");
        untilNothingArrives();
    }

    @Test
    void aFunctionsValueOfAMessageIsAsLongAsAMessageTakes() {
        byte[] value = random(KvEntry.MAX_INLINE_BYTES);
        node.write(new KvWrite("default", "files", "inline", Base64.getEncoder().encodeToString(value), null, null));
        assertThat(api.call("GET", "/v1/kv/files/inline").sendForBytes()).isEqualTo(value);
    }

    @Test
    void whoWritesTooManyAtATimeIsToldAndWhatBreaksOffLeavesNothing() throws Exception {
        String token = api.token("slow", "kv", Scope.KV_WRITE);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                slow.add(begin("/v1/kv/files/slow" + i, token));
            }
            until("eight that arrive", () -> metric("verge_kv_arriving") == 8);
            assertThat(left()).isEqualTo(8);
            Answer refused = api.call("PUT", "/v1/kv/files/ninth")
                    .as(token)
                    .bytes(random(100_000))
                    .send()
                    .expect(429);
            assertThat(refused.text()).contains("An account has 8 values above 65536 bytes under way");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(metric("verge_kv_turned_away_total")).isEqualTo(1);
            // Neither short ones nor other accounts wait for them.
            api.call("PUT", "/v1/kv/files/short")
                    .as(token)
                    .bytes(new byte[] {1})
                    .send()
                    .expect(201);
            api.call("PUT", "/v1/kv/files/own").bytes(random(100_000)).send().expect(201);
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
        untilNothingArrives();
        api.call("GET", "/v1/kv/files/slow0").as(token).send().expect(404);
    }

    @Test
    void aNodeThatDiesWithinAValueLeavesNothing() {
        try (TestNode dying =
                new TestNode(api.base(), api.nodeToken("dying"), folder.resolve("dying"), entry -> false)) {
            dying.uploadStart(new KvWrite("default", "files", "broken", null, null, null), random(128 << 10));
            until("the beginning", () -> metric("verge_kv_arriving") == 1);
        }
        untilNothingArrives();
        api.call("GET", "/v1/kv/files/broken").send().expect(404);
    }

    private void untilNothingArrives() {
        until("that nothing arrives", () -> metric("verge_kv_arriving") == 0 && left() == 0);
    }

    /** A caller that sends a part of its value and no more. */
    private Socket begin(String path, String token) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.base().getPort());
        OutputStream out = socket.getOutputStream();
        out.write(("PUT " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                        + "\r\nContent-Length: 200000\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(random(100_000));
        out.flush();
        return socket;
    }

    private long left() {
        try (Stream<Path> files = Files.list(incoming)) {
            return files.count();
        } catch (IOException none) {
            return 0;
        }
    }

    private long metric(String name) {
        return api.anonymous("GET", "/metrics")
                .send()
                .expect(200)
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static KvEntry entry(LogEntry entry) {
        return (KvEntry) Entry.decode(entry.key(), String.valueOf(entry.value()));
    }
}
