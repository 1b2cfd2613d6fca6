package dev.verge.control.site;

import dev.verge.control.api.Call;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.replica.LiveTail;
import dev.verge.control.replica.Peers;
import dev.verge.control.resource.Scope;
import dev.verge.sync.live.LiveRecord;

/** Live requests of a site from every connected node. Nothing is kept: who comes later sees what comes later. */
public final class SiteLogsRoute {
    private final Peers peers;

    /** Requests at the nodes of all peers. */
    public SiteLogsRoute(Peers peers) {
        this.peers = peers;
    }

    /** The declared route. */
    public Route route() {
        return Route.get(
                "/sites/{site}/logs",
                "tailSite",
                Scope.READ,
                "Live requests as server-sent events, for an hour at most: request with {node, request}, as a node's access log has"
                        + " it, dropped with {node, records} where more happened than could be handed on.",
                Route.Answer.events(),
                this::tail);
    }

    private Reply tail(Call call) {
        String account = call.account();
        String site = call.parameter("site");
        if (call.read(session -> SiteTable.find(session, account, site)).isEmpty()) {
            throw Problems.notFound("site " + site);
        }
        return LiveTail.of(peers, account, LiveRecord.ofSite(site), "request");
    }
}
