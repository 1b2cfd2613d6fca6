package dev.verge.control.site;

import dev.verge.control.api.AuditTable;
import dev.verge.control.log.LogTable;
import dev.verge.control.rollout.FirstNodes;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.NodeRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with documents whose time at some nodes is over, and takes back those that a node refuses. All that it knows is in rows, and each
 * step is taken in a transaction that finds the row as it was judged; so any control plane may take it, and only one does.
 */
public final class SiteRollouts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SiteRollouts.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Database database;
    private final NodeRegistry nodes;
    private final InstantSource clock;
    private final int keptVersions;
    private final LongConsumer announce;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;

    /** What is to be done with one. */
    private sealed interface Step {
        /** It goes everywhere. */
        record Proceed() implements Step {}

        /** It is taken back. */
        record Back(String reason) implements Step {}

        /** It goes on waiting, for another reason. */
        record Wait(String reason) implements Step {}
    }

    /**
     * Looks every second from now on.
     *
     * @param announce told each new log position after its commit is durable; must not block
     */
    public SiteRollouts(
            Vertx vertx,
            Database database,
            NodeRegistry nodes,
            InstantSource clock,
            int keptVersions,
            LongConsumer announce) {
        this.vertx = vertx;
        this.database = database;
        this.nodes = nodes;
        this.clock = clock;
        this.keptVersions = keptVersions;
        this.announce = announce;
        this.timer = vertx.setPeriodic(
                LOOK.toMillis(), id -> Thread.ofVirtual().name("site-rollouts").start(this::look));
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            Instant now = clock.instant();
            for (SiteRolloutTable.Stored each :
                    database.<List<SiteRolloutTable.Stored>>read(SiteRolloutTable::staged)) {
                Placement placement =
                        database.read(session -> LogTable.placement(session, Keys.site(each.account(), each.site())));
                judge(each, placement, now).ifPresent(step -> take(each, step, now));
            }
        } catch (RuntimeException e) {
            LOG.warn("rollouts of sites could not be looked at; it is tried again", e);
        } finally {
            looking.set(false);
        }
    }

    private Optional<Step> judge(SiteRolloutTable.Stored staged, Placement placement, Instant now) {
        FirstNodes first = FirstNodes.of(
                nodes,
                staged.rollout().groups(),
                Keys.site(staged.account(), staged.site()),
                staged.revision(),
                placement);
        Optional<String> refusal = first.refusal();
        if (refusal.isPresent()) {
            return refusal.map(Step.Back::new);
        }
        Instant continueAt = staged.rollout().continueAt();
        if (continueAt == null || now.isBefore(continueAt)) {
            return Optional.empty();
        }
        Optional<String> missing = first.missing();
        if (missing.isEmpty()) {
            return Optional.of(new Step.Proceed());
        }
        return missing.equals(Optional.ofNullable(staged.rollout().reason()))
                ? Optional.empty()
                : missing.map(Step.Wait::new);
    }

    private void take(SiteRolloutTable.Stored judged, Step step, Instant now) {
        Optional<Long> revision = database.write(session -> {
            Optional<SiteTable.Site> site = SiteTable.find(session, judged.account(), judged.site());
            // Another control plane was first, or somebody decided otherwise.
            return site.isPresent()
                            && SiteRolloutTable.find(session, site.get()).equals(Optional.of(judged))
                    ? take(session, site.get(), judged, step, now)
                    : Optional.<Long>empty();
        });
        revision.ifPresent(announce::accept);
    }

    private Optional<Long> take(
            Session session, SiteTable.Site site, SiteRolloutTable.Stored judged, Step step, Instant now) {
        SitePublisher publisher = new SitePublisher(session, now, keptVersions);
        return switch (step) {
            case Step.Wait(String reason) -> {
                SiteRolloutTable.put(session, judged.because(reason));
                yield Optional.empty();
            }
            case Step.Proceed() -> {
                long revision = publisher.proceed(site, judged).revision();
                AuditTable.insertOwn(
                        session,
                        site.account(),
                        now,
                        revision,
                        "continued the rollout of version " + judged.rollout().version() + " of site " + site.name()
                                + " after its pause");
                yield Optional.of(revision);
            }
            case Step.Back(String reason) -> {
                SiteTable.Site back =
                        publisher.back(site, judged, SiteRolloutTable.ROLLED_BACK, reason, AuditTable.OWN);
                LOG.warn("site {}/{} was rolled back: {}", site.account(), site.name(), reason);
                AuditTable.insertOwn(
                        session,
                        site.account(),
                        now,
                        back.revision(),
                        "rolled site " + site.name() + " back to the document of version "
                                + judged.rollout().before() + ", as version " + back.version() + ": " + reason);
                yield Optional.of(back.revision());
            }
        };
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
