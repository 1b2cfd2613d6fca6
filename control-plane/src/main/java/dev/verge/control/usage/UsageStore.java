package dev.verge.control.usage;

import dev.verge.control.access.AccountTable;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.UsageGap;
import dev.verge.control.store.Session;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import dev.verge.sync.wire.Frame;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    private static final Pattern NAME = Pattern.compile(Names.NAME);

    private final Session session;
    private final Instant now;
    private final Map<UsageTable.Minute, UsageSum> minutes = new HashMap<>();

    /** The runs of each node's process, by name; changed ones are written at the end, all at once. */
    private final Map<String, Map<String, UsageTable.Run>> runs = new HashMap<>();

    private final Set<UsageTable.Run> changed = new LinkedHashSet<>();

    /** @param nodes those whose intervals will come */
    UsageStore(Session session, Collection<String> nodes, Instant now) {
        this.session = session;
        this.now = now;
        UsageTable.runs(session, nodes)
                .forEach(run -> runs.computeIfAbsent(run.node(), node -> new HashMap<>())
                        .put(run.boot(), run));
    }

    /** Takes intervals of a run, in order; false when others that the node sent before them are missing. */
    boolean take(String node, Frame.Usage usage) {
        String boot = usage.boot();
        List<UsageInterval> intervals = usage.intervals();
        Map<String, UsageTable.Run> ofNode = runs.computeIfAbsent(node, name -> new HashMap<>());
        Optional<UsageTable.Run> known = Optional.ofNullable(ofNode.get(boot));
        if (usage.previous() > known.map(UsageTable.Run::sequence).orElse(0L)) {
            return false;
        }
        UsageInterval first = intervals.getFirst();
        if (known.isEmpty()) {
            // A process that did not say its last word before another one began was killed; one that still speaks takes
            // it back.
            ofNode.values().stream()
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
        changed.remove(before);
        changed.add(run);
        ofNode.put(boot, run);
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
            if (!NAME.matcher(row.account()).matches()
                    || !NAME.matcher(row.name()).matches()) {
                continue; // No account, site or function is called so: a node that says it is mistaken.
            }
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

    /** Writes all that was taken; answers the sums without their minutes. */
    Map<UsageKey, UsageSum> write() {
        UsageTable.keep(session, List.copyOf(changed), now);
        Map<UsageKey, UsageSum> all = new HashMap<>();
        Map<String, Boolean> accounts = new HashMap<>();
        minutes.forEach((minute, sum) -> {
            // What a node counted for an account that is gone must not await the next one of that name.
            if (!accounts.computeIfAbsent(minute.key().account(), account -> AccountTable.exists(session, account))) {
                return;
            }
            UsageTable.add(session, minute, sum);
            all.computeIfAbsent(minute.key(), key -> new UsageSum()).add(sum);
        });
        return all;
    }
}
