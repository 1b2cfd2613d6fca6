package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.RunningControlPlane.Call;
import dev.verge.control.access.SessionTable;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.Hash;
import dev.verge.control.store.StoreSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class ConsoleTest {
    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(console/[^\"]+)\"");

    private final TestStore kind;

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private StoreSettings store;
    private RunningControlPlane api;

    ConsoleTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        store = kind.fresh();
        api = RunningControlPlane.start(
                RunningControlPlane.on(
                        store, RunningControlPlane.config(folder, ApiLimits.defaults(), LogRetention.defaults(), 0)),
                now::get);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aTokenIsExchangedForACookieThatNoScriptReadsAndOnlyItsHashIsStored() throws SQLException {
        Answer opened = open(api.operator(), own()).expect(201);
        assertThat(opened.header("Set-Cookie"))
                .matches("verge_session=vrs_[\\w-]{43}; Path=/v1; Max-Age=43200; HttpOnly; SameSite=Strict");
        assertThat(opened.json().path("scopes").get(0).textValue()).isEqualTo("operator");
        assertThat(opened.text()).doesNotContain("vrs_");
        String cookie = cookie(opened);
        with(cookie, "GET", "/v1/sites").send().expect(200);
        try (var connection = TestStore.connect(store, folder);
                var rows = connection.createStatement().executeQuery("SELECT hash FROM console_session")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo(Hash.of(cookie.substring(cookie.indexOf('=') + 1)));
        }
        String audit = api.call("GET", "/v1/audit").send().expect(200).text();
        assertThat(audit).contains("signed in to the console").doesNotContain("vrs_");
    }

    @Test
    void behindTlsTheCookieIsSentByTlsOnly() {
        assertThat(open(api.operator(), own().replace("http:", "https:"))
                        .expect(201)
                        .header("Set-Cookie"))
                .endsWith("; Secure");
    }

    @Test
    void aPageOfAnotherOriginNeitherOpensASessionNorUsesOne() {
        for (String origin : List.of("", "null", "http://evil.example", own() + ".evil.example", own() + "0")) {
            open(api.operator(), origin).expect(403);
        }
        String cookie = cookie(open(api.operator(), own()).expect(201));
        String order = "{\"name\": \"acme\"}";
        post(cookie, "").json(order).send().expect(403);
        for (String origin : List.of(
                "null", "http://evil.example", "http://localhost:" + api.base().getPort())) {
            assertThat(post(cookie, origin).json(order).send().expect(403).text())
                    .contains("foreign-page");
        }
        post(cookie, own())
                .header("Sec-Fetch-Site", "cross-site")
                .json(order)
                .send()
                .expect(403);
        post(cookie, own())
                .header("Sec-Fetch-Site", "same-site")
                .json(order)
                .send()
                .expect(403);
        with(cookie, "GET", "/v1/sites")
                .header("Sec-Fetch-Site", "cross-site")
                .send()
                .expect(403);
        assertThat(api.call("GET", "/v1/accounts").send().text()).doesNotContain("acme");
        with(cookie, "GET", "/v1/sites")
                .header("Sec-Fetch-Site", "same-origin")
                .send()
                .expect(200);
        post(cookie, own())
                .header("Sec-Fetch-Site", "same-origin")
                .json(order)
                .send()
                .expect(201);
    }

    @Test
    void aSessionDoesNoMoreThanItsToken() {
        String reader = api.token("acme", "reader", Scope.READ);
        String cookie = cookie(open(reader, own()).expect(201));
        with(cookie, "GET", "/v1/sites").send().expect(200);
        with(cookie, "GET", "/v1/sites?account=default").send().expect(404);
        with(cookie, "GET", "/v1/nodes").send().expect(403);
        with(cookie, "PUT", "/v1/sites/shop")
                .header("Origin", own())
                .yaml(RunningControlPlane.site("shop", "shop.example"))
                .send()
                .expect(403);
        with(cookie, "POST", "/v1/session").header("Origin", own()).send().expect(409);
    }

    @Test
    void aSessionEndsByItselfWithItsTokenAndWhenItIsClosed() {
        String first = cookie(open(api.operator(), own()).expect(201));
        now.updateAndGet(time -> time.plus(SessionTable.LIFETIME).minusSeconds(1));
        with(first, "GET", "/v1/whoami").send().expect(200);
        now.updateAndGet(time -> time.plusSeconds(1));
        with(first, "GET", "/v1/whoami").send().expect(401);

        var made = api.call("POST", "/v1/tokens")
                .json("{\"name\": \"short\", \"scopes\": [\"read\"], \"expiresIn\": \"1h\"}")
                .send()
                .expect(201)
                .json();
        String token = made.path("token").textValue();
        Answer opened = open(token, own()).expect(201);
        assertThat(opened.header("Set-Cookie")).contains("; Max-Age=3600;");
        String second = cookie(open(token, own()).expect(201));
        with(second, "GET", "/v1/whoami").send().expect(200);
        api.call("DELETE", "/v1/tokens/" + made.path("id").textValue()).send().expect(204);
        with(second, "GET", "/v1/whoami").send().expect(401);

        String third = cookie(open(api.operator(), own()).expect(201));
        with(third, "DELETE", "/v1/session").send().expect(403);
        Answer closed = with(third, "DELETE", "/v1/session")
                .header("Origin", own())
                .send()
                .expect(204);
        assertThat(closed.header("Set-Cookie")).startsWith("verge_session=; Path=/v1; Max-Age=0;");
        with(third, "GET", "/v1/whoami").send().expect(401);
    }

    @Test
    void aTokenHasABoundedNumberOfSessionsAndTheOldestGoesFirst() {
        String oldest = cookie(open(api.operator(), own()).expect(201));
        for (int i = 1; i < SessionTable.MOST; i++) {
            now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
            open(api.operator(), own()).expect(201);
        }
        with(oldest, "GET", "/v1/whoami").send().expect(200);
        now.updateAndGet(time -> time.plus(Duration.ofSeconds(1)));
        String newest = cookie(open(api.operator(), own()).expect(201));
        with(oldest, "GET", "/v1/whoami").send().expect(401);
        with(newest, "GET", "/v1/whoami").send().expect(200);
    }

    @Test
    void whoGuessesIsSlowedDownAndNobodyElse() {
        int refused = 0;
        for (int i = 0; i < 400 && refused == 0; i++) {
            Answer guess = with("verge_session=vrs_" + i, "GET", "/v1/whoami").send();
            assertThat(guess.status()).isIn(401, 429);
            refused += guess.status() == 429 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1);
        open(api.operator(), own()).expect(201);
    }

    @Test
    void thePageRunsNothingButItsOwnFiles() {
        Answer page = api.anonymous("GET", "/").send().expect(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .contains("require-trusted-types-for 'script'", "trusted-types 'none'")
                .doesNotContain("unsafe");
        assertThat(page.text()).doesNotContain("style=", "@base@", "http://", "https://");
        assertThat(Pattern.compile("<script(?![^>]*\\bsrc=)")
                        .matcher(page.text())
                        .find())
                .isFalse();
    }

    @Test
    void filesAreKeptForGoodBelowADigestAndStaySmall() throws IOException {
        Matcher file = FILE.matcher(api.anonymous("GET", "/").send().text());
        int files = 0;
        int total = 0;
        while (file.find()) {
            Answer answer = api.anonymous("GET", "/" + file.group(1)).send().expect(200);
            assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
            assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
            files++;
            total += answer.text().length();
        }
        assertThat(files).isGreaterThan(30);
        assertThat(total).isLessThan(300 * 1024);
        String app = "/" + name("app.js");
        Answer plain = api.anonymous("GET", app).send().expect(200);
        assertThat(plain.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(plain.header("Vary")).isEqualTo("Accept-Encoding");
        byte[] packed =
                api.anonymous("GET", app).header("Accept-Encoding", "br, gzip").sendForBytes();
        assertThat(new String(
                        new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(plain.text());
        for (String refusing : List.of("identity", "gzip;q=0", "gzip; q=0.000")) {
            assertThat(api.anonymous("GET", app)
                            .header("Accept-Encoding", refusing)
                            .send()
                            .header("Content-Encoding"))
                    .isEmpty();
        }
        String etag = plain.header("ETag");
        for (String known : List.of(etag, "\"other\", " + etag, "*", etag.substring(2))) {
            Answer same = api.anonymous("GET", app)
                    .header("If-None-Match", known)
                    .send()
                    .expect(304);
            assertThat(same.text()).isEmpty();
        }
        Answer head = api.anonymous("HEAD", app).send().expect(200);
        assertThat(head.header("Content-Length")).isEqualTo(plain.header("Content-Length"));
        assertThat(head.text()).isEmpty();
        Answer other = api.anonymous("GET", app.replaceFirst("console/[0-9a-f]+/", "console/0123456789abcdef/"))
                .send()
                .expect(200);
        assertThat(other.header("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void nothingBesideTheFilesIsReached() throws IOException {
        String base = "/" + name("app.js").replace("app.js", "");
        for (String path : List.of(
                base + "none.js",
                base,
                base + "index.html",
                base + "../app.js",
                base + "lib/../app.js",
                base + "..%2fapp.js",
                base + "%2e%2e/%2e%2e/logback.xml",
                base + "lib//dom.js",
                base + "/etc/passwd",
                "/console",
                "/console/",
                "/console/app.js",
                "//console/x",
                "/index.html")) {
            String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(path).startsWith("HTTP/1.1 404").contains("application/problem+json");
        }
        api.call("POST", "/").send().expect(404);
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), api.base().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String name(String file) {
        Matcher found = FILE.matcher(api.anonymous("GET", "/").send().text());
        while (found.find()) {
            if (found.group(1).endsWith("/" + file)) {
                return found.group(1);
            }
        }
        throw new AssertionError("the page names no " + file);
    }

    private String own() {
        return "http://127.0.0.1:" + api.base().getPort();
    }

    private Answer open(String token, String origin) {
        Call call = api.call("POST", "/v1/session").as(token);
        return (origin.isEmpty() ? call : call.header("Origin", origin)).send();
    }

    private Call post(String cookie, String origin) {
        Call call = with(cookie, "POST", "/v1/accounts");
        return origin.isEmpty() ? call : call.header("Origin", origin);
    }

    /** A call with a cookie alone. */
    private Call with(String cookie, String method, String path) {
        return api.anonymous(method, path).header("Cookie", cookie);
    }

    private static String cookie(Answer opened) {
        String field = opened.header("Set-Cookie");
        return field.substring(0, field.indexOf(';'));
    }
}
