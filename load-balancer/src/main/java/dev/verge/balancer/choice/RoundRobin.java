package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/** Each in turn by weight. */
final class RoundRobin implements Selector {
    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        return candidates.get(candidates.cycle().at(traits.ticket()));
    }
}
