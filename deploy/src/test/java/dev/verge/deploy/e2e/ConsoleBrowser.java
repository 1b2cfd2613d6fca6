package dev.verge.deploy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Debian's Chromium, without a window, on the console of one platform. Nothing that a page complains about is passed over. */
final class ConsoleBrowser implements AutoCloseable {
    private static final Path CHROMIUM = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no Chromium in /usr/bin"));
    private static final Path SHOTS = Path.of("target", "console");
    private static final int PATIENCE_MILLIS = 20_000;

    /** Mistakes of the tests' own making; browsers write a line for every status from 400 on. */
    private static final String REFUSED = "Failed to load resource: the server responded with a status of ";

    private final Playwright playwright;
    private final Browser browser;
    private final URI base;
    private final List<String> complaints = new ArrayList<>();

    ConsoleBrowser(URI base) {
        this.base = base;
        this.playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox")));
    }

    /** A page of a browser that knows nothing yet. */
    Page page(int width, int height, ColorScheme scheme) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(base.toString())) {
                complaints.add("asked for " + request.url());
            }
        });
        return page;
    }

    /** Signs in with a token. */
    void signIn(Page page, String token) {
        page.navigate(base.toString());
        page.getByLabel("Token").fill(token);
        page.getByRole(com.microsoft.playwright.options.AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        heading(page, "Overview");
    }

    /** Opens a page by its address and waits for its heading. */
    void open(Page page, String address, String heading) {
        page.navigate(base + "/#" + address);
        // What was told on another page is no part of this one.
        page.evaluate("document.getElementById('toasts')?.replaceChildren()");
        heading(page, heading);
        page.locator(".loading").first().waitFor(hidden());
    }

    static void heading(Page page, String text) {
        page.locator("h1", new Page.LocatorOptions().setHasText(text)).waitFor();
    }

    static com.microsoft.playwright.Locator.WaitForOptions hidden() {
        return new com.microsoft.playwright.Locator.WaitForOptions()
                .setState(com.microsoft.playwright.options.WaitForSelectorState.HIDDEN);
    }

    /** Keeps a picture as {@code target/console/NAME.png}, and those that the documentation shows there as well. */
    void shot(Page page, String name) {
        byte[] png = page.screenshot(new Page.ScreenshotOptions().setPath(SHOTS.resolve(name + ".png")));
        ConsolePictures.keep(name, png);
    }

    /** Nothing is wider than the window. */
    static void fits(Page page, String name) {
        Object over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
        assertThat(((Number) over).intValue()).as("overflow of " + name).isLessThanOrEqualTo(0);
    }

    /** WCAG 2.2 A and AA, as far as axe-core can tell. */
    static void accessible(Page page, String name) {
        // Sheets that fade in have other colours on the way.
        page.evaluate("Promise.all(document.getAnimations().filter((one) => one.effect.getTiming().iterations === 1)"
                + ".map((one) => one.finished.catch(() => {})))");
        page.evaluate(Axe.SCRIPT);
        Object found =
                page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                        + ".then((result) => result.violations.map((one) => one.id + ': '"
                        + " + one.nodes.slice(0, 4).map((node) => node.html + ' ' + node.failureSummary).join('; ')))");
        assertThat((List<?>) found).as("accessibility of " + name).isEmpty();
    }

    /** Nothing was complained about since the last look; else {@code log} tells what the other side knows of it. */
    void quiet(Supplier<String> log) {
        assertThat(complaints).as(log).isEmpty();
    }

    /** Forgets the lines about calls that a test let fail on purpose. */
    void refused(int status) {
        complaints.removeIf(line -> line.startsWith(REFUSED + status));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static final class Axe {
        static final String SCRIPT = read();

        private static String read() {
            try (InputStream in = ConsoleBrowser.class.getResourceAsStream("/axe.min.js")) {
                return new String(Objects.requireNonNull(in, "axe-core").readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
