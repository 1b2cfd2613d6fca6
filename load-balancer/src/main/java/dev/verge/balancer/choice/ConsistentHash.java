package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/**
 * The same origin for the same key, unless it already has more than its share: consistent hashing with bounded loads (Mirrokni,
 * Thorup, Zadimoghaddam 2017). An origin takes at most 1.25 times its weighted share of the requests in flight, the new
 * one included; beyond that the key goes to the next best origin, which is the same one each time.
 */
final class ConsistentHash implements Selector {
    private static final double LOAD_FACTOR = 1.25;

    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        long key = Rendezvous.hash(traits.hashKey());
        long total = 1;
        for (int i = 0; i < candidates.size(); i++) {
            total += loads.inFlight(candidates.get(i).index());
        }
        Member best = candidates.get(0);
        Member bestWithRoom = null;
        double highest = Double.NEGATIVE_INFINITY;
        double highestWithRoom = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            Member member = candidates.get(i);
            double score = Rendezvous.score(member, key);
            if (score > highest) {
                highest = score;
                best = member;
            }
            double room = Math.ceil(LOAD_FACTOR * total * member.weight() / candidates.totalWeight());
            if (score > highestWithRoom && loads.inFlight(member.index()) < room) {
                highestWithRoom = score;
                bestWithRoom = member;
            }
        }
        // Counters move while they are read, so all may look full for a moment.
        return bestWithRoom == null ? best : bestWithRoom;
    }
}
