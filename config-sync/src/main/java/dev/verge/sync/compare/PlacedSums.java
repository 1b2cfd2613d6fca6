package dev.verge.sync.compare;

import dev.verge.sync.document.Placement;
import dev.verge.sync.log.LogEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What a whole log's state comes to, for each set of nodes that entries are for. Not thread-safe. */
public final class PlacedSums {
    /** Different placements that are told apart, 2 KB for each: their owners may make any number of them. */
    static final int MOST = 1_024;

    private final Map<Placement, StateSums> placed = new HashMap<>();
    /** The parts of entries with other placements, which are not compared. */
    private final StateSums beyond = new StateSums();

    /** Takes an entry that has a value. */
    public void add(LogEntry entry) {
        StateSums sums = placed.get(entry.placement());
        if (sums == null && placed.size() >= MOST) {
            beyond.leaveOut(entry.key());
            return;
        }
        if (sums == null) {
            sums = new StateSums();
            placed.put(entry.placement(), sums);
        }
        sums.add(entry);
    }

    /** What the state of a node comes to. */
    public StateSums of(Predicate<Placement> serves) {
        StateSums sums = new StateSums();
        sums.add(beyond);
        placed.forEach((placement, part) -> {
            if (serves.test(placement)) {
                sums.add(part);
            }
        });
        return sums;
    }
}
