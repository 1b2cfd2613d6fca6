package dev.verge.control.usage;

import dev.verge.control.resource.UsageGap;
import dev.verge.control.store.Session;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import dev.verge.sync.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes intervals within one transaction. Each run of a node's process has a row with the last number taken: what is not above it was
 * counted before, and what is missing below a new one never comes.
 */
final class UsageStore {
    static final String KILLED = "killed";
    static final String DROPPED = "dropped";

    /** A node's clock that is further ahead than this is not believed. */
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private static final long MILLIS_IN_MINUTE = 60_000;

    private final Session session;
    private final Instant now;
    private final Map<UsageTable.Minute, UsageSum> minutes = new HashMap<>();

    UsageStore(Session session, Instant now) {
        this.session = session;
        this.now = now;
    }

    /** Takes intervals of a run, in order; false when others that the node sent before them are missing. */
    boolean take(String node, Frame.Usage usage) {
        String boot = usage.boot();
        List<UsageInterval> intervals = usage.intervals();
        List<UsageTable.Run> runs = UsageTable.runs(session, node);
        Optional<UsageTable.Run> known =
                runs.stream().filter(run -> run.boot().equals(boot)).findFirst();
        if (usage.previous() > known.map(UsageTable.Run::sequence).orElse(0L)) {
            return false;
        }
        UsageInterval first = intervals.getFirst();
        if (known.isEmpty()) {
            // A process that did not say its last word before another one began was killed; one that still speaks takes
            // it back.
            runs.stream()
                    .filter(run -> !run.closed())
                    .forEach(run -> gap(node, run.boot(), run.endedMillis(), first.startMillis(), KILLED, 0));
        }
        UsageTable.Run run =
                known.orElseGet(() -> new UsageTable.Run(node, boot, 0, timely(first.startMillis()), false));
        UsageTable.Run before = run;
        for (UsageInterval interval : intervals) {
            if (interval.sequence() > run.sequence()) {
                run = counted(run, interval);
            }
        }
        if (run.closed() && !before.closed()) {
            UsageTable.noGap(session, node, boot, KILLED);
        }
        UsageTable.keep(session, run, now);
        return true;
    }

    private UsageTable.Run counted(UsageTable.Run run, UsageInterval interval) {
        long missing = interval.sequence() - run.sequence() - 1;
        long start = timely(interval.startMillis());
        if (missing > 0) {
            gap(run.node(), run.boot(), run.endedMillis(), start, DROPPED, missing);
        }
        long minute = Math.floorDiv(start, MILLIS_IN_MINUTE);
        for (UsageRow row : interval.rows()) {
            minutes.computeIfAbsent(new UsageTable.Minute(row.key(), minute), key -> new UsageSum())
                    .add(row);
        }
        return new UsageTable.Run(
                run.node(), run.boot(), interval.sequence(), start + interval.millis(), interval.last());
    }

    private long timely(long millis) {
        return Math.min(millis, now.plus(AHEAD).toEpochMilli());
    }

    private void gap(String node, String boot, long from, long to, String reason, long intervals) {
        UsageTable.gap(
                session,
                boot,
                new UsageGap(
                        node, Instant.ofEpochMilli(from), Instant.ofEpochMilli(Math.max(from, to)), reason, intervals));
    }

    /** Writes the sums of all that was taken; answers them without their minutes. */
    Map<UsageKey, UsageSum> write() {
        Map<UsageKey, UsageSum> all = new HashMap<>();
        minutes.forEach((minute, sum) -> {
            UsageTable.add(session, minute, sum);
            all.computeIfAbsent(minute.key(), key -> new UsageSum()).add(sum);
        });
        return all;
    }
}
