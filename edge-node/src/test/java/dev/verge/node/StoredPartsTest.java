package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Parts that are stored as they came, and what completes them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredPartsTest {
    private final WireMockServer origin = new WireMockServer(
            WireMockConfiguration.options().dynamicPort().useChunkedTransferEncoding(ChunkedEncodingPolicy.NEVER));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
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

    private static ResponseDefinitionBuilder part(String range, String body, String... fields) {
        ResponseDefinitionBuilder response = WireMock.aResponse()
                .withStatus(206)
                .withHeader("Cache-Control", "max-age=600")
                .withHeader("Content-Range", range)
                .withBody(body);
        return with(response, fields);
    }

    private static ResponseDefinitionBuilder whole(String body, String... fields) {
        return with(
                WireMock.aResponse().withHeader("Cache-Control", "max-age=600").withBody(body), fields);
    }

    private static ResponseDefinitionBuilder with(ResponseDefinitionBuilder response, String... fields) {
        for (int i = 0; i < fields.length; i += 2) {
            response.withHeader(fields[i], fields[i + 1]);
        }
        return response;
    }

    private void answer(String path, ResponseDefinitionBuilder response) {
        origin.stubFor(WireMock.get(path).willReturn(response));
    }

    private void answer(String path, String range, ResponseDefinitionBuilder response) {
        origin.stubFor(
                WireMock.get(path).withHeader("Range", WireMock.equalTo(range)).willReturn(response));
    }

    private HttpResponse<String> range(String path, String range) {
        return installation.get(path, "range", "bytes=" + range);
    }

    private List<String> ranges() {
        return origin.getAllServeEvents().reversed().stream()
                .map(event -> {
                    Request request = event.getRequest();
                    String range = request.getHeader("Range");
                    String condition = request.getHeader("If-Range");
                    return (range == null ? "-" : range) + (condition == null ? "" : " " + condition);
                })
                .toList();
    }

    private static void assertPart(HttpResponse<String> response, String body, String range) {
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("content-range")).contains(range);
    }

    @Test
    void theLastBytesAreStoredAndUsedForWhatLiesInThem() {
        answer("/tail", part("bytes 5-9/10", "56789", "ETag", "\"a\""));

        HttpResponse<String> first = range("/tail", "-5");

        assertPart(first, "56789", "bytes 5-9/10");
        assertThat(Installation.cacheStatus(first)).startsWith("verge; fwd=uri-miss; stored; ttl=");
        HttpResponse<String> again = range("/tail", "-5");
        assertPart(again, "56789", "bytes 5-9/10");
        assertThat(Installation.cacheStatus(again)).startsWith("verge; hit; ttl=");
        assertPart(range("/tail", "6-7"), "67", "bytes 6-7/10");
        assertPart(range("/tail", "8-"), "89", "bytes 8-9/10");
        assertPart(range("/tail", "-1"), "9", "bytes 9-9/10");
        assertThat(range("/tail", "10-").statusCode()).isEqualTo(416);
        assertThat(ranges()).containsExactly("bytes=-5");
    }

    @Test
    void aPartNeverAnswersForTheWhole() {
        answer("/never", whole("0123456789"));
        answer("/never", "bytes=-5", part("bytes 5-9/10", "56789"));
        range("/never", "-5");

        assertThat(installation.get("/never").body()).isEqualTo("0123456789");
        assertThat(installation.get("/never").body()).isEqualTo("0123456789");
        assertThat(range("/never", "0-1").body()).isEqualTo("01");
        assertThat(ranges()).containsExactly("bytes=-5", "-");
    }

    @Test
    void whoBringsLessThanClaimedIsTakenByTheBytes() {
        answer("/less", part("bytes 4-9/10", "01234"));

        HttpResponse<String> first = range("/less", "-5");

        assertPart(first, "01234", "bytes 4-9/10");
        assertPart(range("/less", "-5"), "01234", "bytes 4-8/9");
        assertPart(range("/less", "6-8"), "234", "bytes 6-8/9");
        assertPart(range("/less", "6-"), "234", "bytes 6-8/9");
        assertPart(range("/less", "-1"), "4", "bytes 8-8/9");
        assertThat(ranges()).containsExactly("bytes=-5");
    }

    @Test
    void aBeginningIsCompletedAndStoredAsTheWhole() {
        answer("/head", part("bytes 0-4/10", "01234", "ETag", "\"a\"", "A", "1", "B", "1"));
        answer("/head", "bytes=5-", part("bytes 5-9/10", "56789", "ETag", "\"a\"", "A", "2"));
        range("/head", "-5");

        HttpResponse<String> whole = installation.get("/head");
        HttpResponse<String> again = installation.get("/head");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo("0123456789");
        assertThat(whole.headers().firstValue("content-range")).isEmpty();
        assertThat(whole.headers().firstValue("a")).contains("2");
        assertThat(whole.headers().firstValue("b")).contains("1");
        assertThat(Installation.cacheStatus(whole)).startsWith("verge; fwd=partial; fwd-status=206; stored; ttl=");
        assertThat(again.body()).isEqualTo("0123456789");
        assertThat(Installation.cacheStatus(again)).startsWith("verge; hit");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=5- \"a\"");
    }

    @Test
    void anEndIsCompletedByWhatComesBefore() {
        answer("/end", part("bytes 5-9/10", "56789", "ETag", "\"a\""));
        answer("/end", "bytes=0-4", part("bytes 0-4/10", "01234", "ETag", "\"a\""));
        range("/end", "-5");

        assertThat(installation.get("/end").body()).isEqualTo("0123456789");
        assertThat(installation.get("/end").body()).isEqualTo("0123456789");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=0-4 \"a\"");
    }

    @Test
    void largePartsAreCompletedByteByByte() {
        String beginning = "b".repeat(700_000);
        String end = "e".repeat(900_000);
        answer("/large", part("bytes 700000-1599999/1600000", end, "ETag", "\"a\""));
        answer("/large", "bytes=0-699999", part("bytes 0-699999/1600000", beginning, "ETag", "\"a\""));
        range("/large", "-900000");

        assertThat(installation.get("/large").body()).isEqualTo(beginning + end);
        assertThat(installation.get("/large").body()).isEqualTo(beginning + end);
    }

    @Test
    void anotherVersionIsNeverPutTogetherWithAStoredPart() {
        answer("/mixed", whole("abcdefghij", "ETag", "\"b\""));
        answer("/mixed", "bytes=-5", part("bytes 0-4/10", "01234", "ETag", "\"a\""));
        answer("/mixed", "bytes=5-", part("bytes 5-9/10", "fghij", "ETag", "\"b\""));
        range("/mixed", "-5");

        assertThat(installation.get("/mixed").body()).isEqualTo("abcdefghij");
        assertThat(installation.get("/mixed").body()).isEqualTo("abcdefghij");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=5- \"a\"", "-");
    }

    @Test
    void withoutAStrongValidatorTheWholeIsFetched() {
        answer("/loose", whole("0123456789"));
        answer("/loose", "bytes=-5", part("bytes 0-4/10", "01234"));
        answer("/loose", "bytes=5-", part("bytes 5-9/10", "56789"));
        range("/loose", "-5");

        assertThat(installation.get("/loose").body()).isEqualTo("0123456789");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=5-", "-");
    }

    @Test
    void anOtherAnswerToTheRestReplacesTheStoredPart() {
        answer("/new", whole("abcdefghij", "ETag", "\"b\""));
        answer("/new", "bytes=-5", part("bytes 0-4/10", "01234", "ETag", "\"a\""));
        range("/new", "-5");

        assertThat(installation.get("/new").body()).isEqualTo("abcdefghij");
        assertThat(range("/new", "0-4").body()).isEqualTo("abcde");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=5- \"a\"");
    }

    @Test
    void aRangeThatWasNotAskedForIsNotStoredAndTheWholeIsFetched() {
        answer("/lie", whole("0123456789"));
        answer("/lie", "bytes=0-1048575", part("bytes 3-2/10", "3", "ETag", "\"a\""));

        HttpResponse<String> first = range("/lie", "1-2");
        HttpResponse<String> second = range("/lie", "1-2");

        assertPart(first, "12", "bytes 1-2/10");
        assertPart(second, "12", "bytes 1-2/10");
        assertThat(ranges()).containsExactly("bytes=0-1048575", "-");
    }

    @Test
    void anotherPlaceThanAskedForIsNotStoredAndTheWholeIsFetched() {
        answer("/moved", whole("0123456789"));
        answer("/moved", "bytes=0-1048575", part("bytes 4-8/10", "45678", "ETag", "\"a\""));

        assertPart(range("/moved", "1-2"), "12", "bytes 1-2/10");
        assertPart(range("/moved", "1-2"), "12", "bytes 1-2/10");
        assertThat(ranges()).containsExactly("bytes=0-1048575", "-");
    }

    @Test
    void theLastBytesOfASmallObjectBringItWhole() {
        answer("/all", part("bytes 0-4/5", "01234", "ETag", "\"a\""));

        assertPart(range("/all", "-100"), "01234", "bytes 0-4/5");
        assertThat(installation.get("/all").body()).isEqualTo("01234");
        assertThat(ranges()).containsExactly("bytes=-100");
    }

    @Test
    void aPartThatMayNotBeStoredIsPassedOn() {
        answer("/private", part("bytes 5-9/10", "56789", "ETag", "\"a\"", "Cache-Control", "private"));

        assertPart(range("/private", "-5"), "56789", "bytes 5-9/10");
        assertPart(range("/private", "-5"), "56789", "bytes 5-9/10");
        assertThat(ranges()).containsExactly("bytes=-5", "bytes=-5");
    }
}
