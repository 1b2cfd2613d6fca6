package dev.verge.deploy.e2e;

import static dev.verge.deploy.e2e.ConsoleBrowser.accessible;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console's pages of nodes and origins show while it happens. */
final class ConsoleFleetIT {
    private static Platform platform;
    private static ConsoleBrowser browser;
    private static Page page;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        platform = Platform.start(data);
        browser = new ConsoleBrowser(platform.api(""));
        page = browser.page(1280, 860, ColorScheme.LIGHT);
        browser.signIn(page, platform.token());
    }

    @AfterAll
    static void stop() {
        browser.close();
        platform.close();
    }

    @Test
    void howBusyANodeIsAndWhatAnOriginDoesAreSeenAsTheyChange() throws IOException {
        browser.open(page, "/nodes", "Nodes");
        page.getByText("% CPU").waitFor();
        page.getByText("Load in the last hour").waitFor();
        // A level line has no height, and so counts as hidden.
        page.locator(".plots path.line[d*='L']")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.ATTACHED));
        browser.shot(page, "node-load");

        browser.open(page, "/origins", "Origins");
        Locator origin = page.locator(
                        "tr",
                        new Page.LocatorOptions()
                                .setHasText(platform.origin(1, "").toString()))
                .first();
        origin.getByText("up on node-0").waitFor();
        mood("{\"healthy\": false, \"failWith\": 503}");
        origin.getByText("down on node-0").waitFor();
        origin.getByText("status 503").waitFor();
        assertThat(origin.locator("svg.strip").getAttribute("aria-label")).contains("out of use 1 time");
        browser.shot(page, "origin-down");
        mood("{}");
        origin.getByText("up on node-0").waitFor();
        page.getByText("Latest outages").first().waitFor();
        accessible(page, "origins with an outage");
        browser.quiet();
    }

    @Test
    void trafficIsDrawnAsItComes() throws Exception {
        try (AutoCloseable _ = new ConsoleSeed(platform).visitors()) {
            browser.open(page, "/", "Overview");
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
            browser.shot(page, "overview-live");
            accessible(page, "overview with traffic");
        }
        browser.quiet();
    }

    @Test
    void aTraceSaysWhatTheCacheDecidesAndHowTheOriginsStand() throws IOException {
        platform.get(platform.edge("/"));
        browser.open(page, "/sites/demo/trace", "demo");
        page.getByLabel("URL").fill("http://localhost/");
        press("Trace");
        page.getByText("(RFC 9111").waitFor();
        page.getByText(platform.origin(1, "") + ": usable").scrollIntoViewIfNeeded();
        browser.shot(page, "trace-cache");
        accessible(page, "trace of a cached page");
        browser.quiet();
    }

    private static double figure(String label) {
        String value = page.locator(".figure", new Page.LocatorOptions().setHasText(label))
                .locator(".figure-value")
                .innerText();
        return Double.parseDouble(value.replaceAll("[^0-9.]", ""));
    }

    @Test
    void aChangeGoesToSomeNodesFirstAndIsTakenBack() throws IOException {
        ConsoleSeed seed = new ConsoleSeed(platform);
        seed.put("/v1/sites/staged", "application/yaml", seed.site("staged", "staged.example"));
        seed.post("/v1/node-tokens", "{\"node\": \"edge-canary\", \"groups\": [\"canary\"]}");
        browser.open(page, "/sites/staged", "staged");
        page.getByText("as stored").waitFor();
        page.getByLabel("Document of staged").focus();
        page.keyboard().press("Control+Home");
        page.keyboard().type("# tried\n");
        page.getByText("valid, not applied").waitFor();
        press("Review and apply");
        page.getByLabel("First only nodes of the groups").fill("canary");
        press("Apply");
        page.getByText("Only nodes of canary have it so far.").waitFor();
        page.getByText("Go on, or take it back").click();
        page.getByText("first at the nodes of canary").waitFor();
        browser.shot(page, "site-rollout");
        accessible(page, "a site's rollout");
        press("Take it back");
        page.getByText("aborted").waitFor();
        browser.quiet();
    }

    private static void press(String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    private static void mood(String json) throws IOException {
        assertThat(platform.send(HttpRequest.newBuilder(platform.origin(1, "/_control"))
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }
}
