package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/**
 * The fewest requests in flight for its weight. Among equals the draw is by weight, so that an idle pool does not send everything
 * to its first origin.
 */
final class LeastRequests implements Selector {
    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        Member best = candidates.get(0);
        double least = Double.POSITIVE_INFINITY;
        double equals = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Member member = candidates.get(i);
            double load = loads.inFlight(member.index()) / member.weight();
            if (load < least) {
                least = load;
                equals = member.weight();
                best = member;
            } else if (load == least) {
                equals += member.weight();
                if (random.nextDouble() * equals < member.weight()) {
                    best = member;
                }
            }
        }
        return best;
    }
}
