package dev.verge.control.site;

import dev.verge.control.access.Secrets;
import dev.verge.control.acme.AutoSites;
import dev.verge.control.api.Problems;
import dev.verge.control.certificate.CertificateTable;
import dev.verge.control.log.LogTable;
import dev.verge.control.node.Groups;
import dev.verge.control.resource.SiteRollout;
import dev.verge.control.store.Hash;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Problem;
import dev.verge.sync.document.SiteDocument;
import dev.verge.sync.log.SiteEntry;
import dev.verge.sync.log.StagedDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts documents of sites into force, within its caller's transaction: whoever wants it, a caller or the clock. */
final class SitePublisher {
    private final Session session;
    private final Instant now;
    private final int keptVersions;

    SitePublisher(Session session, Instant now, int keptVersions) {
        this.session = session;
        this.now = now;
        this.keptVersions = keptVersions;
    }

    /**
     * What came of a document.
     *
     * @param changed false when it was in force already
     * @param change what is different, for people; may be empty
     */
    record Published(SiteTable.Site site, SiteTable.Version version, boolean changed, String change) {}

    /**
     * Puts a document into force, as a new version. A rollout that was under way is superseded.
     *
     * @param staging at which nodes first; null: everywhere
     * @param by who wants it
     */
    Published publish(
            String account,
            String name,
            Optional<SiteTable.Site> current,
            Written written,
            Accepted accepted,
            @Nullable Staging staging,
            String by) {
        Optional<SiteRolloutTable.Stored> former = current.flatMap(site -> SiteRolloutTable.staged(session, site));
        String sha256 = Hash.of(written.text());
        String change = "";
        if (current.isPresent()) {
            SiteTable.Version latest = latest(current.get());
            if (former.isEmpty()
                    && latest.sha256().equals(sha256)
                    && latest.mediaType().equals(written.mediaType())) {
                return new Published(current.get(), latest, false, "");
            }
            change = Differences.text(Differences.between(Written.of(latest).tree(), written.tree()));
        }
        int number = current.map(SiteTable.Site::version).orElse(0) + 1;
        SiteTable.Version version = new SiteTable.Version(number, written.text(), written.mediaType(), sha256);
        String incarnation = current.map(SiteTable.Site::incarnation).orElseGet(Secrets::id);
        SiteReach reach = current.map(site -> SiteReach.of(session, site)).orElseGet(() -> SiteReach.none(account));
        former.ifPresent(old -> SiteRolloutTable.put(session, old.ended(SiteRolloutTable.SUPERSEDED, null, now)));
        if (staging == null) {
            SiteTable.Site next = next(account, name, incarnation, number, accepted);
            SiteTable.store(session, next, version, by, number - keptVersions);
            everywhere(reach, next, version, accepted);
            return new Published(next, version, true, change);
        }
        SiteTable.Version base = base(current, former);
        Accepted before = Written.of(base).read();
        check(before.document(), accepted.document(), staging);
        SiteTable.Site next = next(account, name, incarnation, number, accepted);
        SiteTable.store(session, next, version, by, Math.min(number - keptVersions, base.version() - 1));
        SiteEntry entry = new SiteEntry(
                account,
                name,
                incarnation,
                base.version(),
                base.text(),
                new StagedDocument(staging.groups(), number, written.text()));
        SiteReach after = SiteTable.uses(session, next, accepted, before);
        LogTable.fill(
                session,
                next.revision(),
                reach.until(session, after, List.of(LogTable.Change.put(entry, next.placement()))));
        SiteRolloutTable.put(
                session,
                new SiteRolloutTable.Stored(
                        account,
                        name,
                        next.revision(),
                        new SiteRollout(
                                SiteRollout.STAGED,
                                number,
                                base.version(),
                                staging.groups(),
                                staging.pause() == null ? null : now.plus(staging.pause()),
                                null,
                                now,
                                null)));
        return new Published(next, version, true, change);
    }

    /** What the nodes of its groups have, all nodes get. */
    SiteTable.Site proceed(SiteTable.Site site, SiteRolloutTable.Stored staged) {
        SiteTable.Version version = latest(site);
        Accepted accepted = Written.of(version).read();
        SiteReach reach = SiteReach.of(session, site);
        SiteTable.Site next = next(site.account(), site.name(), site.incarnation(), version.version(), accepted);
        SiteTable.update(session, next);
        everywhere(reach, next, version, accepted);
        SiteRolloutTable.put(session, staged.ended(SiteRolloutTable.DONE, null, now));
        return next;
    }

    /**
     * What the other nodes have, all have again, as a new version.
     *
     * @param state what the rollout ends as
     */
    SiteTable.Site back(
            SiteTable.Site site, SiteRolloutTable.Stored staged, String state, @Nullable String reason, String by) {
        SiteTable.Version before =
                SiteTable.version(session, site, staged.rollout().before());
        Accepted accepted = Written.of(before).read();
        SiteTable.Version version =
                new SiteTable.Version(site.version() + 1, before.text(), before.mediaType(), before.sha256());
        SiteReach reach = SiteReach.of(session, site);
        SiteTable.Site next = next(site.account(), site.name(), site.incarnation(), version.version(), accepted);
        SiteTable.store(session, next, version, by, version.version() - keptVersions);
        everywhere(reach, next, version, accepted);
        SiteRolloutTable.put(session, staged.ended(state, reason, now));
        return next;
    }

    /** What the site becomes, by a commit of its own that begins here. */
    private SiteTable.Site next(String account, String name, String incarnation, int version, Accepted accepted) {
        return new SiteTable.Site(
                account,
                name,
                incarnation,
                version,
                LogTable.begin(session),
                accepted.document().placement(),
                now);
    }

    /** All nodes of its placement get a site that is stored already. */
    private void everywhere(SiteReach reach, SiteTable.Site site, SiteTable.Version version, Accepted accepted) {
        List<LogTable.Change> changes = new ArrayList<>();
        changes.add(LogTable.Change.put(
                new SiteEntry(site.account(), site.name(), site.incarnation(), version.version(), version.text()),
                site.placement()));
        if (!accepted.document().tls().isAuto()) {
            CertificateTable.forget(session, site.account(), site.name());
            changes.addAll(AutoSites.forget(
                    session,
                    site.account(),
                    site.name(),
                    accepted.certificates().all()));
        }
        SiteReach after = SiteTable.uses(session, site, accepted, accepted);
        LogTable.fill(session, site.revision(), reach.until(session, after, changes));
    }

    private SiteTable.Version latest(SiteTable.Site site) {
        return SiteTable.version(session, site, site.version());
    }

    /** What the nodes keep that do not have it first: of a rollout that is superseded, what they had during it. */
    private SiteTable.Version base(Optional<SiteTable.Site> current, Optional<SiteRolloutTable.Stored> former) {
        SiteTable.Site site = current.orElseThrow(() -> Problems.mistake(
                Staging.GROUPS,
                "",
                "only for a site that is there already, which the other nodes keep",
                "store a first document without it"));
        return former.map(staged ->
                        SiteTable.version(session, site, staged.rollout().before()))
                .orElseGet(() -> latest(site));
    }

    /** Hosts, certificates and places are the same on all nodes, since they are promised to this site alone. */
    private void check(SiteDocument before, SiteDocument now, Staging staging) {
        List<Problem> problems = new ArrayList<>(Groups.check(session, Staging.GROUPS, staging.groups()));
        same("hosts", before.hosts().equals(now.hosts()), problems);
        same("tls", before.tls().equals(now.tls()), problems);
        same("placement", before.placement().equals(now.placement()), problems);
        if (!problems.isEmpty()) {
            throw Problems.mistakes(problems);
        }
    }

    private static void same(String field, boolean same, List<Problem> problems) {
        if (!same) {
            problems.add(new Problem(
                    field,
                    "",
                    "cannot be tried at some nodes first: it holds for all or none",
                    "change it by itself, without groups"));
        }
    }
}
