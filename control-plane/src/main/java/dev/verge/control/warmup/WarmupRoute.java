package dev.verge.control.warmup;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.WarmupReport;
import dev.verge.control.resource.WarmupRequest;
import dev.verge.control.run.Dispatched;
import dev.verge.control.run.Dispatcher;
import dev.verge.control.site.SiteRoutes;
import dev.verge.control.site.SiteTable;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderField;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.order.SiteWarmup;
import dev.verge.sync.order.WarmupOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Has every live node of a site fetch URLs through its own pipeline, and tells what each got. */
public final class WarmupRoute {
    /** Warm-ups under way at a time: each holds its call until the slowest node is done. */
    private static final int AT_ONCE = 4;

    private static final int RETRY_SECONDS = 5;

    private final Dispatcher dispatcher;
    private final Semaphore slots = new Semaphore(AT_ONCE);

    /** Warm-ups by way of the nodes. */
    public WarmupRoute(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** The declared route. */
    public Route route() {
        return Route.post(
                "/sites/{site}/warmup",
                "warmSite",
                Scope.PURGE,
                "Has every connected node that serves the site, and does not drain, fetch these URLs as a client would, so that"
                        + " they are cached when clients come. Answers when all are done, with status and Cache-Status of each.",
                new Route.Body.Json(WarmupRequest.class),
                Route.Answer.of(200, WarmupReport.class),
                this::warm);
    }

    private Reply warm(Call call) {
        WarmupRequest wanted = call.bind(WarmupRequest.class);
        List<String> urls = new ArrayList<>();
        SiteTable.Site site = call.read(session -> {
            SiteTable.Site found = SiteRoutes.find(session, call);
            urls.clear();
            urls.addAll(WarmupUrls.of(
                    wanted.urls(),
                    SiteTable.hosts(session, found).stream()
                            .map(HostPattern::parse)
                            .toList()));
            return found;
        });
        Order order = Order.warmup(
                Secrets.id(),
                site.account(),
                new WarmupOrder(
                        site.name(),
                        urls,
                        wanted.headers().entrySet().stream()
                                .map(field -> new OrderField(field.getKey(), field.getValue()))
                                .toList()));
        if (!slots.tryAcquire()) {
            throw Problems.unavailable("As many warm-ups as may be are under way.", RETRY_SECONDS);
        }
        try {
            List<WarmupReport.NodeWarmup> nodes = new ArrayList<>();
            dispatcher
                    .giveAll(order, site.revision())
                    .forEach((node, answer) -> nodes.add(line(node, answer, urls.size())));
            if (nodes.isEmpty()) {
                throw Problems.unavailable("No node that serves the site is connected.", RETRY_SECONDS);
            }
            return Reply.ok(new WarmupReport(urls, nodes));
        } finally {
            slots.release();
        }
    }

    private static WarmupReport.NodeWarmup line(String node, Dispatched answer, int urls) {
        return switch (answer) {
            case Dispatched.Ran(String ran, OrderResult result) -> {
                String json = new String(Base64.getDecoder().decode(result.body()), StandardCharsets.UTF_8);
                SiteWarmup warmup =
                        Binder.standard().bindText(json, SiteWarmup.class).orThrow();
                yield warmup.results().size() == urls
                        ? new WarmupReport.NodeWarmup(node, "", warmup.results())
                        : failed(node, "its answer is not about these URLs");
            }
            case Dispatched.NotRun(String reason) -> failed(node, reason);
            case Dispatched.Lost(String lost, String reason) -> failed(node, reason);
        };
    }

    private static WarmupReport.NodeWarmup failed(String node, String reason) {
        return new WarmupReport.NodeWarmup(node, reason.isEmpty() ? "no answer" : reason, List.of());
    }
}
