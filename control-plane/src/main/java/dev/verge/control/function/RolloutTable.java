package dev.verge.control.function;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.RollbackOn;
import dev.verge.control.resource.Rollout;
import dev.verge.control.resource.Share;
import dev.verge.control.resource.WireJson;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The last staged or watched deployment of each function, and the runs of versions that are watched. */
final class RolloutTable {
    static final String STAGED = "staged";
    static final String WATCHING = "watching";
    static final String DONE = "done";
    static final String ABORTED = "aborted";
    static final String ROLLED_BACK = "rolled-back";
    static final String SUPERSEDED = "superseded";

    private static final TypeReference<List<Share>> SHARES = new TypeReference<>() {};
    private static final TypeReference<List<String>> GROUPS = new TypeReference<>() {};

    private RolloutTable() {}

    /**
     * A rollout.
     *
     * @param revision of the log entry that began its stage
     * @param stageAt when its stage began
     */
    record Stored(String account, String function, long revision, Instant stageAt, Rollout rollout) {

        boolean active() {
            return rollout.state().equals(STAGED) || rollout.state().equals(WATCHING);
        }

        boolean staged() {
            return rollout.state().equals(STAGED);
        }

        /** Versions that had no traffic before. */
        Set<Integer> fresh() {
            return fresh(rollout.before(), rollout.versions());
        }

        static Set<Integer> fresh(List<Share> before, List<Share> now) {
            Set<Integer> old = before.stream()
                    .filter(share -> share.percent() > 0)
                    .map(Share::version)
                    .collect(Collectors.toSet());
            return now.stream()
                    .filter(share -> share.percent() > 0 && !old.contains(share.version()))
                    .map(Share::version)
                    .collect(Collectors.toSet());
        }

        Stored in(String state, @Nullable String reason, Instant now, boolean ended) {
            return new Stored(
                    account,
                    function,
                    revision,
                    now,
                    new Rollout(
                            state,
                            rollout.versions(),
                            rollout.before(),
                            rollout.groups(),
                            state.equals(STAGED) ? rollout.continueAt() : null,
                            rollout.rollbackOn(),
                            reason,
                            rollout.startedAt(),
                            ended ? now : null));
        }

        Stored at(long newRevision) {
            return new Stored(account, function, newRevision, stageAt, rollout);
        }
    }

    /** Runs of a version within a time. */
    record Counts(int version, long runs, long errors) {}

    static Optional<Stored> find(Session session, String account, String function) {
        return session.first(
                "SELECT * FROM function_rollout WHERE account = ? AND function = ?",
                RolloutTable::stored,
                account,
                function);
    }

    /** Those that go on. */
    static List<Stored> active(Session session) {
        return session.list(
                "SELECT * FROM function_rollout WHERE state IN (?, ?) ORDER BY account, function",
                RolloutTable::stored,
                STAGED,
                WATCHING);
    }

    static void put(Session session, Stored stored) {
        Rollout rollout = stored.rollout();
        RollbackOn rollbackOn = rollout.rollbackOn();
        session.update(
                "DELETE FROM function_rollout WHERE account = ? AND function = ?", stored.account(), stored.function());
        session.update(
                "INSERT INTO function_rollout (account, function, state, shares, before, node_groups, continue_at, rollback_on,"
                        + " reason, revision, started_at, stage_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                stored.account(),
                stored.function(),
                rollout.state(),
                WireJson.text(rollout.versions()),
                WireJson.text(rollout.before()),
                WireJson.text(rollout.groups()),
                rollout.continueAt(),
                rollbackOn == null ? null : RecordJson.write(rollbackOn).toString(),
                rollout.reason(),
                stored.revision(),
                rollout.startedAt(),
                stored.stageAt(),
                rollout.endedAt());
    }

    static void count(
            Session session, String account, String function, int version, long second, long runs, long errors) {
        session.update(
                "INSERT INTO rollout_count (account, function, version, second, runs, errors) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (account, function, version, second) DO UPDATE SET"
                        + " runs = rollout_count.runs + excluded.runs, errors = rollout_count.errors + excluded.errors",
                account,
                function,
                version,
                second,
                runs,
                errors);
    }

    /** Runs by version from a second on. */
    static List<Counts> counts(Session session, String account, String function, long second) {
        return session.list(
                "SELECT version, CAST(SUM(runs) AS BIGINT) AS all_runs, CAST(SUM(errors) AS BIGINT) AS all_errors"
                        + " FROM rollout_count WHERE account = ? AND function = ? AND second >= ? GROUP BY version ORDER BY version",
                row -> new Counts(row.integer("version"), row.number("all_runs"), row.number("all_errors")),
                account,
                function,
                second);
    }

    static int forgetCounts(Session session, long before) {
        return session.update("DELETE FROM rollout_count WHERE second < ?", before);
    }

    private static Stored stored(Row row) {
        String rollbackOn = row.textOrNull("rollback_on");
        return new Stored(
                row.text("account"),
                row.text("function"),
                row.number("revision"),
                row.time("stage_at"),
                new Rollout(
                        row.text("state"),
                        WireJson.read(row.text("shares").getBytes(StandardCharsets.UTF_8), SHARES),
                        WireJson.read(row.text("before").getBytes(StandardCharsets.UTF_8), SHARES),
                        WireJson.read(row.text("node_groups").getBytes(StandardCharsets.UTF_8), GROUPS),
                        row.timeOrNull("continue_at"),
                        rollbackOn == null
                                ? null
                                : Binder.standard()
                                        .bindText(rollbackOn, RollbackOn.class)
                                        .orThrow(),
                        row.textOrNull("reason"),
                        row.time("started_at"),
                        row.timeOrNull("ended_at")));
    }
}
