package dev.verge.deploy.e2e;

import static dev.verge.deploy.e2e.ConsoleBrowser.accessible;
import static dev.verge.deploy.e2e.ConsoleBrowser.fits;
import static dev.verge.deploy.e2e.ConsoleBrowser.heading;
import static dev.verge.deploy.e2e.ConsoleBrowser.hidden;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as people use it: each page's main task, in a real browser, against a real control plane and node. */
final class ConsoleIT implements ConsoleFleet, ConsoleKeeping {
    private static final String HOSTILE = "<img src=x onerror=\"window.hit = 1\"><script>window.hit = 1</script>";

    private static Platform platform;
    private static ConsoleBrowser browser;
    private static ConsoleSeed seed;
    private static Page page;

    @BeforeAll
    static void start(@TempDir Path data) throws IOException {
        platform = Platform.start(data);
        seed = new ConsoleSeed(platform);
        browser = new ConsoleBrowser(platform.api(""));
        page = browser.page(1280, 860, ColorScheme.LIGHT);
        browser.signIn(page, platform.token());
    }

    @AfterAll
    static void stop() {
        browser.close();
        platform.close();
    }

    @Override
    public ConsoleDesk desk() {
        return new ConsoleDesk(platform, browser, page);
    }

    @AfterEach
    void nothingIsComplainedAbout() {
        browser.quiet(() -> platform.lastLines("control-plane", 40));
        assertThat(page.evaluate("window.hit === undefined")).isEqualTo(true);
    }

    @Test
    void everyPageFitsIsAccessibleAndIsDrawnInBothThemes() throws IOException {
        seed.everything();
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("/", "Overview");
        pages.put("/sites", "Sites");
        for (String tab : new String[] {"", "/status", "/traffic", "/trace", "/purge", "/history"}) {
            pages.put("/sites/demo" + tab, "demo");
        }
        pages.put("/functions", "Functions");
        for (String tab : new String[] {"", "/rollout", "/invoke", "/logs", "/settings", "/usage", "/status"}) {
            pages.put("/functions/hello" + tab, "hello");
        }
        pages.put("/origins", "Origins");
        pages.put("/purge", "Purge");
        pages.put("/kv/prefs", "Key-value");
        pages.put("/certificates", "Certificates");
        pages.put("/tokens", "Tokens");
        pages.put("/audit", "Audit");
        pages.put("/nodes", "Nodes");
        pages.put("/accounts", "Accounts");
        for (boolean phone : new boolean[] {false, true}) {
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                Page look = browser.page(phone ? 360 : 1280, phone ? 740 : 860, scheme);
                String kind = (phone ? "phone-" : "desktop-") + (scheme == ColorScheme.DARK ? "dark" : "light");
                look.navigate(platform.api("/").toString());
                look.getByLabel("Token").waitFor();
                browser.shot(look, kind + "-sign-in");
                // Of axe's rules none depends on both, width and theme.
                boolean looks = phone == (scheme == ColorScheme.DARK);
                if (looks) {
                    accessible(look, "sign-in");
                }
                browser.signIn(look, platform.token());
                pages.forEach((address, title) -> {
                    browser.open(look, address, title);
                    String name = kind + (address.equals("/") ? "-overview" : address.replaceAll("[^a-z]+", "-"));
                    browser.shot(look, name);
                    fits(look, name);
                    if (looks) {
                        accessible(look, name);
                    }
                });
                look.context().close();
            }
        }
    }

    @Test
    void theTokenIsNowhereInThePageAfterSigningIn() throws IOException {
        Page other = browser.page(1280, 860, ColorScheme.LIGHT);
        browser.signIn(other, platform.token());
        assertThat(other.url()).doesNotContain("vrg_").doesNotContain("vrs_");
        assertThat(String.valueOf(other.evaluate(
                        "document.documentElement.outerHTML + JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})"
                                + " + document.cookie")))
                .doesNotContain(platform.token())
                .doesNotContain("vrs_");
        other.reload();
        heading(other, "Overview");
        other.getByLabel("Signed in as").click();
        button(other, "Sign out").click();
        heading(other, "Sign in to Verge");
        other.reload();
        heading(other, "Sign in to Verge");
        other.getByLabel("Token").fill("vrg_wrong");
        other.keyboard().press("Enter");
        other.getByText("No such token").waitFor();
        browser.refused(401);
        other.context().close();
    }

    @Test
    void aSiteIsMadeMendedAppliedSeenInForceAndRolledBack() throws IOException {
        browser.open(page, "/sites", "Sites");
        button(page, "New site").first().click();
        page.getByLabel("Name").fill("blog");
        page.getByLabel("Host", exact()).fill("blog.example");
        page.getByLabel("Origin", exact()).fill(platform.origin(0, "").toString());
        button(page, "Create").click();
        heading(page, "blog");
        Locator document = page.getByLabel("Document of blog");

        document.focus();
        page.keyboard().press("Control+End");
        page.keyboard().type("cach: {}\n");
        Locator problem = page.locator(".editor-problems button");
        problem.waitFor();
        assertThat(problem.innerText()).contains("Line 7", "cach", "did you mean \"cache\"");
        browser.shot(page, "site-problem");
        browser.refused(422);
        button(page, "Discard").click();

        document.focus();
        page.keyboard().press("Control+End");
        page.keyboard().type("cac");
        page.locator(".editor-offers li").first().waitFor();
        page.keyboard().press("Enter");
        page.keyboard().press("Enter");
        page.keyboard().type("edgeTtl: {mode: ");
        page.locator(".editor-offers li").nth(1).waitFor();
        assertThat(page.locator(".editor-offers").innerText()).contains("honor", "override", "bypass");
        browser.shot(page, "site-completion");
        page.keyboard().press("Escape");
        page.keyboard().type("bypass}\n");
        page.getByText("valid, not applied").waitFor();
        page.keyboard().press("Control+s");
        assertThat(page.locator(".diff").innerText()).contains("edgeTtl: {mode: bypass}");
        browser.shot(page, "site-review");
        button(page, "Apply").click();
        main("in force on 1 of 1 node").waitFor();
        browser.shot(page, "site-applied");
        browser.refused(422);

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("History"))
                .click();
        button(page, "Compare and roll back").last().click();
        button(page, "Roll back to version 1").click();
        main("Version 3 is version 1 again").waitFor();
        main("in force on 1 of 1 node").waitFor();
    }

    @Test
    void aChangeThatSomebodyElseMadeMeanwhileIsShownAndNotOverwritten() throws IOException {
        seed.put("/v1/sites/shared", "application/yaml", seed.site("shared", "shared.example"));
        browser.open(page, "/sites/shared", "shared");
        page.getByText("as stored").waitFor();
        seed.put("/v1/sites/shared", "application/yaml", seed.site("shared", "shared.example") + "# theirs\n");
        page.getByLabel("Document of shared").focus();
        page.keyboard().press("Control+Home");
        page.keyboard().type("# mine\n");
        page.getByText("valid, not applied").waitFor();
        button(page, "Review and apply").click();
        button(page, "Apply").click();
        page.getByText("Changed meanwhile").waitFor();
        assertThat(page.locator("dialog").innerText()).contains("# theirs").contains("# mine");
        browser.shot(page, "site-conflict");
        browser.refused(412);
        button(page, "Take theirs").click();
        assertThat(page.getByLabel("Document of shared").inputValue()).endsWith("# theirs\n");
    }

    @Test
    void aRequestIsTracedAndAPurgeFollowedToTheNode() {
        browser.open(page, "/sites/demo/trace", "demo");
        page.getByLabel("URL").fill("https://localhost/hello?name=Ada");
        button(page, "Trace").click();
        main("A function answers").waitFor();
        browser.shot(page, "trace-answer");
        browser.open(page, "/sites/demo/purge", "demo");
        page.getByLabel("URLs", exact()).fill("/api/products");
        button(page, "Purge").click();
        main("done on 1 of 1 node").waitFor();
        browser.shot(page, "purge-done");

        button(page, "Warm up").click();
        page.getByLabel("URLs").last().fill("http://localhost/api/products");
        button(page, "Fetch on every node").click();
        page.locator("dialog table").waitFor();
        assertThat(page.locator("dialog table").innerText()).contains("200", "verge");
        browser.shot(page, "site-warmed");
        page.keyboard().press("Escape");
    }

    @Test
    void aFunctionInTypeScriptIsMadeCompletedAndItsMistakesAreShown() throws IOException {
        browser.open(page, "/functions", "Functions");
        button(page, "New function").first().click();
        page.getByLabel("Name").fill("typed");
        page.getByLabel("Language").selectOption("application/typescript");
        button(page, "Create").click();
        heading(page, "typed");
        Locator code = page.getByLabel("Code of typed");
        String written = code.inputValue();
        assertThat(written).contains("request: Request");
        code.focus();
        page.keyboard().press("Control+End");
        page.keyboard().type("ctx.wait");
        page.locator(".editor-offers li").first().waitFor();
        assertThat(page.locator(".editor-offers").innerText()).contains("waitUntil", "after the response");
        browser.shot(page, "function-completion");
        page.keyboard().press("Escape");
        code.fill("export default {\n  fetch(request: ): Response { return new Response() },\n};\n");
        button(page, "Review and push").click();
        button(page, "Push").click();
        page.locator(".editor-problems button").waitFor();
        assertThat(page.locator(".editor-problems").innerText()).contains("Line 2", "SyntaxError");
        browser.refused(422);
        // Nothing is left unsaved, which the next page would ask about.
        code.fill(written);
    }

    @Test
    void aFunctionIsMendedPushedRolledOutCalledAndWatched() throws IOException {
        browser.open(page, "/functions", "Functions");
        button(page, "New function").first().click();
        page.getByLabel("Name").fill("greeter");
        button(page, "Create").click();
        heading(page, "greeter");
        Locator code = page.getByLabel("Code of greeter");
        code.fill("export default {\n  fetch( {\n};\n");
        button(page, "Review and push").click();
        button(page, "Push").click();
        page.locator(".editor-problems button").waitFor();
        assertThat(page.locator(".editor-problems").innerText()).contains("SyntaxError");
        browser.shot(page, "function-problem");
        browser.refused(422);

        code.fill("export default {\n  async fetch(request, env) {\n    console.log(" + quoted(HOSTILE)
                + ");\n    return new Response(" + quoted(HOSTILE)
                + ", {headers: {'content-type': 'text/html'}});\n  },\n};\n");
        button(page, "Review and push").click();
        page.getByLabel("Give it all traffic at once").uncheck();
        button(page, "Push").click();
        main("takes no traffic yet").waitFor();

        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Versions"))
                .click();
        button(page, "25 %").click();
        button(page, "Apply").click();
        main("live on 1 of 1 node").waitFor();
        // How both versions do is seen side by side while they run.
        Await.until("runs of both versions are shown", Duration.ofSeconds(60), () -> {
            invokeGreeter(1);
            invokeGreeter(2);
            return page.locator(".versus .figures").count() == 2;
        });
        assertThat(page.locator(".versus .figures").allInnerTexts())
                .allSatisfy(
                        figures -> assertThat(figures).contains("Error rate").contains("0 %"));
        page.locator(".versus").evaluate("figures => figures.scrollIntoView({block: 'center'})");
        browser.shot(page, "function-rollout");

        browser.open(page, "/functions/greeter/logs", "greeter");
        page.getByText("live", new Page.GetByTextOptions().setExact(true)).waitFor();
        Await.until("a run is shown", Duration.ofSeconds(20), () -> {
            invokeGreeter(2);
            return page.locator(".log-line").count() > 0;
        });
        assertThat(page.locator(".log-line").first().innerText()).contains(HOSTILE);
        browser.shot(page, "function-logs");

        browser.open(page, "/functions/greeter/invoke", "greeter");
        page.getByLabel("Version").selectOption("2");
        button(page, "Call").click();
        page.locator("pre.code").last().waitFor();
        assertThat(page.locator("pre.code").last().innerText()).contains(HOSTILE);
        browser.shot(page, "function-answer");

        browser.open(page, "/functions/greeter/settings", "greeter");
        button(page, "Add a secret").click();
        page.getByLabel("Name").fill("API_KEY");
        page.getByLabel("Value").fill("hidden");
        button(page, "Save").click();
        page.locator("dialog").waitFor(hidden());
        page.getByText("API_KEY").waitFor();
        assertThat(page.content()).doesNotContain(">hidden<");
    }

    private void invokeGreeter(int version) throws IOException {
        platform.send(platform.call("/v1/functions/greeter/invoke?method=GET&version=" + version)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    @Test
    void theKeyboardReachesEverything() {
        browser.open(page, "/sites", "Sites");
        page.keyboard().press("?");
        page.getByText("Keyboard shortcuts").waitFor();
        browser.shot(page, "shortcuts");
        page.keyboard().press("Escape");
        page.keyboard().press("g");
        page.keyboard().press("n");
        heading(page, "Nodes");
        page.keyboard().press("Control+k");
        page.keyboard().type("site demo");
        page.locator(".palette-list li", new Page.LocatorOptions().setHasText("demo"))
                .first()
                .waitFor();
        browser.shot(page, "palette");
        page.keyboard().press("Enter");
        heading(page, "demo");
        assertThat(page.evaluate("document.activeElement.tagName")).isEqualTo("H1");
        page.keyboard().press("Tab");
        assertThat(page.evaluate("document.activeElement.matches(':focus-visible')"))
                .isEqualTo(true);
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private static Locator main(String text) {
        return page.locator("#main").getByText(text);
    }

    private static Locator button(Page on, String name) {
        return on.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByLabelOptions exact() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
