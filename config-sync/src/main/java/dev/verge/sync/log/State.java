package dev.verge.sync.log;

import java.util.List;
import java.util.Map;

/**
 * What a node knows: its position in the log and the last good entry of each retained key.
 *
 * @param position up to where the log has been taken in
 * @param entries no tombstones, each key once, sorted by key; purges are events and are not retained
 * @param refused keys whose newest value was refused
 */
public record State(Position position, List<LogEntry> entries, Map<String, Refusal> refused) {

    public State {
        entries = List.copyOf(entries);
        refused = Map.copyOf(refused);
    }

    /** Nothing known yet. */
    public static State empty() {
        return new State(Position.START, List.of(), Map.of());
    }
}
