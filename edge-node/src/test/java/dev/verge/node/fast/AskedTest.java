package dev.verge.node.fast;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskedTest {
    private static HttpHeaders fields(String... lines) {
        HttpHeaders fields = new DefaultHttpHeaders().add("Host", "shop.test");
        for (String line : lines) {
            int colon = line.indexOf(':');
            fields.add(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return fields;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Range: bytes=0-1",
                "If-Match: *",
                "If-Unmodified-Since: Tue, 25 Nov 2025 10:00:00 GMT",
                "If-Range: \"a\"",
                "expect: 100-continue",
                "CONTENT-LENGTH: 0",
                "Transfer-Encoding: chunked",
                "Upgrade: websocket",
                "CDN-Loop: verge",
                "Verge-Debug: 1",
                "Connection: close",
                "Connection: keep-alive, X-Kind"
            })
    void whatNeedsTheWholePathIsLeftToIt(String line) {
        assertThat(Asked.read(fields(line), false)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"X-Forwarded-For: 1.2.3.4", "x-forwarded-proto: https", "X-Request-Id: a", "Traceparent: 00-"})
    void claimsOfATrustedPeerNeedTheWholePathAndThoseOfOthersAreStrange(String line) {
        assertThat(Asked.read(fields(line), true)).isNull();
        assertThat(Asked.read(fields(line), false)).isNotNull().matches(Asked::strange);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cache-Control: max-age=0",
                "PRAGMA: no-cache",
                "If-None-Match: \"a\"",
                "If-Modified-Since: never"
            })
    void whatMayMakeAHitAnotherAnswerIsDeciding(String line) {
        assertThat(Asked.read(fields(line), false)).isNotNull().matches(Asked::deciding);
    }

    @Test
    void whatBrowsersSayOfThemselvesIsHarmless() {
        Asked asked = Asked.read(
                fields("User-Agent: x", "Accept: */*", "Cookie: a=1", "Sec-Fetch-Mode: cors", "Connection: Keep-Alive"),
                true);

        assertThat(asked).isNotNull().matches(plain -> !plain.strange() && !plain.deciding());
    }

    @Test
    void whatIsNotKnownIsStrange() {
        assertThat(Asked.read(fields("X_Original_URL: /admin"), false))
                .isNotNull()
                .matches(Asked::strange);
    }

    @Test
    void withoutAHostThereIsNothingToSay() {
        assertThat(Asked.read(new DefaultHttpHeaders(), false)).isNull();
    }
}
