package dev.verge.control.trace;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.TraceRequest;
import dev.verge.control.run.Dispatched;
import dev.verge.control.run.Dispatcher;
import dev.verge.control.site.SiteRoutes;
import dev.verge.control.site.SiteTable;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteTrace;
import dev.verge.sync.order.TraceOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** What a node would do with a request. A node answers, since only it knows; nothing is sent, run, stored or taken from a limit. */
public final class TraceRoute {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int RETRY_SECONDS = 2;

    private final Dispatcher dispatcher;

    /** Asks by way of the nodes. */
    public TraceRoute(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** The declared route. */
    public Route route() {
        return Route.post(
                "/sites/{site}/trace",
                "traceSite",
                Scope.READ,
                "What a node would do with a request: each rule with the first condition that did not hold, and what follows:"
                        + " ending, function, pool, rewritten target, fields, cache policy and key. Nothing is sent or run."
                        + " Verge-Node names the node.",
                new Route.Body.Json(TraceRequest.class),
                Route.Answer.of(200, SiteTrace.class),
                this::trace);
    }

    private Reply trace(Call call) {
        TraceRequest wanted = call.bind(TraceRequest.class);
        SiteTable.Site site = call.read(session -> SiteRoutes.find(session, call));
        Order order = Order.trace(
                Secrets.id(),
                site.account(),
                new TraceOrder(
                        site.name(),
                        wanted.method(),
                        wanted.url(),
                        wanted.headers().entrySet().stream()
                                .map(field -> new OrderField(field.getKey(), field.getValue()))
                                .toList(),
                        wanted.clientIp(),
                        wanted.status()));
        return switch (dispatcher.give(order, site.revision(), PATIENCE)) {
            case Dispatched.Ran(String node, OrderResult result) ->
                Reply.ok(read(result)).with("Verge-Node", node);
            case Dispatched.NotRun(String reason) ->
                throw Problems.unavailable("No node could tell: " + reason + ".", RETRY_SECONDS);
            case Dispatched.Lost(String node, String reason) ->
                throw Problems.unavailable("Node " + node + " did not answer: " + reason + ".", RETRY_SECONDS);
        };
    }

    private static SiteTrace read(OrderResult result) {
        String json = new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8);
        return Binder.standard().bindText(json, SiteTrace.class).orThrow();
    }
}
