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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
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
                                new KvLimits(MOST_KEYS, MOST_BYTES, 20))),
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
    void aLargeValueIsABlobThatTheNodeFetches() {
        String token = api.token("large", "kv", Scope.KV_WRITE);
        byte[] value = new byte[KvEntry.MAX_BYTES];
        new Random(1).nextBytes(value);
        api.call("PUT", "/v1/kv/files/a").as(token).bytes(value).send().expect(201);
        assertThat(api.call("GET", "/v1/kv/files/a").as(token).sendForBytes()).isEqualTo(value);
        KvEntry entry = entry(node.await("kv/large/files/a"));
        assertThat(entry.value()).isNull();
        assertThat(node.blob(String.valueOf(entry.sha256()))).isEqualTo(value);
        api.call("PUT", "/v1/kv/files/b")
                .as(token)
                .bytes(new byte[KvEntry.MAX_BYTES + 1])
                .send()
                .expect(413);
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
        int limited = 0;
        for (int i = 0; i < 30; i++) {
            limited += api.call("PUT", "/v1/kv/n/k" + i)
                                    .as(token)
                                    .bytes(new byte[] {1})
                                    .send()
                                    .status()
                            == 429
                    ? 1
                    : 0;
        }
        assertThat(limited).isPositive();
    }

    @Test
    void anAccountHoldsNoMoreThanItMay() {
        String token = api.token("full", "kv", Scope.KV_WRITE);
        byte[] mebibyte = new byte[KvEntry.MAX_BYTES];
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
    void whatIsMalformedIsToldAndScopesHold() {
        String reader = api.token("reader", "kv", Scope.READ);
        api.call("GET", "/v1/kv/n/k").as(reader).send().expect(404);
        api.call("PUT", "/v1/kv/n/k").as(reader).bytes(new byte[] {1}).send().expect(403);
        api.call("PUT", "/v1/kv/No/k").bytes(new byte[] {1}).send().expect(400);
        api.call("PUT", "/v1/kv/n/" + "k".repeat(513))
                .bytes(new byte[] {1})
                .send()
                .expect(400);
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
        Answer answer = call.send();
        while (answer.status() == 429) {
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            answer = call.send();
        }
        return answer.expect(status);
    }

    private static KvEntry entry(LogEntry entry) {
        return (KvEntry) Entry.decode(entry.key(), String.valueOf(entry.value()));
    }
}
