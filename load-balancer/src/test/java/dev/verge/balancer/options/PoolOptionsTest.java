package dev.verge.balancer.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Relations between settings, and the small languages that some of them are written in. */
class PoolOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.1:9001, 10.0.0.1, 9001, false",
        "http://Origin.Example, origin.example, 80, false",
        "https://origin.example, origin.example, 443, true",
        "HTTPS://origin.example:8443/, origin.example, 8443, true",
        "'http://[::1]:9001', ::1, 9001, false"
    })
    void originUrlGivesHostPortAndScheme(String url, String host, int port, boolean secure) {
        Origin origin = SamplePools.origin(url, 1, OriginRole.PRIMARY);
        assertThat(origin.host()).isEqualTo(host);
        assertThat(origin.port()).isEqualTo(port);
        assertThat(origin.secure()).isEqualTo(secure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1:9001",
                "ftp://host",
                "http://",
                "http:///path",
                "http://user@host",
                "http://host:0",
                "http://host:70000",
                "http://host/path",
                "http://host?q",
                "http://host#f",
                "http://a b"
            })
    void originUrlThatIsNotHostAndPortIsRefused(String url) {
        assertThatThrownBy(() -> SamplePools.origin(url, 1, OriginRole.PRIMARY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: ")
                .hasMessageContaining(";");
    }

    @Test
    void tlsOnPlainOriginIsRefused() {
        assertThatThrownBy(() ->
                        new Origin("http://host", 1, OriginRole.PRIMARY, null, OriginTls.DEFAULT, OriginProtocol.HTTP1))
                .hasMessageStartingWith("tls: ");
    }

    @Test
    void headerTextThatCouldSplitARequestIsRefused() {
        assertThatThrownBy(
                        () -> new Origin("http://host", 1, OriginRole.PRIMARY, "a\r\nb: c", null, OriginProtocol.HTTP1))
                .hasMessageStartingWith("hostHeader: ");
        assertThatThrownBy(() ->
                        new SamplePools().primary("http://a").hostHeader("a\nb").build())
                .hasMessageStartingWith("hostHeader: ");
        assertThatThrownBy(() -> new HealthCheck(
                        "/",
                        "GET",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        2,
                        3,
                        StatusSet.parse("200"),
                        null,
                        Map.of("X", "a\r\nb"),
                        HealthCheckType.HTTP))
                .hasMessageStartingWith("headers.X: ");
    }

    @Test
    void relationsBetweenSettingsAreChecked() {
        assertThatThrownBy(() -> new SamplePools()
                        .primary("http://a")
                        .hashOn(HashSource.DEFAULT)
                        .build())
                .hasMessageStartingWith("hashOn: ");
        assertThatThrownBy(() -> new SamplePools()
                        .primary("http://a")
                        .primary("http://A:80")
                        .build())
                .hasMessageStartingWith("origins[1].url: ");
        assertThatThrownBy(() -> new SamplePools().backup("http://a").build()).hasMessageStartingWith("origins: ");
        assertThatThrownBy(() ->
                        new SamplePools().primary("http://a").pathPrefix("/x/").build())
                .hasMessageStartingWith("pathPrefix: ");
        assertThatThrownBy(() -> new Outlier(
                        5, 5, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(29), 50, 0, 0, 50))
                .hasMessageStartingWith("maxEjection: ");
        assertThatThrownBy(() -> new Timeouts(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(1)))
                .hasMessageStartingWith("total: ");
    }

    @Test
    void samePlaceWithAnotherHostHeaderIsAnotherOrigin() {
        PoolOptions pool = new SamplePools()
                .origin(new Origin("http://a", 1, OriginRole.PRIMARY, "one", null, OriginProtocol.HTTP1))
                .origin(new Origin("http://a", 1, OriginRole.PRIMARY, "two", null, OriginProtocol.HTTP1))
                .build();
        assertThat(pool.origins()).hasSize(2);
    }

    @Test
    void statusSetHoldsCodesAndRanges() {
        StatusSet set = StatusSet.parse("200-299, 304,418");
        assertThat(List.of(200, 250, 299, 304, 418)).allMatch(set::contains);
        assertThat(List.of(199, 300, 303, 417, 500, -1, 0)).noneMatch(set::contains);
        assertThat(set).hasToString("200-299, 304,418");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20", "2000", "abc", "299-200", "200-", "-200", "600", "200,,201"})
    void brokenStatusSetIsRefused(String text) {
        assertThatThrownBy(() -> StatusSet.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(";");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect-failure", "reset", "timeout", "429", "500", "503", "599"})
    void retryConditionsReadAsTheyAreWritten(String text) {
        assertThat(RetryCondition.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refused", "404", "600", "5xx", "200"})
    void otherRetryConditionsAreRefused(String text) {
        assertThatThrownBy(() -> RetryCondition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "url", "client-ip", "header:X-Shard", "cookie:sid"})
    void hashSourcesReadAsTheyAreWritten(String text) {
        assertThat(HashSource.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "header", "header:", "header:a b", "path:x"})
    void otherHashSourcesAreRefused(String text) {
        assertThatThrownBy(() -> HashSource.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
