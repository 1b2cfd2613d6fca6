package dev.verge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.verge.client.api.AccountsApi;
import dev.verge.client.api.AuditApi;
import dev.verge.client.api.FunctionsApi;
import dev.verge.client.api.KvApi;
import dev.verge.client.api.NodeTokensApi;
import dev.verge.client.api.NodesApi;
import dev.verge.client.api.PurgesApi;
import dev.verge.client.api.SitesApi;
import dev.verge.client.api.TokensApi;
import dev.verge.client.api.WhoamiApi;
import dev.verge.client.model.*;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Calls of the client that was generated from the API's description; each public method is a test. */
public final class RoundTrip {
    private static final String SOURCE = "export default { async fetch(request) { return new Response('hello') } }\n";

    private final URI base;
    private final ApiClient operator;

    /** Calls of a control plane at {@code base}, with an operator's token. */
    public RoundTrip(URI base, String token) {
        this.base = base;
        this.operator = client(token);
    }

    private ApiClient client(String token) {
        ApiClient client = new ApiClient();
        client.setBasePath(base.resolve("/v1").toString());
        client.setBearerToken(token);
        return client;
    }

    public void aDocumentWithEveryKindOfValue() throws ApiException, IOException {
        SitesApi sites = new SitesApi(operator);
        SiteDocument sent = site("every", "every.example")
                .addHostsItem(new Text("*.every.example"))
                .cache(new CacheOptions().maxObjectBytes(new CacheOptionsMaxObjectBytes("10GiB")))
                .debug(new DebugOptions().allow(new DebugOptionsAllow("10.0.0.0/8")))
                .rules(List.of(
                        new Rule()
                                .name("old")
                                .when(new When()
                                        .path(new WhenPath(List.of(new Text("/old/*"), new Text("/older/*"))))
                                        .method(new WhenMethod(new Text("GET")))
                                        .deviceType(new WhenDeviceType("mobile"))
                                        .putHeaderItem("X-Count", new Text(new BigDecimal(5))))
                                ._do(List.of(new Behaviour(new RedirectBehaviour()
                                        .redirect(new Redirect()
                                                .to(new Text("/new"))
                                                .status(301))))),
                        new Rule()
                                .name("api")
                                .when(new When().path(new WhenPath(new Text("/api/*"))))
                                ._do(List.of(
                                        new Behaviour(new RateLimitBehaviour()
                                                .rateLimit(new RateLimit()
                                                        .requests(2_000_000)
                                                        .by(new RateLimitBy("header:X-Key")))),
                                        new Behaviour(new CacheBy()
                                                .cache(new CacheOverride()
                                                        .maxObjectBytes(
                                                                new CacheOverrideMaxObjectBytes(3_000_000_000L)))),
                                        new Behaviour(new ToPool().pool("app")))),
                        new Rule()
                                .name("failed")
                                .when(new When()
                                        .status(new WhenStatus(
                                                List.of(new Text(new BigDecimal(404)), new Text("500-599")))))
                                ._do(List.of(new Behaviour(new RemoveResponseHeader()
                                        .removeResponseHeader(new RemoveResponseHeaderRemoveResponseHeader(
                                                List.of(new Text("X-Secret")))))))));
        sent.getPools()
                .get("app")
                .healthCheck(new HealthCheck()
                        .path("/healthz")
                        .expectedCodes(new HealthCheckExpectedCodes(new BigDecimal(204))))
                .retries(new Retries().on(List.of(new Text("reset"), new Text(new BigDecimal(502)))));

        SiteDocumentStored answered = sites.putSite("every", sent, null, null, null, null, null);
        SiteDocumentStored read = sites.getSite("every", null, null);

        assertThat(read).isEqualTo(answered);
        assertThat(read.getRules()).isEqualTo(sent.getRules());
        assertThat(read.getPools()).isEqualTo(sent.getPools());
        assertThat(read.getDebug()).isEqualTo(sent.getDebug());
        JsonObject whole = JsonParser.parseString(read.toJson()).getAsJsonObject();
        assertThat(whole.remove("revision").getAsLong()).isPositive();
        assertThat(whole).isEqualTo(JsonParser.parseString(sent.toJson()));
        assertThat(SiteDocument.fromJson(whole.toString())).isEqualTo(sent);
    }

    public void aSiteFromItsFirstVersionToItsEnd() throws ApiException {
        SitesApi sites = new SitesApi(operator);
        ApiResponse<SiteDocumentStored> made =
                sites.putSiteWithHttpInfo("shop", site("shop", "a.shop.example"), null, null, null, "*", null);
        assertThat(made.getStatusCode()).isEqualTo(201);
        ApiResponse<SiteDocumentStored> changed =
                sites.putSiteWithHttpInfo("shop", site("shop", "b.shop.example"), null, null, tag(made), null, null);
        assertThat(changed.getStatusCode()).isEqualTo(200);
        assertThat(changed.getData().getRevision()).isGreaterThan(made.getData().getRevision());

        ProblemDetails stale = problem(
                412, () -> sites.putSite("shop", site("shop", "c.shop.example"), null, null, tag(made), null, null));
        assertThat(stale.getDetail()).contains(tag(changed));
        assertThat(catchThrowableOfType(ApiException.class, () -> sites.getSite("shop", tag(changed), null))
                        .getCode())
                .isEqualTo(304);
        assertThat(sites.getSite("shop", null, null).getHosts()).containsExactly(new Text("b.shop.example"));
        assertThat(sites.getSiteVersion("shop", "1", null, null).getHosts())
                .containsExactly(new Text("a.shop.example"));
        assertThat(sites.listSiteVersions("shop", null, null, null).getItems())
                .extracting(VersionSummary::getVersion)
                .containsExactly(2, 1);

        SiteDocumentStored back = sites.rollbackSite("shop", new Rollback().version(1), null, null, null, null);
        assertThat(back.getHosts()).isEqualTo(made.getData().getHosts());
        assertThat(sites.validateSite("shop", site("shop", "d.shop.example"), null, null)
                        .getDifferences())
                .isNotEmpty();
        assertThat(sites.getSiteStatus("shop", null).getRevision()).isEqualTo(back.getRevision());

        problem(412, () -> sites.deleteSite("shop", tag(made), null, null));
        sites.deleteSite("shop", null, null, null);
        problem(404, () -> sites.getSite("shop", null, null));
    }

    public void everyMistakeOfADocument() {
        SiteDocument wrong = site("wrong", "not a host").defaultPool("nowhere");
        ProblemDetails problem =
                problem(422, () -> new SitesApi(operator).putSite("wrong", wrong, null, null, null, null, null));
        assertThat(problem.getErrors()).extracting(FieldError::getPath).contains("hosts[0]");
        assertThat(problem.getErrors())
                .allSatisfy(error -> assertThat(error.getRule()).isNotEmpty());
        assertThat(problem.getRequestId()).isNotEmpty();
    }

    public void aFunctionFromItsPushToItsEnd() throws ApiException {
        FunctionsApi functions = new FunctionsApi(operator);
        Pushed first = functions.putFunction("hello", SOURCE, null, null);
        Pushed second = functions.putFunction("hello", SOURCE + "// again\n", "false", null);
        assertThat(second.getVersion()).isEqualTo(first.getVersion() + 1);
        assertThat(functions.getFunctionSource("hello", "1", null).getModules()).containsValue(SOURCE);

        Deployment parts = new Deployment()
                .versions(List.of(share(1, 90), share(2, 10)))
                .rollbackOn(new RollbackOn().errorRate(0.05).window("30s"));
        assertThat(functions.deployFunction("hello", parts, null, null).getDeployment())
                .extracting(ShareAnswer::getPercent)
                .containsExactly(90, 10);
        assertThat(functions.getRollout("hello", null).getRollbackOn().getErrorRate())
                .isEqualTo(0.05);
        assertThat(functions
                        .rollbackFunction("hello", new Rollback().version(1), null, null)
                        .getDeployment())
                .extracting(ShareAnswer::getVersion)
                .containsExactly(1);

        assertThat(functions.putFunctionVars("hello", Map.of("MODE", "live"), null))
                .isEqualTo(Map.of("MODE", "live"));
        assertThat(functions.getFunctionVars("hello", null)).isEqualTo(Map.of("MODE", "live"));
        functions.putFunctionSecret("hello", "API_KEY", new SecretValue().value("s3cret"), null);
        assertThat(functions.listFunctionSecrets("hello", null, null, null).toJson())
                .contains("API_KEY")
                .doesNotContain("s3cret");
        assertThat(functions.putFunctionSchedules("hello", List.of("*/5 * * * *"), null))
                .isEqualTo(functions.getFunctionSchedules("hello", null));

        functions.deleteFunction("hello", null);
        problem(404, () -> functions.getFunction("hello", null));
    }

    public void aValueOfAnyBytes() throws ApiException, IOException {
        KvApi kv = new KvApi(operator);
        byte[] bytes = {0, (byte) 0xff, 'v', '\r', '\n', (byte) 0x80};
        File file = Files.write(Files.createTempFile("verge", ".bin"), bytes).toFile();
        file.deleteOnExit();
        KvKey stored = kv.putKvValue("assets", "logo", file, "3600", "{\"type\":\"image/png\"}", null);
        assertThat(stored.getSizeBytes()).isEqualTo(bytes.length);
        assertThat(Files.readAllBytes(kv.getKvValue("assets", "logo", null).toPath()))
                .isEqualTo(bytes);
        assertThat(kv.listKvKeys("assets", "lo", null, null, null).getItems()).containsExactly(stored);
        problem(404, () -> kv.getKvValue("assets", "absent", null));
    }

    public void tokensOfAnAccountAndItsLimits() throws ApiException {
        AccountsApi accounts = new AccountsApi(operator);
        accounts.createAccount(new AccountOrder().name("tenant"), null, null);
        AccountLimits limits = new AccountLimits()
                .functions(new FunctionCeilings()
                        .cpu("40ms")
                        .allocatedBytes(new FunctionCeilingsAllocatedBytes(8L << 30))
                        .memoryBytes(new FunctionCeilingsMemoryBytes("64MiB")));
        assertThat(accounts.putAccountLimits("tenant", limits, null))
                .isEqualTo(accounts.getAccountLimits("tenant", null));
        FunctionCeilingsAnswer kept = accounts.getAccountLimits("tenant", null).getFunctions();
        assertThat(kept.getAllocatedBytes()).isEqualTo(8L << 30);
        assertThat(kept.getMemoryBytes()).isEqualTo(64L << 20);

        TokensApi tokens = new TokensApi(operator);
        TokenMade made = tokens.createToken(
                new TokenOrder()
                        .name("reader")
                        .account("tenant")
                        .scopes(List.of(TokenOrder.ScopesEnum.READ))
                        .expiresIn("1h"),
                null,
                null);
        ApiClient reader = client(made.getToken());
        WhoAmI who = new WhoamiApi(reader).whoAmI(null);
        assertThat(who.getAccount()).isEqualTo("tenant");
        problem(403, () -> new SitesApi(reader).putSite("s", site("s", "s.example"), null, null, null, null, null));
        tokens.deleteToken(made.getId(), "tenant");
        problem(401, () -> new WhoamiApi(reader).whoAmI(null));
        accounts.deleteAccount("tenant", null, null);
    }

    public void pagesOfEverySize() throws ApiException {
        SitesApi sites = new SitesApi(operator);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            names.add("page-" + i);
            sites.putSite("page-" + i, site("page-" + i, "page-" + i + ".example"), null, null, null, null, null);
        }
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            SiteSummaryPage page = sites.listSites(2, cursor, null);
            assertThat(page.getItems()).hasSizeLessThanOrEqualTo(2);
            page.getItems().forEach(site -> read.add(site.getSite()));
            cursor = page.getNext();
        } while (cursor != null);
        assertThat(read).containsAll(names).doesNotHaveDuplicates();

        AuditLinePage audit = new AuditApi(operator).listAudit(1, null, null);
        assertThat(audit.getItems())
                .hasSize(1)
                .allSatisfy(line -> assertThat(line.getAt()).isNotNull());
        assertThat(audit.getNext()).isNotNull();
    }

    public void aPurgeAndTheNodesItGoesTo() throws ApiException {
        SitesApi sites = new SitesApi(operator);
        sites.putSite("purged", site("purged", "purged.example"), null, null, null, null, null);
        PurgeOrder order = new PurgeOrder().tags(List.of("news")).soft(true);
        PurgeStarted started = sites.purgeSite("purged", order, null, "once");
        assertThat(sites.purgeSite("purged", order, null, "once")).isEqualTo(started);
        PurgeState state = new PurgesApi(operator).getPurge(started.getId(), null);
        assertThat(state.getRevision()).isEqualTo(started.getRevision());

        NodeTokensApi tokens = new NodeTokensApi(operator);
        NodeTokenMade token =
                tokens.createNodeToken(new NodeTokenOrder().node("edge-7").groups(List.of("canary")), null, null);
        assertThat(tokens.listNodeTokens(null, null, null).getItems())
                .filteredOn(each -> each.getId().equals(token.getId()))
                .singleElement()
                .satisfies(each -> assertThat(each.getGroups()).containsExactly("canary"));
        assertThat(new NodesApi(operator).listNodes(null, null, null).getItems())
                .extracting(NodeView::getNode)
                .doesNotContain("edge-8");
        tokens.deleteNodeToken(token.getId(), null);
    }

    private static SiteDocument site(String name, String host) {
        return new SiteDocument()
                .site(name)
                .hosts(new ArrayList<>(List.of(new Text(host))))
                .putPoolsItem("app", new PoolOptions().addOriginsItem(new Origin().url("http://127.0.0.1:9001")));
    }

    private static Share share(int version, int percent) {
        return new Share().version(version).percent(percent);
    }

    private static String tag(ApiResponse<?> answer) {
        return answer.getHeaders().get("etag").getFirst();
    }

    /** What a call is refused with. */
    private static ProblemDetails problem(int status, ThrowingCallable call) {
        ApiException refused = catchThrowableOfType(ApiException.class, call);
        assertThat(refused).as("the call is refused").isNotNull();
        assertThat(refused.getCode()).as(refused.getResponseBody()).isEqualTo(status);
        try {
            ProblemDetails problem = ProblemDetails.fromJson(refused.getResponseBody());
            assertThat(problem.getStatus()).isEqualTo(status);
            return problem;
        } catch (IOException e) {
            throw new AssertionError(refused.getResponseBody(), e);
        }
    }
}
