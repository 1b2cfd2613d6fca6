package dev.verge.control.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.control.resource.AuditLine;
import dev.verge.control.resource.Deployment;
import dev.verge.control.resource.FunctionState;
import dev.verge.control.resource.FunctionSummary;
import dev.verge.control.resource.NodeStanding;
import dev.verge.control.resource.NodeTokenMade;
import dev.verge.control.resource.NodeTokenOrder;
import dev.verge.control.resource.NodeTokenView;
import dev.verge.control.resource.NodeView;
import dev.verge.control.resource.Page;
import dev.verge.control.resource.PurgeOrder;
import dev.verge.control.resource.PurgeStarted;
import dev.verge.control.resource.PurgeState;
import dev.verge.control.resource.Pushed;
import dev.verge.control.resource.Rollback;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.Source;
import dev.verge.control.resource.Status;
import dev.verge.control.resource.TraceRequest;
import dev.verge.control.resource.Validation;
import dev.verge.control.resource.VersionSummary;
import dev.verge.control.resource.WarmupReport;
import dev.verge.control.resource.WarmupRequest;
import dev.verge.control.resource.WhoAmI;
import dev.verge.sync.order.SiteTrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.multipart.MultipartForm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the control plane's API, one method each.
 *
 * <p>Futures fail with {@link ApiProblem} when the control plane answered with an error, and with {@link ApiUnreachable} when there
 * was no answer. Safe for use by several threads; {@link #close()} it when done. A null {@code ifMatch} changes whatever is there.
 */
public final class ApiClient implements AutoCloseable {
    private static final TypeReference<Page<SiteSummary>> SITES = new TypeReference<>() {};
    private static final TypeReference<Page<FunctionSummary>> FUNCTIONS = new TypeReference<>() {};
    private static final TypeReference<Page<VersionSummary>> VERSIONS = new TypeReference<>() {};
    private static final TypeReference<Page<NodeView>> NODES = new TypeReference<>() {};
    private static final TypeReference<Page<NodeTokenView>> NODE_TOKENS = new TypeReference<>() {};
    private static final TypeReference<Page<AuditLine>> AUDIT = new TypeReference<>() {};

    private static final Duration LONGEST_BACKUP = Duration.ofHours(1);
    private static final Duration LONGEST_WARMUP = Duration.ofMinutes(6);

    private final Vertx vertx;
    private final Wire wire;

    private ApiClient(Vertx vertx, Wire wire) {
        this.vertx = vertx;
        this.wire = wire;
    }

    /**
     * A client for the control plane at {@code api} (such as {@code http://127.0.0.1:8900}).
     *
     * @param account the account to act for with an operator's token; null: the token's own
     */
    public static ApiClient create(Vertx vertx, URI api, String token, @Nullable String account) {
        return new ApiClient(vertx, new Wire(vertx, api, token, account, new WebClientOptions()));
    }

    /** The same, with {@code web} for how the control plane is reached and known: by which authorities, say. */
    public static ApiClient create(Vertx v, URI api, String token, @Nullable String account, WebClientOptions web) {
        return new ApiClient(v, new Wire(v, api, token, account, web));
    }

    /** The whole state, into a file's stream; a failure may leave a part of it there. */
    public Future<Void> backup(WriteStream<Buffer> to) {
        return wire.call(HttpMethod.GET, "/v1/backup")
                .timeout(LONGEST_BACKUP)
                .pipe(to)
                .mapEmpty();
    }

    /** All sites. */
    public Future<List<SiteSummary>> sites() {
        return wire.all("/v1/sites", SITES);
    }

    /** The document as it was stored. */
    public Future<StoredDocument> site(String site) {
        return wire.call(HttpMethod.GET, "/v1/sites/" + Wire.part(site))
                .header("Accept", "application/yaml")
                .send()
                .map(answer -> new StoredDocument(
                        new String(Wire.bytes(answer), StandardCharsets.UTF_8),
                        header(answer, "Content-Type"),
                        header(answer, "ETag"),
                        Integer.parseInt(header(answer, "Verge-Version")),
                        Long.parseLong(header(answer, "Verge-Revision"))));
    }

    /** The document as a JSON tree, with {@code revision}. */
    public Future<JsonNode> siteJson(String site) {
        return wire.call(HttpMethod.GET, "/v1/sites/" + Wire.part(site))
                .header("Accept", "application/json")
                .send(new TypeReference<>() {});
    }

    /** Stores a document; {@code mediaType} is {@code application/yaml} or {@code application/json}. */
    public Future<Applied> applySite(String site, String text, String mediaType, @Nullable String ifMatch) {
        return wire.call(HttpMethod.PUT, "/v1/sites/" + Wire.part(site))
                .header("Content-Type", mediaType)
                .ifMatch(ifMatch)
                .body(Buffer.buffer(text))
                .send()
                .map(ApiClient::applied);
    }

    /** Checks a document without storing it. */
    public Future<Validation> validateSite(String site, String text, String mediaType) {
        return wire.call(HttpMethod.POST, "/v1/sites/" + Wire.part(site) + "/validate")
                .header("Content-Type", mediaType)
                .body(Buffer.buffer(text))
                .send(new TypeReference<>() {});
    }

    /** Deletes a site. */
    public Future<Void> deleteSite(String site, @Nullable String ifMatch) {
        return wire.call(HttpMethod.DELETE, "/v1/sites/" + Wire.part(site))
                .ifMatch(ifMatch)
                .send()
                .mapEmpty();
    }

    /** A site's versions, newest first. */
    public Future<List<VersionSummary>> siteVersions(String site) {
        return wire.all("/v1/sites/" + Wire.part(site) + "/versions", VERSIONS);
    }

    /** Makes an earlier version's document current again, as a new version. */
    public Future<Applied> rollbackSite(String site, int version) {
        return wire.call(HttpMethod.POST, "/v1/sites/" + Wire.part(site) + "/rollback")
                .json(new Rollback(version))
                .send()
                .map(ApiClient::applied);
    }

    /** Which node has the site's last change. */
    public Future<Status> siteStatus(String site) {
        return wire.call(HttpMethod.GET, "/v1/sites/" + Wire.part(site) + "/status")
                .send(new TypeReference<>() {});
    }

    /**
     * Watches a site's requests as they happen, on every node; completes when the control plane ends the stream, after an hour at most.
     *
     * @param told each event's name ({@code request}, {@code dropped}) and data, a JSON object; on an event loop
     */
    public Future<Void> watchSite(String site, BiConsumer<String, String> told) {
        return wire.call(HttpMethod.GET, "/v1/sites/" + Wire.part(site) + "/logs")
                .header("Accept", "text/event-stream")
                .pipe(new EventReader(told))
                .mapEmpty();
    }

    /** What a node would do with a request to the site. */
    public Future<SiteTrace> traceSite(String site, TraceRequest request) {
        return wire.call(HttpMethod.POST, "/v1/sites/" + Wire.part(site) + "/trace")
                .json(request)
                .send(new TypeReference<>() {});
    }

    /** All functions. */
    public Future<List<FunctionSummary>> functions() {
        return wire.all("/v1/functions", FUNCTIONS);
    }

    /** One function. */
    public Future<FunctionState> function(String name) {
        return wire.call(HttpMethod.GET, function(name, "")).send(new TypeReference<>() {});
    }

    /** Pushes a version; with {@code activate} it takes all traffic. */
    public Future<Pushed> pushFunction(String name, FunctionUpload upload, boolean activate) {
        MultipartForm form = MultipartForm.create();
        form.attribute("metadata", upload.metadata().toString());
        upload.modules()
                .forEach((module, content) ->
                        form.binaryFileUpload(module, module, Buffer.buffer(content), "application/octet-stream"));
        return wire.call(HttpMethod.PUT, function(name, "?activate=" + activate))
                .form(form)
                .send(new TypeReference<>() {});
    }

    /** A function's versions, newest first. */
    public Future<List<VersionSummary>> functionVersions(String name) {
        return wire.all(function(name, "/versions"), VERSIONS);
    }

    /** A version's modules. */
    public Future<Source> functionSource(String name, int version) {
        return wire.call(HttpMethod.GET, function(name, "/versions/" + version + "/source"))
                .send(new TypeReference<>() {});
    }

    /** Which node has the function's last deployment. */
    public Future<Status> functionStatus(String name) {
        return wire.call(HttpMethod.GET, function(name, "/status")).send(new TypeReference<>() {});
    }

    /** Gives one or two versions the traffic. */
    public Future<FunctionState> deployFunction(String name, Deployment deployment) {
        return wire.call(HttpMethod.POST, function(name, "/deployments"))
                .json(deployment)
                .send(new TypeReference<>() {});
    }

    /** Gives an earlier version all the traffic. */
    public Future<FunctionState> rollbackFunction(String name, int version) {
        return wire.call(HttpMethod.POST, function(name, "/rollback"))
                .json(new Rollback(version))
                .send(new TypeReference<>() {});
    }

    /** What a function has besides its versions: vars, secrets, schedules, direct calls. */
    public FunctionCalls of(String function) {
        return new FunctionCalls(wire, function(function, ""));
    }

    /** Deletes a function with all its versions. */
    public Future<Void> deleteFunction(String name) {
        return wire.call(HttpMethod.DELETE, function(name, "")).send().mapEmpty();
    }

    /** Calls about accounts. */
    public AccountCalls accounts() {
        return new AccountCalls(wire);
    }

    /** Calls about documents of a site that go to some nodes first. */
    public SiteRolloutCalls rolloutOfSite(String site) {
        return new SiteRolloutCalls(wire, "/v1/sites/" + Wire.part(site));
    }

    /** Calls about origins. */
    public OriginCalls origins() {
        return new OriginCalls(wire);
    }

    /** Calls about tokens. */
    public TokenCalls tokens() {
        return new TokenCalls(wire);
    }

    /** Calls about certificates. */
    public CertificateCalls certificates() {
        return new CertificateCalls(wire);
    }

    /** Calls about what accounts use and may use. */
    public UsageCalls usage() {
        return new UsageCalls(wire);
    }

    /** Calls about key-value namespaces. */
    public KvCalls kv() {
        return new KvCalls(wire);
    }

    /** Has every live node fetch URLs of a site; answers when all have. */
    public Future<WarmupReport> warm(String site, WarmupRequest request) {
        return wire.call(HttpMethod.POST, "/v1/sites/" + Wire.part(site) + "/warmup")
                .json(request)
                .timeout(LONGEST_WARMUP)
                .send(new TypeReference<>() {});
    }

    /** Orders a purge; it is done on each node when {@link #purge} says so. */
    public Future<PurgeStarted> startPurge(String site, PurgeOrder order) {
        return wire.call(HttpMethod.POST, "/v1/sites/" + Wire.part(site) + "/purge")
                .json(order)
                .send(new TypeReference<>() {});
    }

    /** How far a purge has come. */
    public Future<PurgeState> purge(String id) {
        return wire.call(HttpMethod.GET, "/v1/purges/" + Wire.part(id)).send(new TypeReference<>() {});
    }

    /** Waits until a purge is done, or {@code timeout} has passed; answers the last state that {@code purge} told either way. */
    public Future<PurgeState> awaitPurge(Supplier<Future<PurgeState>> purge, Duration timeout) {
        return Waiting.until(vertx, timeout, purge, state -> state.state() == PurgeState.State.DONE);
    }

    /**
     * Waits until every connected node has answered for {@code revision} or later, or {@code timeout} has passed; answers the last
     * state either way.
     *
     * @param status asks for the state, such as {@code () -> client.siteStatus("shop")}
     */
    public Future<Status> awaitStatus(Supplier<Future<Status>> status, long revision, Duration timeout) {
        return Waiting.until(
                vertx,
                timeout,
                status,
                state -> state.revision() >= revision
                        && state.nodes().stream()
                                .noneMatch(node -> node.connected() && node.state() == NodeStanding.State.PENDING));
    }

    /** Who the token is. */
    public Future<WhoAmI> whoAmI() {
        return wire.call(HttpMethod.GET, "/v1/whoami").send(new TypeReference<>() {});
    }

    /** All nodes. */
    public Future<List<NodeView>> nodes() {
        return wire.all("/v1/nodes", NODES);
    }

    /** Orders a node to drain. */
    public Future<NodeView> drainNode(String node) {
        return wire.call(HttpMethod.POST, "/v1/nodes/" + Wire.part(node) + "/drain")
                .send(new TypeReference<>() {});
    }

    /** Takes a drain order back. */
    public Future<NodeView> undrainNode(String node) {
        return wire.call(HttpMethod.POST, "/v1/nodes/" + Wire.part(node) + "/undrain")
                .send(new TypeReference<>() {});
    }

    /** Forgets a node that is gone for good, and revokes its tokens. */
    public Future<Void> deleteNode(String node) {
        return wire.call(HttpMethod.DELETE, "/v1/nodes/" + Wire.part(node))
                .send()
                .mapEmpty();
    }

    /** Makes a node's token. */
    public Future<NodeTokenMade> createNodeToken(NodeTokenOrder order) {
        return wire.call(HttpMethod.POST, "/v1/node-tokens").json(order).send(new TypeReference<>() {});
    }

    /** All node tokens. */
    public Future<List<NodeTokenView>> nodeTokens() {
        return wire.all("/v1/node-tokens", NODE_TOKENS);
    }

    /** Revokes a node token. */
    public Future<Void> deleteNodeToken(String id) {
        return wire.call(HttpMethod.DELETE, "/v1/node-tokens/" + Wire.part(id))
                .send()
                .mapEmpty();
    }

    /** The account's changes, newest first. */
    public Future<List<AuditLine>> audit() {
        return wire.all("/v1/audit", AUDIT);
    }

    /** Ends its connections. */
    @Override
    public void close() {
        wire.close();
    }

    private static String function(String name, String rest) {
        return "/v1/functions/" + Wire.part(name) + rest;
    }

    static Applied applied(HttpResponse<Buffer> answer) {
        return new Applied(
                answer.statusCode() == 201,
                header(answer, "Verge-Changed").equals("true"),
                header(answer, "ETag"),
                Integer.parseInt(header(answer, "Verge-Version")),
                Long.parseLong(header(answer, "Verge-Revision")));
    }

    private static String header(HttpResponse<Buffer> answer, String name) {
        String value = answer.getHeader(name);
        if (value == null) {
            throw new IllegalStateException("no " + name + " in the answer; is this the address of a control plane?");
        }
        return value;
    }
}
