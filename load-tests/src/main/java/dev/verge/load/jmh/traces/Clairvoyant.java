package dev.verge.load.jmh.traces;

import java.util.Comparator;
import java.util.TreeSet;

/**
 * Knows the future: evicts what is asked for again the latest, the object just asked for included (Belady). The optimum when all
 * weigh the same; with different weights the true optimum is out of reach to compute, and this is near it, not above it.
 */
final class Clairvoyant implements Policy {
    private final long bound;
    private final long[] weights;
    private final int[] nextAccess;
    private final int[] nextOf;
    private final boolean[] present;
    private final TreeSet<Integer> soonestFirst;
    private long held;
    private int place;

    Clairvoyant(long bound, long[] weights, int[] nextAccess) {
        this.bound = bound;
        this.weights = weights;
        this.nextAccess = nextAccess;
        this.nextOf = new int[weights.length];
        this.present = new boolean[weights.length];
        this.soonestFirst = new TreeSet<>(
                Comparator.<Integer>comparingInt(object -> nextOf[object]).thenComparing(Comparator.naturalOrder()));
    }

    @Override
    public boolean access(int object) {
        int next = nextAccess[place++];
        boolean hit = present[object];
        if (hit) {
            soonestFirst.remove(object);
        } else {
            present[object] = true;
            held += weights[object];
        }
        nextOf[object] = next;
        soonestFirst.add(object);
        while (held > bound) {
            int victim = soonestFirst.removeLast();
            present[victim] = false;
            held -= weights[victim];
        }
        return hit;
    }
}
