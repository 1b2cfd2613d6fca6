package dev.verge.control.function;

import dev.verge.control.api.AuditTable;
import dev.verge.control.log.LogTable;
import dev.verge.control.resource.RollbackOn;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.Share;
import dev.verge.control.rollout.FirstNodes;
import dev.verge.control.store.Database;
import dev.verge.control.store.Session;
import dev.verge.sync.log.Keys;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.NodeRegistry;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with rollouts whose pause is over, and takes back those that go wrong. All that it knows is in rows, and each step is taken in a
 * transaction that finds the row as it was judged; so any control plane may take it, after any of them was killed, and only one does.
 */
public final class Rollouts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** What went well for so long is no longer watched. */
    private static final Duration WATCHED = Duration.ofHours(24);

    /** Longer than the longest window. */
    private static final Duration COUNTS_KEPT = Duration.ofHours(2);

    private final Vertx vertx;
    private final Database database;
    private final NodeRegistry nodes;
    private final InstantSource clock;
    private final LongConsumer announce;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;

    /** What is to be done with a rollout. */
    private sealed interface Step {
        /** It goes everywhere. */
        record Proceed() implements Step {}

        /** It is taken back. */
        record Back(String reason) implements Step {}

        /** It waits, or is no longer watched. */
        record Note(String state, @Nullable String reason) implements Step {}
    }

    /**
     * Looks every second from now on.
     *
     * @param announce told each new log position after its commit is durable; must not block
     */
    public Rollouts(Vertx vertx, Database database, NodeRegistry nodes, InstantSource clock, LongConsumer announce) {
        this.vertx = vertx;
        this.database = database;
        this.nodes = nodes;
        this.clock = clock;
        this.announce = announce;
        this.timer = vertx.setPeriodic(
                LOOK.toMillis(), id -> Thread.ofVirtual().name("rollouts").start(this::look));
    }

    /** Takes what is counted of versions that are watched, in the transaction that stores it. */
    public void counted(Session session, Map<UsageKey, UsageSum> sums, Instant now) {
        if (sums.keySet().stream().noneMatch(key -> key.kind() == UsageKey.Kind.FUNCTION)) {
            return;
        }
        for (RolloutTable.Stored active : RolloutTable.active(session)) {
            if (active.rollout().rollbackOn() == null) {
                continue;
            }
            for (int version : active.fresh()) {
                UsageSum sum = sums.get(UsageKey.function(active.account(), active.function(), version));
                long runs = sum == null ? 0 : sum.get(UsageField.OUTCOMES);
                if (sum != null && runs > 0) {
                    // A client that goes away is no fault of the version.
                    long errors = runs - sum.get(UsageField.RUN_OK) - sum.get(UsageField.RUN_CANCELLED);
                    RolloutTable.count(
                            session, active.account(), active.function(), version, now.getEpochSecond(), runs, errors);
                }
            }
        }
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            Instant now = clock.instant();
            List<RolloutTable.Stored> active = database.read(RolloutTable::active);
            for (RolloutTable.Stored each : active) {
                Optional<Step> step = database.read(session -> judge(session, each, now));
                if (step.isPresent()) {
                    take(each, step.get(), now);
                }
            }
            if (!active.isEmpty()) {
                long before = now.minus(COUNTS_KEPT).getEpochSecond();
                if (database.<Boolean>read(
                        session -> session.exists("SELECT 1 FROM rollout_count WHERE second < ?", before))) {
                    database.write(session -> RolloutTable.forgetCounts(session, before));
                }
            }
        } catch (RuntimeException e) {
            LOG.warn("rollouts could not be looked at; it is tried again", e);
        } finally {
            looking.set(false);
        }
    }

    private Optional<Step> judge(Session session, RolloutTable.Stored active, Instant now) {
        Rollout rollout = active.rollout();
        RollbackOn rollbackOn = rollout.rollbackOn();
        Optional<String> refusal = refusal(active);
        if (rollbackOn != null) {
            Optional<String> reason = refusal.or(() -> tooManyErrors(session, active, rollbackOn, now));
            if (reason.isPresent()) {
                return reason.map(Step.Back::new);
            }
        }
        if (active.staged()) {
            Instant continueAt = rollout.continueAt();
            boolean due = continueAt != null && !now.isBefore(continueAt);
            Optional<String> against = refusal.or(() -> due ? missing(session, active) : Optional.empty());
            if (against.isEmpty()) {
                return due ? Optional.of(new Step.Proceed()) : Optional.empty();
            }
            return against.equals(Optional.ofNullable(rollout.reason()))
                    ? Optional.empty()
                    : Optional.of(new Step.Note(RolloutTable.STAGED, against.get()));
        }
        return now.isBefore(active.stageAt().plus(WATCHED))
                ? Optional.empty()
                : Optional.of(new Step.Note(RolloutTable.DONE, null));
    }

    private Optional<String> refusal(RolloutTable.Stored active) {
        return nodes.answers(Keys.function(active.account(), active.function()), active.revision()).stream()
                .filter(answer -> answer.connected() && answer.state() == NodeAnswer.State.REFUSED)
                .findFirst()
                .map(answer -> "node " + answer.node() + " refused it: " + answer.reason());
    }

    private Optional<String> missing(Session session, RolloutTable.Stored active) {
        String key = Keys.function(active.account(), active.function());
        return FirstNodes.of(nodes, active.rollout().groups(), key, active.revision(), LogTable.placement(session, key))
                .missing();
    }

    private static Optional<String> tooManyErrors(
            Session session, RolloutTable.Stored active, RollbackOn rollbackOn, Instant now) {
        Instant from = now.minus(rollbackOn.window());
        long second =
                (from.isBefore(active.rollout().startedAt()) ? active.rollout().startedAt() : from).getEpochSecond();
        return RolloutTable.counts(session, active.account(), active.function(), second).stream()
                .filter(counts -> active.fresh().contains(counts.version())
                        && counts.runs() >= rollbackOn.minimumRuns()
                        && counts.errors() >= rollbackOn.errorRate() * counts.runs())
                .findFirst()
                .map(counts -> String.format(
                        Locale.ROOT,
                        "%d of %d runs of version %d ended badly within %d s (%.1f %%, the limit is %.1f %%)",
                        counts.errors(),
                        counts.runs(),
                        counts.version(),
                        rollbackOn.window().toSeconds(),
                        100.0 * counts.errors() / counts.runs(),
                        100 * rollbackOn.errorRate()));
    }

    private void take(RolloutTable.Stored judged, Step step, Instant now) {
        Optional<Long> revision = database.write(session -> {
            Optional<RolloutTable.Stored> current = RolloutTable.find(session, judged.account(), judged.function());
            Optional<FunctionTable.Stored> function = FunctionTable.find(session, judged.account(), judged.function());
            // Another control plane was first, or somebody decided otherwise.
            return current.equals(Optional.of(judged)) && function.isPresent()
                    ? take(session, function.get(), judged, step, now)
                    : Optional.<Long>empty();
        });
        revision.ifPresent(announce::accept);
    }

    private static Optional<Long> take(
            Session session, FunctionTable.Stored function, RolloutTable.Stored judged, Step step, Instant now) {
        Deployer deployer = new Deployer(session, now);
        return switch (step) {
            case Step.Note(String state, String reason) -> {
                RolloutTable.Stored next = judged.in(state, reason, now, state.equals(RolloutTable.DONE));
                RolloutTable.put(session, next);
                yield Optional.empty();
            }
            case Step.Proceed() -> {
                long revision = deployer.proceed(function, judged).revision();
                AuditTable.insertOwn(
                        session,
                        function.account(),
                        now,
                        revision,
                        "continued the rollout of " + shares(judged.rollout().versions()) + " of function "
                                + function.name() + " after its pause");
                yield Optional.of(revision);
            }
            case Step.Back(String reason) -> {
                long revision = deployer.back(function, judged, RolloutTable.ROLLED_BACK, reason)
                        .revision();
                LOG.warn("function {}/{} was rolled back: {}", function.account(), function.name(), reason);
                AuditTable.insertOwn(
                        session,
                        function.account(),
                        now,
                        revision,
                        "rolled function " + function.name() + " back to "
                                + shares(judged.rollout().before()) + ": " + reason);
                yield Optional.of(revision);
            }
        };
    }

    static String shares(List<Share> shares) {
        return shares.stream()
                .map(share -> "version " + share.version() + " at " + share.percent() + " %")
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
