package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.verge.node.RawClient.Answer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a client gets of a stored response when it asks for less than all of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConditionsAndRangesTest {
    private static final String DIGITS = "0123456789".repeat(100);

    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                cache: {browserTtl: {mode: override, value: 1h}}
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop();
    }

    @BeforeEach
    void reset() {
        origin.resetAll();
    }

    private void serve(String path, String tag) {
        origin.stubFor(get(path)
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Content-Type", "text/plain")
                        .withHeader("ETag", tag)
                        .withBody(DIGITS)));
    }

    private Answer ask(String target, String... fields) {
        return RawClient.get(installation.node().httpPort(), "127.0.0.1", target, fields);
    }

    @Test
    void sendsSeveralRangesOfAStoredResponseAsMultipart() {
        serve("/parts", "\"a\"");
        ask("/parts");

        Answer answer = ask("/parts", "Range: bytes=990-,0-4,3-9,500-501");

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.hit()).isTrue();
        assertThat(answer.body()).isEqualTo(multipart(answer, "990-999|0123456789", "0-9|0123456789", "500-501|01"));
        assertThat(answer.field("content-length"))
                .isEqualTo(Integer.toString(answer.body().length()));
        assertThat(answer.field("content-range")).isEmpty();
        origin.verify(1, getRequestedFor(urlEqualTo("/parts")));
    }

    @Test
    void sendsSeveralRangesWhileTheResponseArrives() throws Exception {
        var rest = new CountDownLatch(1);
        try (var slow = new RawOrigin((socket, out) -> {
            RawOrigin.write(
                    out,
                    "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n"
                            + "Connection: close\r\n\r\n" + DIGITS.substring(0, 300));
            await(rest);
            RawOrigin.write(out, DIGITS.substring(300));
        })) {
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(slow.port()));
            var parts = CompletableFuture.supplyAsync(() -> ask("/arrives", "Range: bytes=0-1,298-301,900-901"));
            Installation.until("the fetch", () -> !slow.heads.isEmpty());
            var backwards = CompletableFuture.supplyAsync(() -> ask("/arrives", "Range: bytes=900-901,0-1"));
            rest.countDown();

            Answer answer = parts.join();
            assertThat(answer.status()).isEqualTo(206);
            assertThat(answer.body()).isEqualTo(multipart(answer, "0-1|01", "298-301|8901", "900-901|01"));
            assertThat(backwards.join().status()).isIn(200, 206);
            assertThat(slow.heads).hasSize(1);
        } finally {
            start(origin.port());
        }
    }

    private void start(int port) {
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                cache: {browserTtl: {mode: override, value: 1h}}
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(port));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The multipart body of these parts with the boundary of that answer. */
    private static String multipart(Answer answer, String... parts) {
        Matcher type =
                Pattern.compile("multipart/byteranges; boundary=([0-9a-f]{32})").matcher(answer.field("content-type"));
        assertThat(type.matches()).as(answer.field("content-type")).isTrue();
        var body = new StringBuilder();
        for (String part : parts) {
            int bar = part.indexOf('|');
            body.append(body.isEmpty() ? "--" : "\r\n--")
                    .append(type.group(1))
                    .append("\r\nContent-Type: text/plain\r\nContent-Range: bytes ")
                    .append(part, 0, bar)
                    .append("/1000\r\n\r\n")
                    .append(part, bar + 1, part.length());
        }
        return body.append("\r\n--").append(type.group(1)).append("--\r\n").toString();
    }

    @Test
    void aHeadIsAnsweredWithTheLengthOfTheWhole() {
        serve("/length", "\"a\"");
        ask("/length");

        Answer answer = RawClient.send(
                installation.node().httpPort(), "HEAD /length HTTP/1.1", "127.0.0.1", "Range: bytes=0-1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("content-length")).isEqualTo("1000");
        assertThat(answer.body()).isEmpty();
        assertThat(answer.hit()).isTrue();
    }

    @Test
    void aRefusalHasNoLifetime() {
        serve("/refused", "\"a\"");
        assertThat(ask("/refused").field("cache-control")).startsWith("max-age=36");

        Answer beyond = ask("/refused", "Range: bytes=5000-");

        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.field("content-range")).isEqualTo("bytes */1000");
        assertThat(beyond.field("cache-control") + beyond.field("age")).isEmpty();
        assertThat(beyond.body()).isEmpty();
    }

    @Test
    void aConditionThatHoldsIsAnsweredFromTheStore() {
        serve("/holds", "\"a\"");
        ask("/holds");

        assertThat(ask("/holds", "If-Match: \"a\"").status()).isEqualTo(200);
        assertThat(ask("/holds", "If-Match: \"a\"", "Range: bytes=0-1").status())
                .isEqualTo(206);
        assertThat(ask("/holds", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT")
                        .status())
                .isEqualTo(200);
        origin.verify(1, getRequestedFor(urlEqualTo("/holds")));
    }

    @Test
    void aConditionThatFailsIsDecidedByWhatTheOriginHasNow() {
        serve("/fails", "\"a\"");
        ask("/fails");
        origin.stubFor(get("/fails")
                .withHeader("If-None-Match", equalTo("\"a\""))
                .willReturn(aResponse().withStatus(304).withHeader("ETag", "\"a\"")));

        Answer failed = ask("/fails", "If-Match: \"b\"");
        assertThat(failed.status()).isEqualTo(412);
        assertThat(failed.body()).isEmpty();
        assertThat(failed.field("cache-control")).isEmpty();

        origin.resetAll();
        serve("/fails", "\"b\"");
        Answer newer = ask("/fails", "If-Match: \"b\"");
        assertThat(newer.status()).isEqualTo(200);
        assertThat(newer.field("etag")).isEqualTo("\"b\"");
        assertThat(ask("/fails").field("etag")).isEqualTo("\"b\"");

        Answer onlyStored = ask("/fails", "If-Match: \"c\"", "Cache-Control: only-if-cached");
        assertThat(onlyStored.status()).isEqualTo(412);
        origin.verify(1, getRequestedFor(urlEqualTo("/fails")));
    }

    @Test
    void aMissIsHeldAgainstTheConditionToo() {
        serve("/missed", "\"a\"");
        assertThat(ask("/missed", "If-Match: \"b\"").status()).isEqualTo(412);
        assertThat(ask("/missed").status()).isEqualTo(200);
        origin.verify(1, getRequestedFor(urlEqualTo("/missed")));
    }

    @Test
    void aFailingOriginDecidesNoCondition() {
        serve("/down", "\"a\"");
        ask("/down");
        origin.stubFor(get("/down").willReturn(aResponse().withStatus(503)));

        assertThat(ask("/down", "If-Match: \"b\"", "Cache-Control: stale-if-error=60")
                        .status())
                .isEqualTo(503);
        assertThat(ask("/down").status()).isEqualTo(200);
    }

    @Test
    void aHeadWhoseConditionFailsGoesForward() {
        serve("/head", "\"a\"");
        ask("/head");
        origin.stubFor(head(com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo("/head"))
                .withHeader("If-Match", equalTo("\"b\""))
                .willReturn(aResponse().withStatus(412)));

        Answer answer =
                RawClient.send(installation.node().httpPort(), "HEAD /head HTTP/1.1", "127.0.0.1", "If-Match: \"b\"");

        assertThat(answer.status()).isEqualTo(412);
    }
}
