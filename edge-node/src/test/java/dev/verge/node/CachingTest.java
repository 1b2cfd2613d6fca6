package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static com.github.tomakehurst.wiremock.stubbing.Scenario.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.verge.sync.log.PurgeTarget;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CachingTest {
    private final WireMockServer origin =
            new WireMockServer(options().dynamicPort().useChunkedTransferEncoding(ChunkedEncodingPolicy.BODY_FILE));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1, shop.example]
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

    @Test
    void servesTheSecondRequestFromTheCache() {
        origin.stubFor(get("/page")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Cache-Tag", "a,b")
                        .withBody("hello")));

        HttpResponse<String> first = installation.get("/page");
        HttpResponse<String> second = installation.get("/page");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("hello");
        assertThat(Installation.cacheStatus(first)).isEqualTo("verge; fwd=uri-miss; stored; ttl=60");
        assertThat(first.headers().firstValue("x-request-id")).isPresent();
        assertThat(first.headers().firstValue("cache-tag")).isEmpty();
        assertThat(second.body()).isEqualTo("hello");
        assertThat(Installation.cacheStatus(second)).startsWith("verge; hit; ttl=");
        assertThat(second.headers().firstValue("age")).isPresent();
        assertThat(second.headers().firstValue("via")).contains("1.1 verge");
        assertThat(second.headers().firstValue("x-request-id")).isEmpty();
        origin.verify(1, getRequestedFor(urlEqualTo("/page")));
    }

    @Test
    void keepsVariantsApartByVary() {
        origin.stubFor(get("/vary")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Vary", "Accept-Language")
                        .withBody("any")));
        origin.stubFor(get("/vary")
                .withHeader("Accept-Language", equalTo("de"))
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Vary", "Accept-Language")
                        .withBody("deutsch")));

        assertThat(installation.get("/vary", "Accept-Language", "de").body()).isEqualTo("deutsch");
        assertThat(installation.get("/vary", "Accept-Language", "fr").body()).isEqualTo("any");

        HttpResponse<String> again = installation.get("/vary", "Accept-Language", "de");
        assertThat(again.body()).isEqualTo("deutsch");
        assertThat(Installation.cacheStatus(again)).contains("hit");
        origin.verify(2, getRequestedFor(urlEqualTo("/vary")));
    }

    @Test
    void answersConditionsAndHeadFromTheCache() {
        origin.stubFor(get("/etag")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("ETag", "\"v1\"")
                        .withBody("content")));
        installation.get("/etag");

        HttpResponse<String> unchanged = installation.get("/etag", "If-None-Match", "\"v1\"");
        HttpResponse<String> head = installation.send(installation
                .request("/etag")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("content-length")).contains("7");
        assertThat(Installation.cacheStatus(head)).contains("hit");
        origin.verify(1, getRequestedFor(urlEqualTo("/etag")));
    }

    @Test
    void servesRangesOfStoredResponses() {
        origin.stubFor(get("/range")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("ETag", "\"r\"")
                        .withBody("0123456789")));
        HttpResponse<String> onMiss = installation.get("/range", "Range", "bytes=2-4");
        HttpResponse<String> onHit = installation.get("/range", "Range", "bytes=-3");
        HttpResponse<String> beyond = installation.get("/range", "Range", "bytes=50-");

        assertThat(onMiss.statusCode()).isEqualTo(206);
        assertThat(onMiss.body()).isEqualTo("234");
        assertThat(onHit.statusCode()).isEqualTo(206);
        assertThat(onHit.headers().firstValue("content-range")).contains("bytes 7-9/10");
        assertThat(onHit.body()).isEqualTo("789");
        assertThat(beyond.statusCode()).isEqualTo(416);
    }

    @Test
    void revalidatesWhatHasBecomeStale() {
        origin.stubFor(get("/stale")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=0")
                        .withHeader("ETag", "\"s\"")
                        .withBody("old")));
        origin.stubFor(get("/stale")
                .withHeader("If-None-Match", equalTo("\"s\""))
                .willReturn(aResponse().withStatus(304).withHeader("ETag", "\"s\"")));
        installation.get("/stale");

        HttpResponse<String> second = installation.get("/stale");

        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo("old");
        assertThat(Installation.cacheStatus(second)).contains("fwd=stale").contains("fwd-status=304");
    }

    @Test
    void servesStaleWhileRevalidatingInTheBackground() {
        origin.stubFor(get("/swr")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=0, stale-while-revalidate=60")
                        .withBody("one")));
        installation.get("/swr");
        origin.stubFor(get("/swr")
                .willReturn(
                        aResponse().withHeader("Cache-Control", "max-age=60").withBody("two")));

        HttpResponse<String> stale = installation.get("/swr");

        assertThat(stale.body()).isEqualTo("one");
        assertThat(Installation.cacheStatus(stale)).contains("hit; ttl=");
        Installation.until(
                "the new version", () -> installation.get("/swr").body().equals("two"));
    }

    @Test
    void servesStaleWhenTheOriginFails() {
        origin.stubFor(get("/sie")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=0, stale-if-error=60")
                        .withBody("kept")));
        installation.get("/sie");
        origin.stubFor(get("/sie").willReturn(aResponse().withStatus(503)));

        HttpResponse<String> stale = installation.get("/sie");

        assertThat(stale.statusCode()).isEqualTo(200);
        assertThat(stale.body()).isEqualTo("kept");
        assertThat(Installation.cacheStatus(stale))
                .isEqualTo("verge; fwd=stale; ttl=0; detail=\"stale-if-error\"; fwd-status=503");
    }

    @Test
    void dropsWhatAnUnsafeRequestChanged() {
        origin.stubFor(get("/doc")
                .willReturn(
                        aResponse().withHeader("Cache-Control", "max-age=60").withBody("before")));
        origin.stubFor(com.github.tomakehurst.wiremock.client.WireMock.put("/doc")
                .willReturn(aResponse().withStatus(204)));
        installation.get("/doc");

        HttpResponse<String> put = installation.send(installation
                .request("/doc")
                .PUT(HttpRequest.BodyPublishers.ofString("after"))
                .build());
        HttpResponse<String> after = installation.get("/doc");

        assertThat(put.statusCode()).isEqualTo(204);
        assertThat(Installation.cacheStatus(after)).contains("fwd=uri-miss");
    }

    @Test
    void collapsesConcurrentMissesIntoOneFetch() {
        origin.stubFor(get("/busy")
                .willReturn(aResponse()
                        .withFixedDelay(300)
                        .withHeader("Cache-Control", "max-age=60")
                        .withBody("shared")));

        List<HttpResponse<String>> all = installation.getMany("/busy", 20);

        assertThat(all).allSatisfy(each -> assertThat(each.body()).isEqualTo("shared"));
        origin.verify(1, getRequestedFor(urlEqualTo("/busy")));
    }

    @Test
    void afterAFailedFetchOneOfThoseWhoWaitedTriesAgainForAll() {
        // Both tries of the first fetch fail.
        for (String state : List.of(STARTED, "again")) {
            origin.stubFor(get("/flaky")
                    .inScenario("flaky")
                    .whenScenarioStateIs(state)
                    .willReturn(aResponse().withFixedDelay(300).withFault(Fault.RANDOM_DATA_THEN_CLOSE))
                    .willSetStateTo(state.equals(STARTED) ? "again" : "well"));
        }
        origin.stubFor(get("/flaky")
                .inScenario("flaky")
                .whenScenarioStateIs("well")
                .willReturn(aResponse()
                        .withFixedDelay(300)
                        .withHeader("Cache-Control", "max-age=60")
                        .withBody("shared")));

        List<Integer> all = installation.getMany("/flaky", 20).stream()
                .map(HttpResponse::statusCode)
                .sorted()
                .toList();

        assertThat(all.getFirst()).isEqualTo(200);
        assertThat(all.getLast()).isEqualTo(502);
        assertThat(all.subList(0, 19)).containsOnly(200);
        origin.verify(3, getRequestedFor(urlEqualTo("/flaky")));
    }

    @Test
    void manyStaleAnswersStartOneFetchInTheBackgroundAlsoWhenItsAnswerIsNotStored() {
        origin.stubFor(get("/swr-private")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=0, stale-while-revalidate=60")
                        .withBody("one")));
        installation.get("/swr-private");
        origin.stubFor(get("/swr-private")
                .willReturn(aResponse()
                        .withFixedDelay(1_000)
                        .withHeader("Cache-Control", "private")
                        .withBody("two")));
        installation.get("/swr-private");
        Installation.until(
                "the first answer in the background",
                () -> origin.findAll(getRequestedFor(urlEqualTo("/swr-private")))
                                .size()
                        == 2);

        for (int i = 0; i < 3; i++) {
            assertThat(installation.getMany("/swr-private", 20))
                    .allSatisfy(each -> assertThat(each.body()).isEqualTo("one"));
        }

        origin.verify(2, getRequestedFor(urlEqualTo("/swr-private")));
    }

    @Test
    void purgesByUrlByTagAndEverything() {
        for (String path : List.of("/p/1", "/p/2", "/p/3")) {
            origin.stubFor(get(path)
                    .willReturn(aResponse()
                            .withHeader("Cache-Control", "max-age=60")
                            .withHeader("Cache-Tag", "page" + path.charAt(3))
                            .withBody("x")));
            installation.get(path);
        }

        installation.purge(new PurgeTarget.Urls(List.of("/p/1")), false);
        assertThat(Installation.cacheStatus(installation.get("/p/1"))).contains("uri-miss");
        assertThat(Installation.cacheStatus(installation.get("/p/2"))).contains("hit");
        installation.purge(new PurgeTarget.Tags(List.of("page2")), false);
        assertThat(Installation.cacheStatus(installation.get("/p/2"))).contains("uri-miss");
        assertThat(Installation.cacheStatus(installation.get("/p/3"))).contains("hit");
        installation.purge(new PurgeTarget.Everything(true), false);
        assertThat(Installation.cacheStatus(installation.get("/p/3"))).contains("uri-miss");
    }

    @Test
    void anAnswerToPostServesTheNextGet() {
        origin.stubFor(com.github.tomakehurst.wiremock.client.WireMock.post("/form")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Content-Location", "/form")
                        .withBody("posted")));

        HttpResponse<String> post = installation.send(installation
                .request("/form", "If-None-Match", "*")
                .POST(HttpRequest.BodyPublishers.ofString("content"))
                .build());
        HttpResponse<String> get = installation.get("/form");

        assertThat(post.statusCode()).isEqualTo(200);
        assertThat(post.body()).isEqualTo("posted");
        assertThat(Installation.cacheStatus(post)).isEqualTo("verge; fwd=method; stored; ttl=60");
        assertThat(get.body()).isEqualTo("posted");
        assertThat(Installation.cacheStatus(get)).startsWith("verge; hit");
    }

    @Test
    void aHeadRenewsAStaleResponseOrAgesAFreshOne() {
        origin.stubFor(get("/head")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=0")
                        .withHeader("ETag", "\"h\"")
                        .withHeader("X-Kept", "1")
                        .withBody("content")));
        origin.stubFor(com.github.tomakehurst.wiremock.client.WireMock.head(urlEqualTo("/head"))
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60")
                        .withHeader("Content-Length", "7")
                        .withHeader("ETag", "\"h\"")));
        installation.get("/head");

        HttpResponse<String> head = head("/head");
        HttpResponse<String> renewed = installation.get("/head");

        assertThat(head.headers().firstValue("x-kept")).contains("1");
        assertThat(head.headers().firstValue("content-length")).contains("7");
        assertThat(Installation.cacheStatus(renewed)).startsWith("verge; hit");
        assertThat(renewed.body()).isEqualTo("content");

        origin.stubFor(com.github.tomakehurst.wiremock.client.WireMock.head(urlEqualTo("/head"))
                .willReturn(aResponse().withHeader("ETag", "\"changed\"")));
        installation.send(installation
                .request("/head", "Cache-Control", "no-cache")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(Installation.cacheStatus(installation.get("/head"))).contains("fwd=stale");
    }

    private HttpResponse<String> head(String path) {
        return installation.send(installation
                .request(path)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
    }

    @Test
    void fieldsThatAreNotForOthersReachTheOneWhoAsked() {
        origin.stubFor(get("/own")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "max-age=60, no-cache=\"set-cookie\"")
                        .withHeader("Set-Cookie", "session=1")
                        .withBody("x")));

        HttpResponse<String> first = installation.get("/own");
        HttpResponse<String> second = installation.get("/own");

        assertThat(first.headers().allValues("set-cookie")).containsExactly("session=1");
        assertThat(Installation.cacheStatus(second)).startsWith("verge; hit");
        assertThat(second.headers().allValues("set-cookie")).isEmpty();
    }

    @Test
    void doesNotStoreWhatMayNotBeStored() {
        origin.stubFor(get("/private")
                .willReturn(aResponse()
                        .withHeader("Cache-Control", "private, max-age=60")
                        .withBody("mine")));
        installation.get("/private");

        HttpResponse<String> second = installation.get("/private");

        assertThat(Installation.cacheStatus(second)).contains("fwd=uri-miss").contains("detail=\"private\"");
        origin.verify(2, getRequestedFor(urlEqualTo("/private")));
    }
}
