package dev.verge.control.site;

import dev.verge.control.api.Call;
import dev.verge.control.api.ETag;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.store.Session;
import java.util.List;

/** What is done with a document that is at some nodes first. */
public final class SiteRolloutRoutes {
    private final int keptVersions;

    /** Routes beside those of {@link SiteRoutes}. */
    public SiteRolloutRoutes(int keptVersions) {
        this.keptVersions = keptVersions;
    }

    /** The declared routes. */
    public List<Route> routes() {
        String one = "/sites/{site}/rollout";
        return List.of(
                Route.get(
                        one,
                        "getSiteRollout",
                        Scope.READ,
                        "The site's last document that went to some nodes first.",
                        Route.Answer.of(200, SiteRollout.class),
                        call -> Reply.ok(
                                call.<SiteRollout>read(session -> last(session, SiteRoutes.find(session, call))))),
                Route.post(
                        one + "/continue",
                        "continueSiteRollout",
                        Scope.SITES_WRITE,
                        "Gives all nodes the document that those of its groups have.",
                        new Route.Body.None(),
                        Route.Answer.of(200, SiteRollout.class),
                        call -> change(call, true)),
                Route.post(
                        one + "/abort",
                        "abortSiteRollout",
                        Scope.SITES_WRITE,
                        "Gives the nodes of its groups back what the others have, as a new version.",
                        new Route.Body.None(),
                        Route.Answer.of(200, SiteRollout.class),
                        call -> change(call, false)));
    }

    private static SiteRollout last(Session session, SiteTable.Site site) {
        return SiteRolloutTable.find(session, site)
                .orElseThrow(() -> Problems.notFound("rollout of this site"))
                .rollout();
    }

    private Reply change(Call call, boolean proceed) {
        return call.commit(session -> {
            SiteTable.Site site = SiteRoutes.find(session, call);
            SiteRolloutTable.Stored staged = SiteRolloutTable.staged(session, site)
                    .orElseThrow(() -> Problems.conflict("No rollout of this site is under way."));
            SitePublisher publisher = new SitePublisher(session, call.now(), keptVersions);
            SiteTable.Site next = proceed
                    ? publisher.proceed(site, staged)
                    : publisher.back(
                            site,
                            staged,
                            SiteRolloutTable.ABORTED,
                            null,
                            call.principal().name());
            return Outcome.logged(
                    Reply.ok(last(session, next))
                            .with("ETag", ETag.of(next.incarnation(), next.version()))
                            .with("Verge-Version", Integer.toString(next.version()))
                            .with("Verge-Revision", Long.toString(next.revision())),
                    next.revision(),
                    (proceed ? "continued" : "aborted") + " the rollout of version "
                            + staged.rollout().version() + " of site " + site.name());
        });
    }
}
