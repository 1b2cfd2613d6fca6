package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheDecision;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.rules.Ending;
import dev.verge.node.rules.FieldChanges;
import dev.verge.node.rules.RateCheck;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteTrace;
import dev.verge.sync.order.TraceOrder;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this node would do with a request, asked of the rules, the cache and the pools that serve clients; nothing is sent, stored or run, and
 * nothing counted but the look into the cache.
 */
final class SiteTraces {
    private SiteTraces() {}

    /**
     * Traces it.
     *
     * @throws IllegalArgumentException when the URL is none of the site's, or not readable
     */
    static Future<OrderResult> answer(
            Routing routing, String account, TraceOrder order, Function<RequestState, Future<CacheDecision>> foresee) {
        OrderedUrl asked = OrderedUrl.of(routing, account, order.site(), order.url());
        RequestState routed = routed(routing, asked, order);
        SiteRules.Traced traced = asked.site().rules().trace(routed, order.status());
        RequestState state = routed.with(traced.plan());
        boolean passes = traced.plan().ending() instanceof Ending.Pass;
        return passes
                ? foresee.apply(state).map(decision -> result(written(state, traced, decision)))
                : Future.succeededFuture(result(written(state, traced, null)));
    }

    private static OrderResult result(SiteTrace trace) {
        byte[] json = RecordJson.write(trace).toString().getBytes(StandardCharsets.UTF_8);
        if (json.length > OrderRequest.MAX_BODY_BYTES) {
            throw new IllegalArgumentException("the trace is too long");
        }
        return new OrderResult("ok", 0, 200, List.of(), Base64.getEncoder().encodeToString(json), false, 0, 0, "");
    }

    private static RequestState routed(Routing routing, OrderedUrl asked, TraceOrder order) {
        ClientRequest request = asked.request(
                order.method(),
                client(order.clientIp()),
                OrderedUrl.fields(order.headers()).build(),
                Instant.EPOCH,
                0);
        return RequestState.begin(request, RequestState.Kind.CLIENT, routing, new Cancellation())
                .admitted(asked.host(), "trace")
                .with(asked.site());
    }

    private static InetAddress client(@Nullable String written) {
        if (written == null) {
            return NetUtil.LOCALHOST;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(written);
        if (bytes == null) {
            throw new IllegalArgumentException("clientIp is no address: " + written);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static SiteTrace written(RequestState state, SiteRules.Traced traced, @Nullable CacheDecision decision) {
        Site site = state.routedSite();
        RequestPlan plan = traced.plan();
        boolean passes = plan.ending() instanceof Ending.Pass;
        boolean fromOrigin = passes && plan.missFunction() == null;
        boolean cached = passes && !plan.bypassCache();
        return new SiteTrace(
                site.name(),
                site.version(),
                state.method(),
                state.scheme(),
                state.host(),
                state.request().target(),
                traced.steps(),
                ending(plan.ending()),
                traced.status(),
                plan.ending() instanceof Ending.Redirect redirect ? redirect.location() : null,
                plan.ending() instanceof Ending.Run(String use) ? use : passes ? plan.missFunction() : null,
                passes && plan.missFunction() != null,
                pool(site, plan),
                fromOrigin ? plan.query() == null ? plan.path() : plan.path() + "?" + plan.query() : null,
                lines(plan.requestFields()),
                lines(traced.response().fields()),
                plan.rateChecks().stream().map(SiteTraces::line).toList(),
                plan.bypassCache(),
                cached ? RecordJson.write(plan.cache()) : null,
                cached ? CacheLookup.key(state, state.head()).toString() : null,
                decision == null ? null : TraceReasons.of(decision),
                fromOrigin ? TraceReasons.of(site.pool(plan.pool())) : List.of());
    }

    /** The pool whose origins are asked when the cache cannot answer; null when none is. */
    static @Nullable String pool(Site site, RequestPlan plan) {
        boolean fromOrigin = plan.ending() instanceof Ending.Pass && plan.missFunction() == null;
        return !fromOrigin
                ? null
                : plan.pool() != null ? plan.pool() : site.document().defaultPool();
    }

    static String ending(Ending ending) {
        return switch (ending) {
            case Ending.Pass _ -> "pass";
            case Ending.Run _ -> "run";
            case Ending.Redirect _ -> "redirect";
            case Ending.Respond _ -> "respond";
            case Ending.Deny _ -> "deny";
        };
    }

    private static List<String> lines(FieldChanges changes) {
        return changes.changes().stream()
                .map(change -> switch (change) {
                    case FieldChanges.Set(String name, String value) -> "set " + name + ": " + value;
                    case FieldChanges.Remove(String name) -> "remove " + name;
                })
                .toList();
    }

    private static String line(RateCheck check) {
        return check.rule().name() + ": " + check.requests() + " in "
                + check.per().toSeconds() + " s, at once " + check.burst()
                + (check.by().isEmpty() ? "" : ", counted for " + check.by());
    }
}
