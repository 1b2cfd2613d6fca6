package dev.verge.control.run;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.ApiFailure;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Direct calls of a function: the call's body and header fields become the request, the function's response is the answer. */
public final class InvokeRoute {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String DEFAULT_ORIGIN = "https://invoke.invalid";
    private static final int MOST_HEADERS = 200;
    private static final int LONGEST_NAME = 1_024;
    private static final int LONGEST_VALUE = 16_384;
    private static final int RETRY_SECONDS = 2;

    /** Fields of the call that are between the caller and the control plane. */
    private static final Set<String> OWN = Set.of(
            "authorization",
            "cookie",
            "proxy-authorization",
            "idempotency-key",
            "host",
            "connection",
            "keep-alive",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "http2-settings");

    /** Fields of the response that have no meaning here, or would act upon the API's own origin. */
    private static final Set<String> NOT_PASSED = Set.of(
            "set-cookie",
            "set-cookie2",
            "connection",
            "keep-alive",
            "content-length",
            "transfer-encoding",
            "trailer",
            "upgrade",
            "content-security-policy",
            "clear-site-data",
            "strict-transport-security",
            "service-worker-allowed",
            "www-authenticate",
            "cache-control",
            "x-request-id",
            "x-content-type-options");

    private final Dispatcher dispatcher;
    private final Functions functions;

    /** A version to call, as it stands in the store. */
    public interface Functions {

        /**
         * The function of the call's path.
         *
         * @param version null: as traffic is shared out, or the newest when none has any
         * @return or ends the call
         */
        Target target(Call call, @Nullable Integer version);
    }

    /**
     * What to call.
     *
     * @param revision the log position of the deployment, 0 when there was none
     * @param version null: as traffic is shared out
     * @param code the version itself, unless nodes have it
     */
    public record Target(
            String account,
            String function,
            long revision,
            @Nullable Integer version,
            @Nullable Deployed code) {}

    /** Calls by way of the nodes. */
    public InvokeRoute(Dispatcher dispatcher, Functions functions) {
        this.dispatcher = dispatcher;
        this.functions = functions;
    }

    /** The declared route. */
    public Route route() {
        return Route.post(
                        "/functions/{function}/invoke",
                        "invokeFunction",
                        Scope.FUNCTIONS_WRITE,
                        "Calls the function on one node and answers with its response. version reaches any version, one without"
                                + " traffic too; method (POST) and url (a path, or absolute) shape the request. Verge-Outcome tells"
                                + " how the run ended.",
                        new Route.Body.Bytes(OrderRequest.MAX_BODY_BYTES),
                        Route.Answer.bytes(),
                        this::invoke)
                .reading("version", "method", "url");
    }

    private Reply invoke(Call call) {
        OrderRequest request = new OrderRequest(
                method(call), url(call), headers(call), Base64.getEncoder().encodeToString(call.body()));
        Target target = functions.target(call, version(call));
        Order order = Order.invoke(
                Secrets.id(), target.account(), target.function(), target.version(), target.code(), request);
        return switch (dispatcher.give(order, target.revision(), PATIENCE)) {
            case Dispatched.Ran(String node, OrderResult result) -> reply(node, result);
            case Dispatched.NotRun(String reason) ->
                throw Problems.unavailable("The function was not run: " + reason + ".", RETRY_SECONDS);
            case Dispatched.Lost(String node, String reason) ->
                throw Problems.failure(
                        502,
                        "no-answer",
                        "No answer from the node",
                        "Node " + node + " took the call and did not answer: " + reason
                                + ". Whether the function ran is not known.");
        };
    }

    private static Reply reply(String node, OrderResult result) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (OrderField field : result.headers()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (!NOT_PASSED.contains(name) && name.matches("[a-z0-9!#$%&'*+.^_`|~-]+") && harmless(field.value())) {
                fields.merge(name, field.value(), (before, after) -> before + ", " + after);
            }
        }
        // What a function answers is not the API's own: no browser may take it for a page of this origin.
        fields.put("Content-Security-Policy", "sandbox");
        fields.put("Verge-Outcome", result.outcome());
        fields.put("Verge-Node", node);
        fields.put("Verge-Version", Integer.toString(result.version()));
        fields.put("Verge-Cpu-Micros", Long.toString(result.cpuMicros()));
        fields.put("Verge-Wall-Micros", Long.toString(result.wallMicros()));
        if (result.truncated()) {
            fields.put("Verge-Truncated", "true");
        }
        byte[] body = Base64.getDecoder().decode(result.body());
        int status = result.status() >= 200 && result.status() <= 599 ? result.status() : 500;
        return new Reply(status, fields, Buffer.buffer(body), false);
    }

    private static boolean harmless(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff));
    }

    private static String method(Call call) {
        String method = call.query("method").orElse("POST");
        if (!method.matches("[A-Z]{1,20}")
                || Set.of("CONNECT", "TRACE", "TRACK").contains(method)) {
            throw Problems.malformed("method is \"" + method + "\"; write one such as GET or POST.");
        }
        if (call.body().length > 0 && (method.equals("GET") || method.equals("HEAD"))) {
            throw Problems.malformed("A " + method + " request has no body.");
        }
        return method;
    }

    private static String url(Call call) {
        String written = call.query("url").orElse("/");
        String url = written.startsWith("/") ? DEFAULT_ORIGIN + written : written;
        try {
            URI uri = new URI(url);
            if (uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw noUrl(written);
    }

    private static ApiFailure noUrl(String written) {
        return Problems.malformed(
                "url is \"" + written + "\"; write a path such as /cart?id=1, or an absolute http(s) URL.");
    }

    private static List<OrderField> headers(Call call) {
        List<OrderField> fields = new ArrayList<>();
        for (Map.Entry<String, String> field : call.headers()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!OWN.contains(name)
                    && name.length() <= LONGEST_NAME
                    && field.getValue().length() <= LONGEST_VALUE) {
                fields.add(new OrderField(name, field.getValue()));
            }
        }
        if (fields.size() > MOST_HEADERS) {
            throw Problems.malformed("The call has more than " + MOST_HEADERS + " header fields.");
        }
        return fields;
    }

    private static @Nullable Integer version(Call call) {
        return call.query("version")
                .map(text -> {
                    if (!text.matches("[1-9][0-9]{0,8}")) {
                        throw Problems.malformed("version is \"" + text + "\"; write a version's number.");
                    }
                    return Integer.valueOf(text);
                })
                .orElse(null);
    }
}
