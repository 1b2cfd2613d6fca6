package dev.verge.deploy.e2e;

import static dev.verge.deploy.e2e.ConsoleBrowser.accessible;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the console shows of nodes, origins and traffic while it happens. */
interface ConsoleFleet {
    ConsoleDesk desk();

    @Test
    default void howBusyANodeIsAndWhatAnOriginDoesAreSeenAsTheyChange() throws IOException {
        ConsoleDesk desk = desk();
        Page page = desk.page();
        desk.open("/nodes", "Nodes");
        page.getByText("% CPU").waitFor();
        page.getByText("Load in the last hour").waitFor();
        // A level line has no height, and so counts as hidden.
        page.locator(".plots path.line[d*='L']")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        desk.browser().shot(page, "node-load");

        desk.open("/origins", "Origins");
        Locator origin = desk.row(desk.platform().origin(1, "").toString()).first();
        origin.getByText("up on node-0").waitFor();
        mood("{\"healthy\": false, \"failWith\": 503}");
        origin.getByText("down on node-0").waitFor();
        origin.getByText("status 503").waitFor();
        assertThat(origin.locator("svg.strip").getAttribute("aria-label")).contains("out of use 1 time");
        desk.browser().shot(page, "origin-down");
        mood("{}");
        origin.getByText("up on node-0").waitFor();
        page.getByText("Latest outages").first().waitFor();
        accessible(page, "origins with an outage");
    }

    private void mood(String json) throws IOException {
        Platform platform = desk().platform();
        assertThat(platform.send(HttpRequest.newBuilder(platform.origin(1, "/_control"))
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    default void trafficIsDrawnAsItComes() throws Exception {
        ConsoleDesk desk = desk();
        Page page = desk.page();
        desk.open("/sites", "Sites");
        try (AutoCloseable _ = new ConsoleSeed(desk.platform()).visitors()) {
            desk.open("/", "Overview");
            // The page's policy refuses what waits within it.
            Await.until(
                    "twenty seconds are drawn",
                    Duration.ofSeconds(60),
                    () -> page.locator(".plots path.line")
                                    .first()
                                    .getAttribute("d")
                                    .replaceAll("[^L]", "")
                                    .length()
                            > 20);
            assertThat(figure("Requests per second")).isPositive();
            assertThat(figure("Hit ratio")).isBetween(30.0, 80.0);
            assertThat(figure("Error ratio")).isZero();
            desk.browser().shot(page, "overview-live");
            accessible(page, "overview with traffic");
        }
    }

    private double figure(String label) {
        String value = desk().page()
                .locator(".figure", new Page.LocatorOptions().setHasText(label))
                .locator(".figure-value")
                .innerText();
        return Double.parseDouble(value.replaceAll("[^0-9.]", ""));
    }

    @Test
    default void aPlotIsEmptyWhereNothingIsKnownAndIsMarkedInRoundNumbers() {
        ConsoleDesk desk = desk();
        desk.open("/", "Overview");
        String module = String.valueOf(desk.page()
                .evaluate("[...document.querySelectorAll('link[rel=modulepreload]')]"
                        + ".map((one) => one.href).find((one) => one.endsWith('parts/chart.js'))"));
        assertThat(desk.page()
                        .evaluate(
                                "async (module) => {"
                                        + " const { chart, ticks } = await import(module);"
                                        + " const plot = chart('Gaps', String);"
                                        + " plot.show([0, 1000, 2000, 3000, 4000], [{name: 'one', kind: 's1', filled: true, values: [1, 2, null, 3, 1]}]);"
                                        + " const pieces = (kind) => plot.querySelector(`path.${kind}`).getAttribute('d').split('M').length - 1;"
                                        + " return [pieces('line'), pieces('filled'), ticks(250 * 1024 ** 2, {unit: 1024}).at(1) / 1024 ** 2,"
                                        + "   ticks(1, {whole: true}).join()].join(' ');"
                                        + "}",
                                module))
                .isEqualTo("2 2 100 0,1");
    }

    @Test
    default void aTraceSaysWhatTheCacheDecidesAndHowTheOriginsStand() throws IOException {
        ConsoleDesk desk = desk();
        Page page = desk.page();
        desk.platform().get(desk.platform().edge("/"));
        desk.open("/sites/demo/trace", "demo");
        page.getByLabel("URL").fill("http://localhost/");
        desk.press("Trace");
        page.getByText("(RFC 9111").waitFor();
        page.getByText(desk.platform().origin(1, "") + ": usable").scrollIntoViewIfNeeded();
        desk.browser().shot(page, "trace-cache");
        accessible(page, "trace of a cached page");
    }

    @Test
    default void aChangeGoesToSomeNodesFirstAndIsTakenBack() throws IOException {
        ConsoleDesk desk = desk();
        Page page = desk.page();
        ConsoleSeed seed = new ConsoleSeed(desk.platform());
        seed.put("/v1/sites/staged", "application/yaml", seed.site("staged", "staged.example"));
        seed.post("/v1/node-tokens", "{\"node\": \"edge-canary\", \"groups\": [\"canary\"]}");
        desk.open("/sites/staged", "staged");
        page.getByText("as stored").waitFor();
        page.getByLabel("Document of staged").focus();
        page.keyboard().press("Control+Home");
        page.keyboard().type("# tried\n");
        page.getByText("valid, not applied").waitFor();
        desk.press("Review and apply");
        assertThat(page.getByLabel("At the others").isDisabled()).isTrue();
        page.getByLabel("First only at nodes of these groups").fill("canary");
        assertThat(page.getByLabel("At the others").isDisabled()).isFalse();
        desk.press("Apply");
        page.getByText("Only nodes of canary have it so far.").waitFor();
        page.getByText("Go on, or take it back").click();
        page.getByText("first at the nodes of canary").waitFor();
        desk.browser().shot(page, "site-rollout");
        accessible(page, "a site's rollout");
        desk.press("Take it back");
        page.getByText("aborted").waitFor();
    }
}
