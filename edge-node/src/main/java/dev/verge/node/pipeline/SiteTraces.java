package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.rules.Ending;
import dev.verge.node.rules.FieldChanges;
import dev.verge.node.rules.RateCheck;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.rules.SiteRules;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderRequest;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteTrace;
import dev.verge.sync.order.TraceOrder;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this node would do with a request, asked of the rules that serve clients; nothing is sent, stored, run or counted. */
final class SiteTraces {
    private SiteTraces() {}

    /**
     * Traces it.
     *
     * @throws IllegalArgumentException when the URL is none of the site's, or not readable
     */
    static OrderResult answer(Routing routing, String account, TraceOrder order) {
        byte[] json =
                RecordJson.write(trace(routing, account, order)).toString().getBytes(StandardCharsets.UTF_8);
        if (json.length > OrderRequest.MAX_BODY_BYTES) {
            throw new IllegalArgumentException("the trace is too long");
        }
        return new OrderResult("ok", 0, 200, List.of(), Base64.getEncoder().encodeToString(json), false, 0, 0, "");
    }

    private static SiteTrace trace(Routing routing, String account, TraceOrder order) {
        URI url = URI.create(order.url());
        String authority = url.getRawAuthority();
        String scheme = url.getScheme();
        if (authority == null || url.getRawUserInfo() != null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException("the URL is not absolute, by http or https");
        }
        String host = HostPattern.ofAuthority(authority);
        Site site = routing.find(host);
        if (site == null || !site.account().equals(account) || !site.name().equals(order.site())) {
            throw new IllegalArgumentException("this node does not serve " + host + " for site " + order.site());
        }
        RequestState state = RequestState.begin(
                        request(order, url, authority, scheme), RequestState.Kind.CLIENT, routing, new Cancellation())
                .admitted(host, "trace")
                .with(site);
        SiteRules.Traced traced = site.rules().trace(state, order.status());
        return written(state.with(traced.plan()), traced);
    }

    private static ClientRequest request(TraceOrder order, URI url, String authority, String scheme) {
        HttpFields.Builder fields = HttpFields.builder();
        for (OrderField field : order.headers()) {
            fields.add(field.name(), field.value());
        }
        InetAddress client = client(order.clientIp());
        String path = url.getRawPath();
        return new ClientRequest(
                new Caller(client, client, false, scheme, "HTTP/1.1", null),
                order.method(),
                authority,
                path == null || path.isEmpty() ? "/" : path,
                url.getRawQuery(),
                fields.build(),
                Body.none(),
                InterimSink.NOBODY,
                Instant.EPOCH,
                0);
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

    private static SiteTrace written(RequestState state, SiteRules.Traced traced) {
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
                cached ? CacheLookup.key(state, state.head()).toString() : null);
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
