package dev.verge.control.acme;

import dev.verge.control.api.AuditTable;
import dev.verge.control.certificate.OwnCertificates;
import dev.verge.control.log.LogTable;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.log.ChallengeEntry;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.server.Registration;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has certificates made for sites that want them, and renewed. All that it knows is in rows: a site is worked on by the one control plane
 * that has claimed its row, an order under way is written down before the authority is asked to look, so it is gone on with after a
 * crash, by the next start or by another control plane.
 */
public final class AcmeOrders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeOrders.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Orders under way at a time, here. */
    private static final int AT_ONCE = 4;

    /** New orders of one site in an hour. */
    private static final int OF_A_SITE = 5;

    /** How long the nodes that are connected are waited for before the authority looks. */
    private static final Duration NODES = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final Database database;
    private final NodeRegistry nodes;
    private final SecretBox box;
    private final AcmeSettings settings;
    private final Authority authority;
    private final RenewalAdvice advice;
    private final InstantSource clock;
    private final String replica;
    private final Function<Session, Set<String>> alive;
    private final LongConsumer announce;
    private final MeterRegistry meters;
    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final Set<Thread> working = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicLong failing = new AtomicLong();
    private final long timer;
    private volatile boolean closed;

    /**
     * Looks every second from now on.
     *
     * @param settings are on
     * @param replica identity of this control plane
     * @param alive the control planes that share the store and are alive
     * @param announce told each new log position after its commit is durable; must not block
     */
    public AcmeOrders(
            Vertx vertx,
            Database database,
            NodeRegistry nodes,
            SecretBox box,
            AcmeSettings settings,
            InstantSource clock,
            String replica,
            Function<Session, Set<String>> alive,
            LongConsumer announce,
            MeterRegistry meters) {
        this.vertx = vertx;
        this.database = database;
        this.nodes = nodes;
        this.box = box;
        this.settings = settings;
        this.authority = new Authority(settings);
        this.advice = new RenewalAdvice(database, authority, this::account, working);
        this.clock = clock;
        this.replica = replica;
        this.alive = alive;
        this.announce = announce;
        this.meters = meters;
        meters.gauge("verge.acme.failing", failing);
        this.timer = vertx.setPeriodic(
                LOOK.toMillis(), id -> Thread.ofVirtual().name("acme").start(this::look));
    }

    /** Sites that say auto while the settings are off. */
    public static long waitingInVain(Session session) {
        return AcmeTable.all(session);
    }

    private void look() {
        if (closed || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            Instant now = clock.instant();
            failing.set(database.read(AcmeTable::failing));
            advice.begin(now);
            while (!closed && database.<Boolean>read(session -> AcmeTable.anyDue(session, now)) && slots.tryAcquire()) {
                Optional<AcmeTable.Wanted> claimed;
                try {
                    claimed = database.write(session -> claim(session, now));
                } catch (RuntimeException e) {
                    slots.release();
                    throw e;
                }
                if (claimed.isEmpty()) {
                    slots.release();
                    return;
                }
                begin(claimed.get());
            }
        } catch (RuntimeException e) {
            LOG.warn("due certificates could not be looked for; it is tried again", e);
        } finally {
            looking.set(false);
        }
    }

    private Optional<AcmeTable.Wanted> claim(Session session, Instant now) {
        Set<String> busy = new HashSet<>(alive.apply(session));
        busy.add(replica);
        boolean full = AcmeTable.attempts(session, now) >= settings.ordersPerHour();
        for (AcmeTable.Wanted wanted : AcmeTable.due(session, now)) {
            boolean claimed = wanted.replica() != null && busy.contains(wanted.replica());
            boolean goesOn = wanted.orderUrl() != null;
            if (claimed || (!goesOn && (full || AcmeTable.attempts(session, wanted, now) >= OF_A_SITE))) {
                continue;
            }
            if (!goesOn) {
                AcmeTable.attempt(session, wanted, now);
            }
            AcmeTable.claim(session, wanted, replica);
            return AcmeTable.find(session, wanted.account(), wanted.site());
        }
        return Optional.empty();
    }

    private void begin(AcmeTable.Wanted wanted) {
        Thread thread = Thread.ofVirtual().name("acme-order").unstarted(() -> {
            try {
                work(wanted);
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("the certificate of {}/{} could not be had", wanted.account(), wanted.site(), e);
                    giveUp(wanted, Failure.ours("the control plane failed: " + e));
                }
            } finally {
                working.remove(Thread.currentThread());
                slots.release();
            }
        });
        working.add(thread);
        thread.start();
    }

    private void work(AcmeTable.Wanted wanted) {
        try {
            String sealedKey = wanted.sealedKey();
            KeyPair key = sealedKey == null ? null : KeyPairs.read(box.open(keyName(wanted), sealedKey));
            Authority.Issued issued = authority.issue(
                    account(), wanted, key, advice.certificate(wanted).orElse(null), new Authority.Steps() {
                        @Override
                        public void began(String orderUrl, KeyPair made) throws Failure {
                            String sealed = box.seal(keyName(wanted), KeyPairs.text(made));
                            change(wanted, session -> {
                                AcmeTable.began(session, wanted, orderUrl, sealed);
                                return OptionalLong.empty();
                            });
                        }

                        @Override
                        public void prove(List<ChallengeEntry> challenges) throws Failure, InterruptedException {
                            publish(wanted, challenges);
                        }
                    });
            store(wanted, issued);
        } catch (Failure failure) {
            // What an end of the control plane broke off is no failure of the order: who comes next goes on with it.
            if (!closed) {
                giveUp(wanted, failure);
            }
        } catch (InterruptedException e) {
            // Likewise.
            Thread.currentThread().interrupt();
        }
    }

    private static String keyName(AcmeTable.Wanted wanted) {
        return "acme/" + wanted.account() + "/" + wanted.site();
    }

    /** The key of our account; the first order makes it. */
    private KeyPair account() {
        String directory = Objects.requireNonNull(settings.directory(), "it is on");
        String name = "acme-account " + directory;
        return KeyPairs.read(database.write(session -> {
            Optional<String> kept = AcmeTable.accountKey(session, directory);
            if (kept.isPresent()) {
                return box.open(name, kept.get());
            }
            String made = KeyPairs.text(KeyPairs.generate());
            AcmeTable.insertAccount(session, directory, box.seal(name, made), clock.instant());
            return made;
        }));
    }

    /** Every node that is connected knows the challenges when this returns; those that do not answer in time are passed over. */
    private void publish(AcmeTable.Wanted wanted, List<ChallengeEntry> challenges)
            throws Failure, InterruptedException {
        if (challenges.isEmpty()) {
            return;
        }
        OptionalLong revision = change(wanted, session -> {
            List<LogTable.Change> changes =
                    new ArrayList<>(AutoSites.challengesGone(session, wanted.account(), wanted.site()));
            challenges.forEach(challenge -> changes.removeIf(gone -> gone.key().equals(challenge.key())));
            challenges.forEach(challenge -> changes.add(LogTable.Change.put(challenge)));
            return OptionalLong.of(LogTable.append(session, changes));
        });
        awaitNodes(challenges.getFirst().key(), revision.orElseThrow());
    }

    private void awaitNodes(String key, long revision) throws Failure, InterruptedException {
        Semaphore changed = new Semaphore(0);
        Registration registration = nodes.onChange(state -> changed.release());
        try {
            long end = System.nanoTime() + NODES.toNanos();
            while (true) {
                List<NodeAnswer> connected = nodes.answers(key, revision).stream()
                        .filter(NodeAnswer::connected)
                        .toList();
                long ready = connected.stream()
                        .filter(node -> node.state() == NodeAnswer.State.APPLIED)
                        .count();
                boolean late = System.nanoTime() - end >= 0;
                if (ready == connected.size() && ready > 0) {
                    return;
                }
                if (late && ready == 0) {
                    throw Failure.ours(
                            connected.isEmpty()
                                    ? "no node is connected that could answer the authority"
                                    : "no node has taken the challenge in within " + NODES.toSeconds() + " s");
                }
                if (late) {
                    LOG.warn(
                            "{} of {} nodes have not taken an ACME challenge in",
                            connected.size() - ready,
                            connected.size());
                    return;
                }
                // Nodes of other control planes change without a word here.
                changed.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            registration.close();
        }
    }

    private void store(AcmeTable.Wanted wanted, Authority.Issued issued) throws Failure {
        String name = AutoSites.certificate(wanted.site());
        OwnCertificates.Stored[] stored = new OwnCertificates.Stored[1];
        try {
            change(wanted, session -> {
                Instant now = clock.instant();
                stored[0] = OwnCertificates.put(
                        session,
                        box,
                        wanted.account(),
                        wanted.site(),
                        name,
                        wanted.hosts(),
                        issued.chain(),
                        issued.key(),
                        now,
                        AutoSites.challengesGone(session, wanted.account(), wanted.site()));
                var leaf = stored[0].chain().leaf();
                Instant until = leaf.getNotAfter().toInstant();
                AcmeTable.issued(
                        session, wanted, Pace.renewal(leaf.getNotBefore().toInstant(), until, chance()), now);
                AuditTable.insertOwn(
                        session,
                        wanted.account(),
                        now,
                        stored[0].revision(),
                        "had certificate " + name + " made for " + String.join(", ", wanted.hosts()) + ", fingerprint "
                                + stored[0].chain().fingerprint() + ", until " + until);
                return OptionalLong.of(stored[0].revision());
            });
        } catch (IllegalArgumentException useless) {
            throw Failure.refused("what the authority issued cannot be served: " + useless.getMessage(), null, useless);
        }
        meters.counter("verge.acme.orders", "outcome", "issued").increment();
        LOG.info("site {}/{} has a certificate by ACME: {}", wanted.account(), wanted.site(), name);
    }

    private void giveUp(AcmeTable.Wanted wanted, Failure failure) {
        String reason = String.valueOf(failure.getMessage());
        LOG.warn("the certificate of {}/{} could not be had: {}", wanted.account(), wanted.site(), reason);
        meters.counter("verge.acme.orders", "outcome", "failed").increment();
        try {
            change(wanted, session -> {
                Instant now = clock.instant();
                int failures = wanted.failures() + 1;
                Instant next = Pace.retry(now, failures, failure.isOurs(), failure.notBefore(), chance());
                AcmeTable.failed(session, wanted, reason, failures, next, failure.keepOrder());
                List<LogTable.Change> gone = AutoSites.challengesGone(session, wanted.account(), wanted.site());
                long revision = gone.isEmpty() ? LogTable.head(session) : LogTable.append(session, gone);
                AuditTable.insertOwn(
                        session,
                        wanted.account(),
                        now,
                        revision,
                        "could not have a certificate made for site " + wanted.site() + ": " + reason
                                + "; tried again at " + next);
                return gone.isEmpty() ? OptionalLong.empty() : OptionalLong.of(revision);
            });
        } catch (Failure overtaken) {
            LOG.info("{}", overtaken.getMessage());
        } catch (RuntimeException e) {
            // The claim stays until this control plane ends; that is told by the store's failures anyway.
            LOG.error("a failed order of {}/{} could not be written down", wanted.account(), wanted.site(), e);
        }
    }

    /** Changes the row if it is still what was claimed; else its claim ends, and so does the order. */
    private OptionalLong change(AcmeTable.Wanted wanted, Function<Session, OptionalLong> work) throws Failure {
        @Nullable OptionalLong[] revision = new OptionalLong[1];
        database.write(session -> {
            revision[0] = null;
            AcmeTable.Wanted now = AcmeTable.find(session, wanted.account(), wanted.site())
                    .filter(row -> replica.equals(row.replica()))
                    .orElse(null);
            if (now != null && now.hosts().equals(wanted.hosts())) {
                revision[0] = work.apply(session);
            } else if (now != null) {
                AcmeTable.release(session, wanted);
            }
            return true;
        });
        OptionalLong done = revision[0];
        if (done == null) {
            throw Failure.ours("site " + wanted.account() + "/" + wanted.site() + " has changed meanwhile");
        }
        done.ifPresent(announce);
        return done;
    }

    private static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    /** Takes on nothing more; what is under way is left to who comes next. */
    @Override
    public void close() {
        closed = true;
        vertx.cancelTimer(timer);
        for (Thread thread : List.copyOf(working)) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
