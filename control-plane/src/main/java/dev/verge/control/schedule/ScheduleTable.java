package dev.verge.control.schedule;

import dev.verge.control.resource.ScheduleRun;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Schedules of functions, and their runs. */
public final class ScheduleTable {
    private static final int LONGEST_DETAIL = 500;

    private ScheduleTable() {}

    /** A schedule of a function that takes traffic. */
    record Scheduled(String account, String function, long revision, String cron) {}

    /** A function's schedules in the order that they were written. */
    public static List<String> of(Session session, String account, String function) {
        return session.list(
                "SELECT cron FROM function_schedule WHERE account = ? AND function = ? ORDER BY position",
                row -> row.text("cron"),
                account,
                function);
    }

    static void replace(Session session, String account, String function, List<String> schedules) {
        session.update("DELETE FROM function_schedule WHERE account = ? AND function = ?", account, function);
        for (int i = 0; i < schedules.size(); i++) {
            session.update(
                    "INSERT INTO function_schedule (account, function, position, cron) VALUES (?, ?, ?, ?)",
                    account,
                    function,
                    i,
                    schedules.get(i));
        }
    }

    /** Every schedule of a function that takes traffic. */
    static List<Scheduled> all(Session session) {
        return session.list(
                "SELECT s.account AS account, s.function AS function, s.cron AS cron, f.revision AS revision"
                        + " FROM function_schedule s JOIN function f ON f.account = s.account AND f.name = s.function"
                        + " WHERE EXISTS (SELECT 1 FROM function_share h WHERE h.account = s.account AND h.function = s.function)",
                row -> new Scheduled(
                        row.text("account"), row.text("function"), row.number("revision"), row.text("cron")));
    }

    /** Claims a run; answers false when it was claimed before. */
    static boolean claim(Session session, Scheduled schedule, Instant due, String replica) {
        return session.update(
                        "INSERT INTO schedule_run (account, function, cron, due_at, outcome, replica)"
                                + " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM schedule_run"
                                + " WHERE account = ? AND function = ? AND cron = ? AND due_at = ?)",
                        schedule.account(),
                        schedule.function(),
                        schedule.cron(),
                        due,
                        Scheduler.RUNNING,
                        replica,
                        schedule.account(),
                        schedule.function(),
                        schedule.cron(),
                        due)
                == 1;
    }

    /** Writes down how a run ended. */
    static void ended(Session session, Scheduled schedule, ScheduleRun run) {
        String detail = run.detail();
        session.update(
                "UPDATE schedule_run SET node = ?, outcome = ?, version = ?, detail = ?, ended_at = ?"
                        + " WHERE account = ? AND function = ? AND cron = ? AND due_at = ?",
                run.node(),
                run.outcome(),
                run.version(),
                detail == null || detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL),
                run.endedAt(),
                schedule.account(),
                schedule.function(),
                schedule.cron(),
                run.dueAt());
    }

    /** What was under way when its control plane ended: how it went is not known. */
    public static int lost(Session session, Instant now) {
        return session.update(
                "UPDATE schedule_run SET outcome = ?, detail = ?, ended_at = ? WHERE outcome = ?"
                        + " AND (replica IS NULL OR replica NOT IN (SELECT id FROM replica))",
                Scheduler.LOST,
                "the control plane ended before the answer",
                now,
                Scheduler.RUNNING);
    }

    static int forget(Session session, Instant before) {
        return session.update("DELETE FROM schedule_run WHERE due_at < ?", before);
    }

    /** Runs of a function that were due before {@code before}, the latest first. */
    static List<ScheduleRun> runs(Session session, String account, String function, long before, int most) {
        return session.list(
                "SELECT * FROM schedule_run WHERE account = ? AND function = ? AND due_at < ? ORDER BY due_at DESC, cron LIMIT ?",
                ScheduleTable::run,
                account,
                function,
                before,
                most);
    }

    private static ScheduleRun run(Row row) {
        @Nullable Long version = row.numberOrNull("version");
        return new ScheduleRun(
                row.text("cron"),
                row.time("due_at"),
                row.textOrNull("node"),
                row.text("outcome"),
                version == null ? null : Math.toIntExact(version),
                row.textOrNull("detail"),
                row.timeOrNull("ended_at"));
    }
}
