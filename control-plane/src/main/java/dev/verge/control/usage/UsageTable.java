package dev.verge.control.usage;

import dev.verge.control.resource.UsageGap;
import dev.verge.control.store.Row;
import dev.verge.control.store.Session;
import dev.verge.sync.usage.Latencies;
import dev.verge.sync.usage.UsageField;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageSum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of usage: sums by minute, how far each run of a node's process was taken, and what is missing. */
final class UsageTable {
    private static final int TOGETHER = 100;
    private static final String TOOK = "took_";
    private static final List<String> COLUMNS = Stream.concat(
                    Arrays.stream(UsageField.values()).map(UsageTable::column),
                    IntStream.range(0, Latencies.BUCKETS).mapToObj(i -> TOOK + i))
            .toList();

    private static final String ADD = "INSERT INTO usage_minute (account, kind, name, version, minute, "
            + String.join(", ", COLUMNS) + ") VALUES (?, ?, ?, ?, ?" + ", ?".repeat(COLUMNS.size())
            + ") ON CONFLICT (account, kind, name, version, minute) DO UPDATE SET "
            + COLUMNS.stream()
                    .map(column -> column + " = usage_minute." + column + " + excluded." + column)
                    .collect(Collectors.joining(", "));

    private static final String SUMS = COLUMNS.stream()
            .map(column -> "CAST(SUM(" + column + ") AS BIGINT) AS " + column)
            .collect(Collectors.joining(", "));

    private UsageTable() {}

    /** What was counted, in which minute since 1970 UTC. */
    record Minute(UsageKey key, long minute) {}

    /**
     * How far a run of a node's process was taken.
     *
     * @param endedMillis end of its last interval, by the node's clock
     */
    record Run(String node, String boot, long sequence, long endedMillis, boolean closed) {}

    /**
     * What is asked for.
     *
     * @param name of the site or function; null: all of the account
     * @param fromMinute since 1970 UTC
     * @param toMinute exclusive
     * @param stepMinutes how many minutes are added up
     * @param apart whether names and versions stand for themselves, or all of a kind are added up
     */
    record Question(
            String account,
            UsageKey.Kind kind,
            @Nullable String name,
            long fromMinute,
            long toMinute,
            long stepMinutes,
            boolean apart) {}

    /** A sum with where its step begins, in minutes since 1970 UTC. */
    record Line(UsageKey key, long minute, UsageSum sum) {}

    static void add(Session session, Minute minute, UsageSum sum) {
        UsageKey key = minute.key();
        List<Object> parameters =
                new ArrayList<>(List.of(key.account(), word(key.kind()), key.name(), key.version(), minute.minute()));
        for (UsageField field : UsageField.values()) {
            parameters.add(sum.get(field));
        }
        parameters.addAll(sum.latencies());
        session.update(ADD, parameters.toArray());
    }

    static List<Line> lines(Session session, Question asked, int most) {
        List<Object> parameters = new ArrayList<>(List.of(
                asked.fromMinute(),
                asked.fromMinute(),
                asked.stepMinutes(),
                asked.stepMinutes(),
                asked.account(),
                word(asked.kind()),
                asked.fromMinute(),
                asked.toMinute()));
        if (asked.name() != null) {
            parameters.add(asked.name());
        }
        parameters.add(most);
        String named = asked.apart() ? "name, version" : "'' AS name, 0 AS version";
        return session.list(
                // The step is computed in an inner query: PostgreSQL takes a parameter in SELECT and GROUP BY for two.
                "SELECT " + named + ", step, " + SUMS + " FROM (SELECT u.*, ? + (u.minute - ?) / ? * ? AS step FROM"
                        + " usage_minute u WHERE u.account = ? AND u.kind = ? AND u.minute >= ? AND u.minute < ?"
                        + (asked.name() == null ? "" : " AND u.name = ?") + ") stepped GROUP BY "
                        + (asked.apart() ? "step, name, version ORDER BY step, name, version" : "step ORDER BY step")
                        + " LIMIT ?",
                row -> new Line(
                        new UsageKey(asked.kind(), asked.account(), row.text("name"), row.integer("version")),
                        row.number("step"),
                        sum(row)),
                parameters.toArray());
    }

    private static UsageSum sum(Row row) {
        UsageSum sum = new UsageSum();
        for (UsageField field : UsageField.values()) {
            sum.add(field, row.number(column(field)));
        }
        for (int i = 0; i < Latencies.BUCKETS; i++) {
            sum.took(i, row.number(TOOK + i));
        }
        return sum;
    }

    static List<Run> runs(Session session, Collection<String> nodes) {
        List<Run> runs = new ArrayList<>();
        for (List<String> some : slices(List.copyOf(nodes))) {
            runs.addAll(session.list(
                    "SELECT * FROM usage_run WHERE node IN (?" + ", ?".repeat(some.size() - 1) + ")",
                    row -> new Run(
                            row.text("node"),
                            row.text("boot"),
                            row.number("sequence"),
                            row.number("ended_at"),
                            row.flag("closed")),
                    some.toArray()));
        }
        return runs;
    }

    static void keep(Session session, List<Run> runs, Instant now) {
        for (List<Run> some : slices(runs)) {
            List<Object> parameters = new ArrayList<>();
            for (Run run : some) {
                parameters.addAll(
                        List.of(run.node(), run.boot(), run.sequence(), run.endedMillis(), now, run.closed() ? 1 : 0));
            }
            session.update(
                    "INSERT INTO usage_run (node, boot, sequence, ended_at, taken_at, closed) VALUES (?, ?, ?, ?, ?, ?)"
                            + ", (?, ?, ?, ?, ?, ?)".repeat(some.size() - 1)
                            + " ON CONFLICT (node, boot) DO UPDATE SET sequence = excluded.sequence,"
                            + " ended_at = excluded.ended_at, taken_at = excluded.taken_at, closed = excluded.closed",
                    parameters.toArray());
        }
    }

    /** With thousands of nodes a statement for each would be most of the work. */
    private static <T> List<List<T>> slices(List<T> all) {
        List<List<T>> slices = new ArrayList<>();
        for (int from = 0; from < all.size(); from += TOGETHER) {
            slices.add(all.subList(from, Math.min(all.size(), from + TOGETHER)));
        }
        return slices;
    }

    static void gap(Session session, String boot, UsageGap gap) {
        session.update(
                "INSERT INTO usage_gap (node, boot, reason, from_at, to_at, intervals) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (node, boot, reason, from_at) DO NOTHING",
                gap.node(),
                boot,
                gap.reason(),
                gap.from(),
                gap.to(),
                gap.intervals());
    }

    static void noGap(Session session, String node, String boot, String reason) {
        session.update("DELETE FROM usage_gap WHERE node = ? AND boot = ? AND reason = ?", node, boot, reason);
    }

    static List<UsageGap> gaps(Session session, Instant from, Instant to, int most) {
        return session.list(
                "SELECT * FROM usage_gap WHERE to_at >= ? AND from_at < ? ORDER BY from_at, node LIMIT ?",
                row -> new UsageGap(
                        row.text("node"),
                        row.time("from_at"),
                        row.time("to_at"),
                        row.text("reason"),
                        row.number("intervals")),
                from,
                to,
                most);
    }

    /** Forgets minutes and gaps before a time, some at a time; answers how many minutes went. */
    static int forget(Session session, Instant before, long mostMinutes) {
        long minute = Math.floorDiv(before.toEpochMilli(), 60_000L);
        long oldest = session.number("SELECT COALESCE(MIN(minute), ?) AS n FROM usage_minute", minute);
        session.update("DELETE FROM usage_gap WHERE to_at < ?", before);
        session.update("DELETE FROM usage_run WHERE taken_at < ?", before);
        return session.update("DELETE FROM usage_minute WHERE minute < ?", Math.min(minute, oldest + mostMinutes));
    }

    private static String column(UsageField field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    private static String word(UsageKey.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
