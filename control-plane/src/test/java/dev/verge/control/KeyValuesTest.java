package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.kv.KvLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.order.KvWrite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Key-value storage over the API and from functions, up to what reaches a node. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class KeyValuesTest {
    private final TestStore kind;

    private static final int MOST_KEYS = 40;
    private static final int MOST_BYTES = 3 << 20;

    private RunningControlPlane api;
    private TestNode node;

    KeyValuesTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start(@TempDir Path folder) {
        api = RunningControlPlane.start(
                RunningControlPlane.on(
                        kind.fresh(),
                        RunningControlPlane.config(
                                folder.resolve("control-plane"),
                                ApiLimits.defaults(),
                                LogRetention.defaults(),
                                0,
                                new KvLimits(MOST_KEYS, MOST_BYTES, 20, 4 << 20))),
                Clock.systemUTC());
        node = new TestNode(api.base(), api.nodeToken("kv-node"), folder.resolve("node"), entry -> false);
    }

    @AfterEach
    void stop() {
        node.close();
        api.close();
    }

    @Test
    void aValueIsReadBackByteForByteAndReachesTheNode() {
        String token = api.token("bytes", "kv", Scope.KV_WRITE);
        byte[] value = new byte[] {0, 1, (byte) 0xff, '\n', 'x'};
        String path = "/v1/kv/prefs/users%2FAda%20L%C3%BCtt";
        Answer made = api.call("PUT", path).as(token).bytes(value).send().expect(201);
        assertThat(made.json().path("key").textValue()).isEqualTo("users/Ada Lütt");
        assertThat(made.json().path("sizeBytes").intValue()).isEqualTo(5);
        assertThat(api.call("GET", path).as(token).sendForBytes()).isEqualTo(value);
        KvEntry entry = entry(node.await("kv/bytes/prefs/users/Ada Lütt"));
        assertThat(entry.value()).isEqualTo(Base64.getEncoder().encodeToString(value));

        // Another account's looks like none.
        String stranger = api.token("stranger", "kv", Scope.KV_WRITE);
        api.call("GET", path).as(stranger).send().expect(404);
        api.call("DELETE", path).as(stranger).send().expect(404);

        awaitWrite(api.call("DELETE", path).as(token), 204);
        assertThat(node.await("kv/bytes/prefs/users/Ada Lütt").isTombstone()).isTrue();
        api.call("GET", path).as(token).send().expect(404);
    }

    @Test
    void keysAreListedByPrefixPageByPage() {
        String token = api.token("lists", "kv", Scope.KV_WRITE);
        for (String key : List.of("b%2F2", "a", "b%2F1", "B%2F9", "b%2F3", "b%2F%F0%9F%98%80", "c")) {
            awaitWrite(api.call("PUT", "/v1/kv/many/" + key).as(token).bytes(new byte[] {1}), 201);
        }
        awaitWrite(api.call("PUT", "/v1/kv/other/b%2F4").as(token).bytes(new byte[] {1}), 201);
        List<String> keys = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = api.call("GET", "/v1/kv/many?prefix=b%2F&limit=2" + cursor)
                    .as(token)
                    .send()
                    .expect(200)
                    .json();
            page.path("items").forEach(item -> keys.add(item.path("key").textValue()));
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").textValue();
        } while (!cursor.isEmpty());
        assertThat(keys).containsExactly("b/1", "b/2", "b/3", "b/😀");
    }

    @Test
    void writesComeNoFasterThanTheyMay() {
        String token = api.token("fast", "kv", Scope.KV_WRITE);
        api.call("PUT", "/v1/kv/n/k").as(token).bytes(new byte[] {1}).send().expect(201);
        Answer refused = api.call("PUT", "/v1/kv/n/k")
                .as(token)
                .bytes(new byte[] {2})
                .send()
                .expect(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        // All at once, for one after the other may be slower than the limit.
        List<Future<Integer>> statuses = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                RunningControlPlane.Call call =
                        api.call("DELETE", "/v1/kv/n/none" + i).as(token);
                statuses.add(callers.submit(() -> call.send().status()));
            }
        }
        assertThat(statuses.stream().map(Future::resultNow)).contains(404, 429).containsOnly(404, 429);
    }

    @Test
    void anAccountHoldsNoMoreThanItMay() {
        String token = api.token("full", "kv", Scope.KV_WRITE);
        byte[] mebibyte = new byte[1 << 20];
        awaitWrite(api.call("PUT", "/v1/kv/n/a").as(token).bytes(mebibyte), 201);
        awaitWrite(api.call("PUT", "/v1/kv/n/b").as(token).bytes(mebibyte), 201);
        Answer refused = awaitWrite(api.call("PUT", "/v1/kv/n/c").as(token).bytes(mebibyte), 409);
        assertThat(refused.text()).contains("3145728");
        awaitWrite(api.call("DELETE", "/v1/kv/n/a").as(token), 204);
        awaitWrite(api.call("PUT", "/v1/kv/n/c").as(token).bytes(mebibyte), 201);
        // Smaller is always welcome.
        awaitWrite(api.call("PUT", "/v1/kv/n/c").as(token).bytes(new byte[] {1}), 200);
        for (int i = 0; i < MOST_KEYS - 2; i++) {
            awaitWrite(api.call("PUT", "/v1/kv/n/k" + i).as(token).bytes(new byte[] {1}), 201);
        }
        awaitWrite(api.call("PUT", "/v1/kv/n/more").as(token).bytes(new byte[] {1}), 409);
    }

    @Test
    void aFunctionsWriteIsTheSameAsACallers() {
        String token = api.token("writer", "kv", Scope.KV_WRITE);
        String value = Base64.getEncoder().encodeToString("from a function".getBytes(StandardCharsets.UTF_8));
        node.write(new KvWrite("writer", "n", "k", value, "{\"a\":1}", null));
        assertThat(api.call("GET", "/v1/kv/n/k").as(token).send().expect(200).text())
                .isEqualTo("from a function");
        JsonNode item = api.call("GET", "/v1/kv/n")
                .as(token)
                .send()
                .json()
                .path("items")
                .get(0);
        assertThat(item.path("metadata").textValue()).isEqualTo("{\"a\":1}");
        assertThatThrownBy(() -> node.write(new KvWrite("writer", "n", "k", null, null, null)))
                .hasMessageContaining("one write a second");
        assertThatThrownBy(() -> node.write(new KvWrite("nobody-knows", "n", "k", value, null, null)))
                .hasMessageContaining("gone");
        node.write(new KvWrite("writer", "n", "past", value, null, 1L));
        api.call("GET", "/v1/kv/n/past").as(token).send().expect(404);
    }

    @Test
    void metadataIsKeptBesideAValueUntilItIsWrittenAnew() {
        String token = api.token("meta", "kv", Scope.KV_WRITE);
        String path = "/v1/kv/n/k";
        Answer made = api.call("PUT", path)
                .as(token)
                .header("Verge-Metadata", "{ \"title\": \"\\u00c9tude\", \"size\": 1.50 }")
                .bytes(new byte[] {1})
                .send()
                .expect(201);
        String stored = "{\"title\":\"Étude\",\"size\":1.5}";
        assertThat(made.json().path("metadata").textValue()).isEqualTo(stored);
        assertThat(entry(node.await("kv/meta/n/k")).metadata()).isEqualTo(stored);
        for (String method : List.of("GET", "HEAD")) {
            assertThat(api.call(method, path).as(token).send().expect(200).header("Verge-Metadata"))
                    .isEqualTo("{\"title\":\"\\u00C9tude\",\"size\":1.5}");
        }
        JsonNode listed = api.call("GET", "/v1/kv/n").as(token).send().json();
        assertThat(listed.path("items").get(0).path("metadata").textValue()).isEqualTo(stored);

        awaitWrite(api.call("PUT", path).as(token).bytes(new byte[] {1}), 200);
        assertThat(api.call("GET", path).as(token).send().expect(200).header("Verge-Metadata"))
                .isEmpty();
    }

    @Test
    void metadataHasABoundAndIsJson() throws IOException {
        String fits = "\"" + "\\u00e9".repeat(511) + "\"";
        putWith("fits", fits).expect(201);
        assertThat(putWith("more", "\"x" + fits.substring(1)).expect(400).text())
                .contains("metadata has 1025 bytes of JSON; shorten it to 1024");
        for (String wrong : List.of("", "{", "{} {}", "{\"a\": 1, \"a\": 2}", "nothing")) {
            assertThat(putWith("wrong", wrong).expect(400).text()).as(wrong).contains("metadata is", "send JSON");
        }
        assertThat(putRaw("Verge-Metadata: \"\u00e9\"\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("beyond ASCII", "uXXXX");
        putWith("none", "null").expect(201);

        String value = Base64.getEncoder().encodeToString(new byte[] {1});
        String longest = "\"" + "é".repeat(511) + "\"";
        node.write(new KvWrite("default", "n", "f-fits", value, longest, null));
        assertThatThrownBy(() -> node.write(new KvWrite("default", "n", "f-more", value, "{" + longest + ":1}", null)))
                .hasMessageContaining("1028 bytes of JSON");
        assertThatThrownBy(() -> node.write(new KvWrite("default", "n", "f-wrong", value, "{", null)))
                .hasMessageContaining("no JSON");
    }

    /** With a header field as no client of the JDK sends one. */
    private String putRaw(String field) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.base().getPort())) {
            String head = "PUT /v1/kv/n/raw HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + api.operator() + "\r\nContent-Length: 1\r\n" + field + "\r\nx";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Answer putWith(String key, String metadata) {
        return awaitAnswer(api.call("PUT", "/v1/kv/n/" + key)
                .header("Verge-Metadata", metadata)
                .bytes(new byte[] {1}));
    }

    @Test
    void whatIsMalformedIsToldAndScopesHold() {
        String reader = api.token("reader", "kv", Scope.READ);
        api.call("GET", "/v1/kv/n/k").as(reader).send().expect(404);
        api.call("PUT", "/v1/kv/n/k").as(reader).bytes(new byte[] {1}).send().expect(403);
        api.call("PUT", "/v1/kv/No/k").bytes(new byte[] {1}).send().expect(400);
        Answer tooLong = api.call("PUT", "/v1/kv/n/" + "k".repeat(513))
                .bytes(new byte[] {1})
                .send()
                .expect(400);
        assertThat(tooLong.text()).contains("The key is longer than 512 bytes; name it with 1 to 512 bytes");
        api.call("PUT", "/v1/kv/n/a%0Ab").bytes(new byte[] {1}).send().expect(400);
        api.call("PUT", "/v1/kv/n/k?ttl=1").bytes(new byte[] {1}).send().expect(400);
        Answer timed = api.call("PUT", "/v1/kv/n/timed?ttl=60")
                .bytes(new byte[] {1})
                .send()
                .expect(201);
        assertThat(timed.json().path("expiresAt").textValue()).endsWith("Z");
    }

    /** Waits out what the rate limit says. */
    private static Answer awaitWrite(RunningControlPlane.Call call, int status) {
        return awaitAnswer(call).expect(status);
    }

    private static Answer awaitAnswer(RunningControlPlane.Call call) {
        Answer answer = call.send();
        while (answer.status() == 429) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            answer = call.send();
        }
        return answer;
    }

    private static KvEntry entry(LogEntry entry) {
        return (KvEntry) Entry.decode(entry.key(), String.valueOf(entry.value()));
    }
}
