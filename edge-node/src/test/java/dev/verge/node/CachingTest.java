package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CachingTest {
    @TempDir
    Path data;

    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start() {
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
        assertThat(Installation.cacheStatus(first)).isEqualTo("verge; fwd=uri-miss; stored");
        assertThat(first.headers().firstValue("x-request-id")).isPresent();
        assertThat(first.headers().firstValue("cache-tag")).isEmpty();
        assertThat(second.body()).isEqualTo("hello");
        assertThat(Installation.cacheStatus(second)).startsWith("verge; hit; ttl=");
        assertThat(second.headers().firstValue("age")).isPresent();
        assertThat(second.headers().firstValue("via")).contains("1.1 verge");
        assertThat(second.headers().firstValue("x-request-id")).isEmpty();
        origin.verify(1, getRequestedFor(urlEqualTo("/page")));
    }
}
