package dev.verge.sync.compare;

import dev.verge.sync.document.Placement;
import dev.verge.sync.log.LogEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** What a whole log's state comes to, for each set of nodes that entries are for. Not thread-safe. */
public final class PlacedSums {
    private final Map<Placement, StateSums> placed = new HashMap<>();

    /** Takes an entry that has a value. */
    public void add(LogEntry entry) {
        placed.computeIfAbsent(entry.placement(), placement -> new StateSums()).add(entry);
    }

    /** What the state of a node comes to. */
    public StateSums of(Predicate<Placement> serves) {
        StateSums sums = new StateSums();
        placed.forEach((placement, part) -> {
            if (serves.test(placement)) {
                sums.add(part);
            }
        });
        return sums;
    }
}
