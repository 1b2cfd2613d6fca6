package dev.verge.node;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionTest {
    private final WireMockServer origin = new WireMockServer(options().dynamicPort());
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin.start();
        origin.stubFor(get("/inner")
                .willReturn(
                        aResponse().withHeader("Cache-Control", "max-age=60").withBody("from the origin")));
        installation = new Installation(data, "functions: {spareHosts: 1}");
        Installation.until(
                "a function host",
                () -> installation
                        .send(HttpRequest.newBuilder(installation.admin("/readyz"))
                                .build())
                        .body()
                        .contains("\"functions\":\"warm(1)\""));
        installation.publishFunction("hello", """
                export default {
                  async fetch(request) {
                    const url = new URL(request.url);
                    if (url.pathname === "/run/throw") throw new Error("oops");
                    if (url.pathname === "/run/loop") while (true) {}
                    if (url.pathname === "/run/inner") {
                      const inner = await fetch(new URL("/inner", request.url));
                      return new Response("got " + await inner.text(), {headers: {"x-inner": inner.headers.get("cache-status")}});
                    }
                    if (url.pathname === "/run/passed") return fetch(new URL("/inner", request.url));
                    if (url.pathname === "/run/outside") {
                      try { await fetch("http://127.0.0.2:1/"); return new Response("reached"); }
                      catch (e) { return new Response(e.name); }
                    }
                    const body = request.method === "POST" ? await request.text() : "";
                    return new Response("hello " + url.pathname + " " + body, {headers: {"x-function": "yes"}});
                  }
                }
                """);
        installation.publishFunction("render", """
                export default { fetch: () => new Response("rendered", {headers: {"cache-control": "max-age=60"}}) }
                """);
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                functions: {hello: {function: hello}, render: {function: render}}
                rules:
                  - {name: run, when: {path: "/run/*"}, do: [{run: hello}]}
                  - {name: miss, when: {path: "/miss"}, do: [{run: render, at: miss}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.stop();
    }

    @Test
    void answersInPlaceOfTheOrigin() {
        HttpResponse<String> got = installation.get("/run/x");
        HttpResponse<String> posted = installation.send(installation
                .request("/run/y")
                .POST(HttpRequest.BodyPublishers.ofString("content"))
                .build());

        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo("hello /run/x ");
        assertThat(got.headers().firstValue("x-function")).contains("yes");
        assertThat(posted.body()).isEqualTo("hello /run/y content");
    }

    @Test
    void fetchesItsOwnSiteThroughTheCache() {
        assertThat(installation.get("/run/inner").body()).isEqualTo("got from the origin");
        HttpResponse<String> second = installation.get("/run/inner");

        assertThat(second.body()).isEqualTo("got from the origin");
        assertThat(second.headers().firstValue("x-inner").orElse("")).contains("hit");
        origin.verify(1, getRequestedFor(urlEqualTo("/inner")));
    }

    @Test
    void whatItPassesOnKeepsItsLength() {
        for (String fetched : List.of("from the origin or the cache", "from the cache")) {
            HttpResponse<String> passed = installation.get("/run/passed");
            assertThat(passed.body()).as(fetched).isEqualTo("from the origin");
            assertThat(passed.headers().firstValue("content-length"))
                    .as(fetched)
                    .contains("15");
        }
        assertThat(installation.get("/run/inner").headers().firstValue("content-length"))
                .as("one that is written anew")
                .contains("19");
    }

    @Test
    void mayNotFetchWhereItsManifestDoesNotSay() {
        assertThat(installation.get("/run/outside").body()).isEqualTo("TypeError");
    }

    @Test
    void isStoppedAndToldApartWhenItFails() {
        assertThat(installation.get("/run/throw").statusCode()).isEqualTo(500);
        assertThat(installation.get("/run/loop").statusCode()).isEqualTo(503);
        assertThat(installation.get("/run/after").statusCode()).isEqualTo(200);
    }

    @Test
    void answersAMissAndIsStored() {
        HttpResponse<String> first = installation.get("/miss");
        HttpResponse<String> second = installation.get("/miss");

        assertThat(first.body()).isEqualTo("rendered");
        assertThat(Installation.cacheStatus(first)).contains("stored");
        assertThat(second.body()).isEqualTo("rendered");
        assertThat(Installation.cacheStatus(second)).contains("hit");
    }
}
