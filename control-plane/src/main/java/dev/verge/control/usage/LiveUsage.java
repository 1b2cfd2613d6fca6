package dev.verge.control.usage;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.server.Tails;
import dev.verge.sync.usage.UsageInterval;
import dev.verge.sync.usage.UsageKey;
import dev.verge.sync.usage.UsageRow;
import dev.verge.sync.usage.UsageSum;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells what is counted to those who watch an account's traffic, here and at peers: sums of the last half second, over the channel of live
 * runs, under a name that no function can have. Nothing is told while nobody watches. Safe for use from any thread.
 */
final class LiveUsage {
    /** No function's name has an {@code @}. */
    static final String CHANNEL = "@traffic";

    /** Rows of one message, so that it stays within {@link LiveRecord#MAX_JSON}. */
    private static final int ROWS_TOGETHER = 500;

    private static final int MOST_RUNS = 20_000;
    private static final TypeReference<List<UsageRow>> ROWS = new TypeReference<>() {};

    private final Tails tails;
    private final Object lock = new Object();
    private final Map<UsageKey, UsageSum> sums = new HashMap<>();

    /** The last interval told of each run of a node's process, so that one that is sent again is not told again. */
    private final Map<String, Long> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_RUNS;
        }
    };

    LiveUsage(Tails tails) {
        this.tails = tails;
    }

    void add(String node, String boot, List<UsageInterval> intervals) {
        String run = node + "/" + boot;
        synchronized (lock) {
            long last = told.getOrDefault(run, 0L);
            // Of a run that was not heard of before, what waited at the node is history, and only the newest is live.
            boolean fresh = last > 0;
            for (UsageInterval interval :
                    fresh ? intervals : intervals.subList(intervals.size() - 1, intervals.size())) {
                if (interval.sequence() > last) {
                    interval.rows().stream()
                            .filter(row -> tails.watches(row.account(), CHANNEL))
                            .forEach(row -> sums.computeIfAbsent(row.key(), key -> new UsageSum())
                                    .add(row));
                }
            }
            told.put(run, Math.max(last, intervals.getLast().sequence()));
        }
    }

    void flush() {
        Map<String, List<UsageRow>> byAccount = new HashMap<>();
        synchronized (lock) {
            sums.forEach((key, sum) -> byAccount
                    .computeIfAbsent(key.account(), account -> new ArrayList<>())
                    .add(sum.row(key)));
            sums.clear();
        }
        byAccount.forEach((account, rows) -> {
            for (int from = 0; from < rows.size(); from += ROWS_TOGETHER) {
                List<UsageRow> some = rows.subList(from, Math.min(rows.size(), from + ROWS_TOGETHER));
                tails.tell(new LiveRecord(account, CHANNEL, WireJson.text(some)));
            }
        });
    }

    /** The rows of a message. */
    static List<UsageRow> rows(String json) {
        return WireJson.read(json.getBytes(StandardCharsets.UTF_8), ROWS);
    }
}
