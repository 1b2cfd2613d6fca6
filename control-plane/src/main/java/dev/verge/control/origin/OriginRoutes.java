package dev.verge.control.origin;

import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.api.WatchedAnswers;
import dev.verge.control.log.LogTable;
import dev.verge.control.report.LoadTable;
import dev.verge.control.report.OutageTable;
import dev.verge.control.resource.OriginHealth;
import dev.verge.control.resource.Outage;
import dev.verge.control.resource.OutagesNow;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SiteOrigins;
import dev.verge.control.resource.SiteOrigins.OriginAtNode;
import dev.verge.control.resource.SiteOrigins.OriginView;
import dev.verge.control.resource.WireJson;
import dev.verge.control.site.SiteTable;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The origins of an account's sites: how they stand at each node, and which were out of use lately. */
public final class OriginRoutes {
    private static final int MOST_LASTING = 500;
    /** When an outage began, in milliseconds since 1970 UTC, and its id. */
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,15}) ([0-9a-f]{1,32})");

    private static final String FIRST = "999999999999999 0";

    private final NodeRegistry registry;
    private final WatchedAnswers lasting;

    /** Routes over what is stored of the nodes in the registry. */
    public OriginRoutes(Vertx vertx, Database database, NodeRegistry registry) {
        this.registry = registry;
        this.lasting = new WatchedAnswers(
                vertx,
                "outages",
                account -> database.read(
                        session -> WireJson.text(new OutagesNow(OutageTable.lasting(session, account, MOST_LASTING)))));
    }

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.get(
                                "/origins",
                                "listOrigins",
                                Scope.READ,
                                "The origins of each site, and how they stand at each of its nodes: up, down by active checks,"
                                        + " ejected after failed requests, or unknown. With site, of that one alone.",
                                Route.Answer.page(SiteOrigins.class),
                                this::list)
                        .reading("site"),
                Route.get(
                                "/origins/outages",
                                "listOutages",
                                Scope.READ,
                                "When nodes did not use origins, in the last day, newest first. With site, of that one alone.",
                                Route.Answer.page(Outage.class),
                                OriginRoutes::outages)
                        .reading("site"),
                Route.get(
                        "/origins/live",
                        "watchOutages",
                        Scope.READ,
                        "Origins that nodes do not use as server-sent events, for an hour at most: outages with {outages: […]}, all"
                                + " that last, at first and whenever one begins or ends.",
                        Route.Answer.events(),
                        call -> lasting.reply(call.account())));
    }

    private Reply list(Call call) {
        String account = call.account();
        @Nullable String only = call.query("site").orElse(null);
        return call.page(SiteOrigins::site, (session, paging) -> {
            List<SiteTable.Site> sites = only == null
                    ? SiteTable.after(session, account, paging.after(), paging.rows())
                    : List.of(SiteTable.find(session, account, only)
                            .orElseThrow(() -> Problems.notFound("site " + only)));
            Set<String> telling = LoadTable.now(session, call.now()).keySet();
            return sites.stream().map(site -> origins(session, site, telling)).toList();
        });
    }

    private record Place(String pool, String origin, String node) {
        static Place of(Outage outage) {
            return new Place(outage.pool(), outage.origin(), outage.node());
        }
    }

    private SiteOrigins origins(Session session, SiteTable.Site site, Set<String> telling) {
        Map<Place, Outage> out = OutageTable.lasting(session, site.account(), site.name()).stream()
                .collect(Collectors.toMap(Place::of, outage -> outage, (newer, older) -> newer));
        SiteDocument document = SiteDocument.read(SiteTable.text(session, site)).orThrow();
        String key = Keys.site(site.account(), site.name());
        List<NodeAnswer> nodes = registry.answers(key, site.revision(), LogTable.placement(session, key));
        List<OriginView> origins = new ArrayList<>();
        for (Map.Entry<String, PoolOptions> pool : document.pools().entrySet()) {
            for (Origin origin : pool.getValue().origins()) {
                origins.add(new OriginView(
                        pool.getKey(),
                        origin.url(),
                        origin.role().name().toLowerCase(Locale.ROOT),
                        origin.weight(),
                        pool.getValue().healthCheck() != null,
                        nodes.stream()
                                .map(node ->
                                        at(node, telling, out.get(new Place(pool.getKey(), origin.url(), node.node()))))
                                .toList()));
            }
        }
        return new SiteOrigins(site.name(), origins);
    }

    private static OriginAtNode at(NodeAnswer node, Set<String> telling, @Nullable Outage out) {
        boolean known = node.connected() && node.state() == NodeAnswer.State.APPLIED && telling.contains(node.node());
        if (known && out != null) {
            return new OriginAtNode(node.node(), out.state(), out.since(), out.reason());
        }
        return new OriginAtNode(node.node(), known ? OriginHealth.UP : OriginHealth.UNKNOWN, null, null);
    }

    private static Reply outages(Call call) {
        @Nullable String site = call.query("site").orElse(null);
        return call.page(outage -> outage.since().toEpochMilli() + " " + outage.id(), (session, paging) -> {
            Matcher place = PLACE.matcher(paging.after().isEmpty() ? FIRST : paging.after());
            if (!place.matches()) {
                throw Problems.malformed(
                        "cursor is none that this list gave out; pass next of the page before, or leave it out.");
            }
            Instant before = Instant.ofEpochMilli(Long.parseLong(place.group(1)));
            return OutageTable.list(session, call.account(), site, before, place.group(2), paging.rows());
        });
    }
}
