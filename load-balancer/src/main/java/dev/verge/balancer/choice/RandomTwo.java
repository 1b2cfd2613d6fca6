package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/** Of two drawn by weight, the one with fewer requests in flight for its weight; the first drawn among equals. */
final class RandomTwo implements Selector {
    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        int first = candidates.draw(random);
        Member one = candidates.get(first);
        if (candidates.size() == 1) {
            return one;
        }
        Member two = candidates.get(candidates.drawOther(first, random));
        return load(two, loads) < load(one, loads) ? two : one;
    }

    private static double load(Member member, Loads loads) {
        return loads.inFlight(member.index()) / member.weight();
    }
}
