package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.RawClient.Answer;
import dev.verge.sync.log.PurgeTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** No-Vary-Search and cache groups over sockets: which stored response answers, and what takes it away. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchAndGroupsTest {
    /** Fields of the answer, by path; the body is a number that grows. */
    private final ConcurrentHashMap<String, String> fields = new ConcurrentHashMap<>();

    private final AtomicInteger answers = new AtomicInteger();
    private final EchoOrigin origin = new EchoOrigin(request -> new EchoOrigin.Reply(
            200,
            List.of(fields.getOrDefault(request.path(), "Cache-Control: max-age=60")
                    .split("\r\n", -1)),
            Integer.toString(answers.incrementAndGet())));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [shop.example, other.example]
                cache: {key: {query: {mode: deny, names: [session]}}}
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private Answer get(String target, String... more) {
        return RawClient.get(installation.node().httpPort(), "shop.example", target, more);
    }

    private Answer post(String host, String target) {
        return RawClient.send(
                installation.node().httpPort(), "POST " + target + " HTTP/1.1", host, "Content-Length: 0");
    }

    private void answerWith(String path, String... lines) {
        fields.put(path, String.join("\r\n", lines));
    }

    @Test
    void anEquivalentUrlIsAnsweredFromTheStore() {
        answerWith("/s", "Cache-Control: max-age=60", "No-Vary-Search: key-order, params=(\"utm\")");
        String first = get("/s?a=1&utm=x&session=7").body();

        for (String target : List.of("/s?a=1&utm=y", "/s?utm=z&a=1&session=8", "/s?%61=1", "/s?a=1&&utm")) {
            Answer answer = get(target);
            assertThat(answer.body()).as(target).isEqualTo(first);
            assertThat(answer.hit()).as(target).isTrue();
            assertThat(answer.field("no-vary-search")).isEqualTo("key-order, params=(\"utm\")");
        }
        Answer head = RawClient.send(installation.node().httpPort(), "HEAD /s?a=1&utm=h HTTP/1.1", "shop.example");
        assertThat(head.hit()).isTrue();
        assertThat(get("/s?a=1&utm=r", "Range: bytes=0-0").status()).isEqualTo(206);
        assertThat(get("/s?a=1&utm=c", "Cache-Control: only-if-cached").body()).isEqualTo(first);

        assertThat(get("/s?a=2&utm=x").hit()).isFalse();
        assertThat(get("/s").hit()).isFalse();
        assertThat(RawClient.get(installation.node().httpPort(), "other.example", "/s?a=1&utm=x")
                        .hit())
                .isFalse();
    }

    @Test
    void withoutTheFieldOrWithAMalformedOneQueriesStayApart() {
        answerWith("/plain", "Cache-Control: max-age=60", "No-Vary-Search: params=(utm)");
        get("/plain?utm=1");
        assertThat(get("/plain?utm=2").hit()).isFalse();
        assertThat(get("/plain?utm=2").hit()).isTrue();
    }

    /** What is fetched for a URL is stored for that URL: nobody else's entry is replaced by it. */
    @Test
    void aStaleEquivalentIsNotRenewedUnderItsUrl() {
        answerWith("/old", "Cache-Control: max-age=0", "ETag: \"x\"", "No-Vary-Search: params=(\"utm\")");
        get("/old?utm=1");
        answerWith("/old", "Cache-Control: max-age=60");
        Answer second = get("/old?utm=2");
        assertThat(second.hit()).isFalse();
        assertThat(get("/old?utm=2").body()).isEqualTo(second.body());
        assertThat(get("/old?utm=3").hit()).isFalse();
        assertThat(get("/old?utm=1").body()).isNotEqualTo(second.body());
    }

    @Test
    void purgingAndChangingAnEquivalentUrlTakesTheResponseAway() {
        answerWith("/purged", "Cache-Control: max-age=60", "No-Vary-Search: params=(\"utm\")");
        get("/purged?utm=1");
        assertThat(get("/purged?utm=2").hit()).isTrue();
        installation.purge(new PurgeTarget.Urls(List.of("http://shop.example/purged?utm=3")), false);
        assertThat(get("/purged?utm=2").hit()).isFalse();
        assertThat(get("/purged?utm=4").hit()).isTrue();
        post("shop.example", "/purged?utm=5");
        assertThat(get("/purged?utm=6").hit()).isFalse();
    }

    @Test
    void anUnsafeRequestTakesTheGroupsAwayThatItsAnswerNames() {
        answerWith("/g/a", "Cache-Control: max-age=60", "Cache-Groups: \"one\", \"both\"");
        answerWith("/g/b", "Cache-Control: max-age=60", "Cache-Groups: \"both\";x=1", "Cache-Groups: \"two\"");
        answerWith("/g/c", "Cache-Control: max-age=60", "Cache-Groups: \"Both\"");
        answerWith("/g/post", "Cache-Group-Invalidation: \"both\"");
        List<String> paths = List.of("/g/a", "/g/b", "/g/c");
        paths.forEach(this::get);
        RawClient.get(installation.node().httpPort(), "other.example", "/g/a");
        assertThat(paths).allMatch(path -> get(path).hit());

        Answer answer = post("shop.example", "/g/post");

        assertThat(answer.field("cache-group-invalidation")).isEqualTo("\"both\"");
        assertThat(get("/g/a").hit()).isFalse();
        assertThat(get("/g/b").hit()).isFalse();
        assertThat(get("/g/c").hit()).isTrue();
        assertThat(RawClient.get(installation.node().httpPort(), "other.example", "/g/a")
                        .hit())
                .isTrue();
        assertThat(get("/g/a").hit()).isTrue();
        assertThat(get("/g/a").field("cache-groups")).isEqualTo("\"one\", \"both\"");
    }

    @Test
    void aSafeRequestInvalidatesNoGroup() {
        answerWith("/h/a", "Cache-Control: max-age=60", "Cache-Groups: \"h\"");
        answerWith("/h/get", "Cache-Control: max-age=60", "Cache-Group-Invalidation: \"h\"");
        get("/h/a");
        get("/h/get");
        get("/h/get");
        assertThat(get("/h/a").hit()).isTrue();
        post("other.example", "/h/get");
        assertThat(get("/h/a").hit()).isTrue();
    }
}
