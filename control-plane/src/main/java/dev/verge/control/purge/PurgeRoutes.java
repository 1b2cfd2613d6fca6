package dev.verge.control.purge;

import dev.verge.control.access.Secrets;
import dev.verge.control.api.Call;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.log.LogTable;
import dev.verge.control.resource.PurgeOrder;
import dev.verge.control.resource.PurgeStarted;
import dev.verge.control.resource.PurgeState;
import dev.verge.control.resource.Scope;
import dev.verge.control.site.SiteRoutes;
import dev.verge.control.site.SiteTable;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Purges over the API. */
public final class PurgeRoutes {
    private final NodeRegistry registry;

    /** Routes whose purges are answered for by the nodes of {@code registry}. */
    public PurgeRoutes(NodeRegistry registry) {
        this.registry = registry;
    }

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.post(
                        "/sites/{site}/purge",
                        "purgeSite",
                        Scope.PURGE,
                        "Orders a purge on every node.",
                        new Route.Body.Json(PurgeOrder.class),
                        Route.Answer.of(202, PurgeStarted.class),
                        this::start),
                Route.get(
                        "/purges/{purge}",
                        "getPurge",
                        Scope.READ,
                        "How far a purge has come, node by node.",
                        Route.Answer.of(200, PurgeState.class),
                        this::state));
    }

    private Reply start(Call call) {
        PurgeOrder order = call.bind(PurgeOrder.class);
        return call.commit(session -> {
            SiteTable.Site site = SiteRoutes.find(session, call);
            List<HostPattern> hosts = SiteTable.hosts(session, site).stream()
                    .map(HostPattern::parse)
                    .toList();
            PurgeTarget target = Target.of(order, hosts);
            String id = Secrets.id();
            long revision = LogTable.append(
                    session,
                    List.of(LogTable.Change.put(new PurgeEntry(
                            id, site.account(), site.name(), site.incarnation(), target, order.soft()))));
            PurgeTable.insert(session, site.account(), new PurgeTable.Purge(id, site.name(), revision), call.now());
            return Outcome.logged(
                    Reply.json(202, new PurgeStarted(id, revision)).with("Location", "/v1/purges/" + id),
                    revision,
                    "purged " + describe(target) + " of site " + site.name() + (order.soft() ? ", soft" : ""));
        });
    }

    private Reply state(Call call) {
        AtomicReference<Placement> placement = new AtomicReference<>(Placement.EVERYWHERE);
        PurgeTable.Purge purge = call.read(session -> {
            PurgeTable.Purge found = PurgeTable.find(session, call.account(), call.parameter("purge"))
                    .orElseThrow(() -> Problems.notFound("such purge"));
            placement.set(LogTable.placement(session, Keys.site(call.account(), found.site())));
            return found;
        });
        // Every node gets every purge, since it may hold content of a site that it served before; those that serve it
        // are waited for.
        List<NodeAnswer> answers = registry.answers(Keys.purge(purge.id()), purge.revision(), placement.get());
        return Reply.ok(new PurgeState(
                purge.id(),
                purge.site(),
                purge.revision(),
                stateOf(answers),
                answers.stream().map(PurgeRoutes::line).toList()));
    }

    /** Nodes that are away catch up before they serve; waiting for them would never end. But one node at least must have answered. */
    static PurgeState.State stateOf(List<NodeAnswer> answers) {
        boolean waiting =
                answers.stream().anyMatch(answer -> answer.connected() && answer.state() == NodeAnswer.State.PENDING);
        boolean answered =
                answers.isEmpty() || answers.stream().anyMatch(answer -> answer.state() != NodeAnswer.State.PENDING);
        return answered && !waiting ? PurgeState.State.DONE : PurgeState.State.RUNNING;
    }

    private static PurgeState.NodeLine line(NodeAnswer answer) {
        PurgeState.NodeDone state = switch (answer.state()) {
            case APPLIED -> PurgeState.NodeDone.DONE;
            case REFUSED -> PurgeState.NodeDone.REFUSED;
            case PENDING -> PurgeState.NodeDone.PENDING;
        };
        return new PurgeState.NodeLine(answer.node(), state, answer.connected(), answer.reason(), answer.since());
    }

    private static String describe(PurgeTarget target) {
        return switch (target) {
            case PurgeTarget.Urls(List<String> urls) -> urls.size() + " URLs";
            case PurgeTarget.Prefixes(List<String> prefixes) -> prefixes.size() + " prefixes";
            case PurgeTarget.Tags(List<String> tags) -> tags.size() + " tags";
            case PurgeTarget.Hosts(List<String> hosts) -> hosts.size() + " hosts";
            case PurgeTarget.Everything everything -> "everything";
        };
    }
}
