package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9111 §4.4 where one URL has many keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnsafeRequestTest {
    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        origin.stubFor(any(anyUrl())
                .willReturn(
                        aResponse().withHeader("Cache-Control", "max-age=60").withBody("x")));
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                cache: {key: {headers: [X-Variant]}}
                rules:
                  - {name: reads, when: {path: "/read/*", method: [GET]}, do: [{pool: app}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop();
    }

    @Test
    void dropsEveryKeyOfTheUrlAndNoOtherUrl() {
        for (String variant : List.of("a", "b")) {
            stored("/doc?x=1", variant);
        }
        stored("/other", "a");

        installation.send(installation
                .request("/doc?x=1")
                .POST(BodyPublishers.ofString("new"))
                .build());

        assertThat(status("/doc?x=1", "a")).contains("uri-miss");
        assertThat(status("/doc?x=1", "b")).contains("uri-miss");
        assertThat(status("/other", "a")).contains("hit");
    }

    @Test
    void dropsWhatARuleForOtherMethodsKeyedInItsOwnWay() {
        stored("/read/1", "a");

        installation.send(installation
                .request("/read/1")
                .DELETE()
                .header("X-Variant", "a")
                .build());

        assertThat(status("/read/1", "a")).contains("uri-miss");
    }

    private void stored(String path, String variant) {
        status(path, variant);
        assertThat(status(path, variant)).contains("hit");
    }

    private String status(String path, String variant) {
        return Installation.cacheStatus(installation.get(path, "X-Variant", variant));
    }
}
