package dev.verge.control.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.verge.control.acme.AutoSites;
import dev.verge.control.api.Call;
import dev.verge.control.api.ETag;
import dev.verge.control.api.MediaType;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.log.LogTable;
import dev.verge.control.node.Standing;
import dev.verge.control.resource.AutoCertificate;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Rollback;
import dev.verge.control.resource.Scope;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.resource.SiteSummary;
import dev.verge.control.resource.Status;
import dev.verge.control.resource.Validation;
import dev.verge.control.resource.VersionSummary;
import dev.verge.control.store.Hash;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.document.Placement;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.NodeRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sites over the API. */
public final class SiteRoutes {
    private final NodeRegistry registry;
    private final int keptVersions;
    private final boolean acme;

    /** Routes that keep so many versions of each site. */
    public SiteRoutes(NodeRegistry registry, int keptVersions, boolean acme) {
        this.registry = registry;
        this.keptVersions = keptVersions;
        this.acme = acme;
    }

    /** The declared routes. */
    public List<Route> routes() {
        return List.of(
                Route.get(
                        "/sites",
                        "listSites",
                        Scope.READ,
                        "All sites of the account.",
                        Route.Answer.page(SiteSummary.class),
                        call -> call.page(
                                SiteSummary::site,
                                (session, paging) ->
                                        SiteTable.list(session, call.account(), paging.after(), paging.rows()))),
                Route.put(
                                "/sites/{site}",
                                "putSite",
                                Scope.SITES_WRITE,
                                "Creates or changes a site; with groups at the nodes of those groups first, for as long as pause says (a duration, or manual).",
                                new Route.Body.Document(SiteDocument.class),
                                Route.Answer.of(200, SiteDocument.class),
                                this::put)
                        .reading(Staging.GROUPS, Staging.PAUSE)
                        .readingFields(ETag.IF_MATCH, ETag.IF_NONE_MATCH),
                Route.get(
                                "/sites/{site}",
                                "getSite",
                                Scope.READ,
                                "The document: byte for byte with Accept: application/yaml, else as JSON with its revision.",
                                Route.Answer.of(200, SiteDocument.class),
                                this::get)
                        .readingFields(ETag.IF_NONE_MATCH),
                Route.delete(
                                "/sites/{site}",
                                "deleteSite",
                                Scope.SITES_WRITE,
                                "Deletes a site with its history.",
                                this::delete)
                        .readingFields(ETag.IF_MATCH, ETag.IF_NONE_MATCH),
                Route.get(
                        "/sites/{site}/versions",
                        "listSiteVersions",
                        Scope.READ,
                        "The versions that are kept, newest first.",
                        Route.Answer.page(VersionSummary.class),
                        this::versions),
                Route.get(
                                "/sites/{site}/versions/{version}",
                                "getSiteVersion",
                                Scope.READ,
                                "An earlier document: byte for byte with Accept: application/yaml, else as JSON.",
                                Route.Answer.of(200, SiteDocument.class),
                                this::version)
                        .readingFields(ETag.IF_NONE_MATCH),
                Route.post(
                                "/sites/{site}/rollback",
                                "rollbackSite",
                                Scope.SITES_WRITE,
                                "Makes an earlier document current again, as a new version.",
                                new Route.Body.Json(Rollback.class),
                                Route.Answer.of(200, SiteDocument.class),
                                this::rollback)
                        .readingFields(ETag.IF_MATCH, ETag.IF_NONE_MATCH),
                Route.get(
                        "/sites/{site}/status",
                        "getSiteStatus",
                        Scope.READ,
                        "Which node has the last change, which refused it and why.",
                        Route.Answer.of(200, Status.class),
                        this::status),
                Route.post(
                        "/sites/{site}/validate",
                        "validateSite",
                        Scope.READ,
                        "Checks a document as storing it would, and stores nothing.",
                        new Route.Body.Document(SiteDocument.class),
                        Route.Answer.of(200, Validation.class),
                        this::validate));
    }

    /** The site of the path, or the call's end: another account's looks like none. */
    public static SiteTable.Site find(Session session, Call call) {
        return SiteTable.find(session, call.account(), call.parameter("site"))
                .orElseThrow(() -> Problems.notFound("site " + call.parameter("site")));
    }

    private Reply put(Call call) {
        Written written = Written.of(call.text(), call.documentType());
        String name = name(call);
        Staging staging = Staging.of(call);
        SiteDocument document = Accepted.read(written.tree());
        return call.commit(session -> {
            Optional<SiteTable.Site> current = SiteTable.find(session, call.account(), name);
            ETag.check(call, current.map(SiteRoutes::etag));
            Accepted accepted = Accepted.check(session, call.account(), name, document, acme);
            return store(session, call, name, current, written, accepted, staging);
        });
    }

    private Reply rollback(Call call) {
        int wanted = call.bind(Rollback.class).version();
        return call.commit(session -> {
            SiteTable.Site site = find(session, call);
            ETag.check(call, Optional.of(etag(site)));
            SiteTable.Version version = SiteTable.findVersion(session, site, wanted)
                    .orElseThrow(() -> Problems.mistake(
                            "version",
                            Integer.toString(wanted),
                            "no such version is kept",
                            "choose one of GET /v1/sites/" + site.name() + "/versions"));
            Written written = Written.of(version);
            Accepted accepted =
                    Accepted.check(session, call.account(), site.name(), Accepted.read(written.tree()), acme);
            return store(session, call, site.name(), Optional.of(site), written, accepted, null);
        });
    }

    private static JsonNode tree(String text) {
        return Call.value(DocumentText.parse(text));
    }

    private Outcome store(
            Session session,
            Call call,
            String name,
            Optional<SiteTable.Site> current,
            Written written,
            Accepted accepted,
            @Nullable Staging staging) {
        SitePublisher.Published published = new SitePublisher(session, call.now(), keptVersions)
                .publish(
                        call.account(),
                        name,
                        current,
                        written,
                        accepted,
                        staging,
                        call.principal().name());
        SiteTable.Site site = published.site();
        Reply reply = json(site, published.version(), written.tree());
        if (!published.changed()) {
            return Outcome.unchanged(reply.with("Verge-Changed", "false"));
        }
        return Outcome.logged(
                reply.with("Verge-Changed", "true").status(current.isEmpty() ? 201 : 200),
                site.revision(),
                "stored version " + site.version() + " of site " + name
                        + (staging == null ? "" : ", first at the nodes of " + String.join(", ", staging.groups()))
                        + (published.change().isEmpty() ? "" : ": " + published.change()));
    }

    private Reply get(Call call) {
        return call.read(session -> {
            SiteTable.Site site = find(session, call);
            return document(call, site, SiteTable.version(session, site, site.version()));
        });
    }

    private Reply version(Call call) {
        return call.read(session -> {
            SiteTable.Site site = find(session, call);
            String wanted = call.parameter("version");
            Optional<SiteTable.Version> version = wanted.matches("[0-9]{1,9}")
                    ? SiteTable.findVersion(session, site, Integer.parseInt(wanted))
                    : Optional.empty();
            return document(call, site, version.orElseThrow(() -> Problems.notFound("such version")));
        });
    }

    private Reply delete(Call call) {
        return call.commit(session -> {
            SiteTable.Site site = find(session, call);
            ETag.check(call, Optional.of(etag(site)));
            long revision = LogTable.append(session, SiteTable.delete(session, site));
            return Outcome.logged(
                    Reply.empty(204).with("Verge-Revision", Long.toString(revision)),
                    revision,
                    "deleted site " + site.name() + " at version " + site.version());
        });
    }

    private Reply versions(Call call) {
        return call.page(version -> Integer.toString(version.version()), (session, paging) -> {
            long before = paging.numberAfter().orElse(Long.MAX_VALUE);
            return SiteTable.versions(session, find(session, call), before, paging.rows());
        });
    }

    private Reply status(Call call) {
        AtomicReference<Placement> placement = new AtomicReference<>(Placement.EVERYWHERE);
        AtomicReference<@Nullable AutoCertificate> certificate = new AtomicReference<>();
        AtomicReference<@Nullable SiteRollout> rollout = new AtomicReference<>();
        SiteTable.Site site = call.read(session -> {
            certificate.set(AutoSites.standing(session, call.account(), call.parameter("site"))
                    .orElse(null));
            placement.set(LogTable.placement(session, Keys.site(call.account(), call.parameter("site"))));
            SiteTable.Site found = find(session, call);
            rollout.set(SiteRolloutTable.find(session, found)
                    .map(SiteRolloutTable.Stored::rollout)
                    .orElse(null));
            return found;
        });
        Status status = Standing.of(registry, Keys.site(site.account(), site.name()), site.revision(), placement.get());
        return Reply.ok(status.ofSite(certificate.get(), rollout.get()));
    }

    private Reply validate(Call call) {
        call.documentType();
        String text = call.text();
        String name = name(call);
        JsonNode tree = tree(text);
        SiteDocument document = Accepted.read(tree);
        Validation validation = call.read(session -> {
            Optional<SiteTable.Site> current = SiteTable.find(session, call.account(), name);
            Accepted.check(session, call.account(), name, document, acme);
            if (current.isEmpty()) {
                return new Validation(true, true, 0, Differences.between(JsonNodeFactory.instance.objectNode(), tree));
            }
            SiteTable.Version before =
                    SiteTable.version(session, current.get(), current.get().version());
            return new Validation(
                    true,
                    !before.sha256().equals(Hash.of(text)),
                    before.version(),
                    Differences.between(tree(before.text()), tree));
        });
        return Reply.ok(validation);
    }

    private static String name(Call call) {
        String name = call.parameter("site");
        if (!name.matches(Names.NAME)) {
            throw Problems.malformed("A site's name has lower-case letters, digits and hyphens, at most 63.");
        }
        return name;
    }

    private static String etag(SiteTable.Site site) {
        return ETag.of(site.incarnation(), site.version());
    }

    private static Reply document(Call call, SiteTable.Site site, SiteTable.Version version) {
        if (ETag.known(call, ETag.of(site.incarnation(), version.version()))) {
            return fields(Reply.empty(304), site, version);
        }
        boolean raw =
                call.header("Accept").map(accept -> accept.contains("yaml")).orElse(false);
        return raw
                ? fields(
                        Reply.bytes(version.mediaType(), version.text().getBytes(StandardCharsets.UTF_8)),
                        site,
                        version)
                : json(site, version, tree(version.text()));
    }

    /** The document as JSON, plus {@code revision}. A field that is null counts as absent, and is so here. */
    private static Reply json(SiteTable.Site site, SiteTable.Version version, JsonNode tree) {
        ObjectNode object = tree.deepCopy();
        leaveOutNulls(object);
        object.put("revision", site.revision());
        return fields(Reply.bytes(MediaType.JSON, object.toString().getBytes(StandardCharsets.UTF_8)), site, version);
    }

    private static void leaveOutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        node.forEach(SiteRoutes::leaveOutNulls);
    }

    private static Reply fields(Reply reply, SiteTable.Site site, SiteTable.Version version) {
        return reply.with("ETag", ETag.of(site.incarnation(), version.version()))
                .with("Vary", "Accept")
                .with("Verge-Version", Integer.toString(version.version()))
                .with("Verge-Revision", Long.toString(site.revision()));
    }
}
