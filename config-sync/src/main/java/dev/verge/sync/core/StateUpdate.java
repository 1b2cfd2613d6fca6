package dev.verge.sync.core;

import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One atomic change of a node's stored state.
 *
 * @param position the new position
 * @param replaceAll drop every stored entry but those of {@code keep} first
 * @param keep keys that survive {@code replaceAll}
 * @param entries entries to store, and tombstones for those to remove
 * @param refused all keys whose newest value is refused
 */
public record StateUpdate(
        Position position, boolean replaceAll, Set<String> keep, List<LogEntry> entries, Map<String, Refusal> refused) {

    public StateUpdate {
        keep = Set.copyOf(keep);
        entries = List.copyOf(entries);
        refused = Map.copyOf(refused);
    }
}
