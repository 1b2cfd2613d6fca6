package dev.verge.load.jmh.traces;

import java.util.LinkedHashMap;

/** Evicts what was not asked for the longest. Takes in everything that fits at all. */
final class Lru implements Policy {
    private final long bound;
    private final long[] weights;
    private final LinkedHashMap<Integer, Boolean> oldestFirst = new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    Lru(long bound, long[] weights) {
        this.bound = bound;
        this.weights = weights;
    }

    @Override
    public boolean access(int object) {
        if (oldestFirst.get(object) != null) {
            return true;
        }
        if (weights[object] <= bound) {
            oldestFirst.put(object, true);
            held += weights[object];
            while (held > bound) {
                int victim = oldestFirst.pollFirstEntry().getKey();
                held -= weights[victim];
            }
        }
        return false;
    }
}
