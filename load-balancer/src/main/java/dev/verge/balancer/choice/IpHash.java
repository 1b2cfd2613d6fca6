package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/** The same origin for the same client address, whatever its load. */
final class IpHash implements Selector {
    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        long key = Rendezvous.hash(traits.clientIp());
        Member best = candidates.get(0);
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            double score = Rendezvous.score(candidates.get(i), key);
            if (score > highest) {
                highest = score;
                best = candidates.get(i);
            }
        }
        return best;
    }
}
