package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/** One balancing method. Implementations are stateless and pure. */
interface Selector {

    /** Picks one of the members; there is at least one. */
    Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random);
}
