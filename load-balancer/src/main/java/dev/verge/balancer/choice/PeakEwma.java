package dev.verge.balancer.choice;

import java.util.random.RandomGenerator;

/**
 * Of two drawn by weight, the one whose expected wait is shorter: average latency times the requests in flight, the new one
 * included. An origin without a known latency is preferred while idle, so that it gets measured, and avoided once it has a
 * request without an answer.
 */
final class PeakEwma implements Selector {
    /** Stands for the latency of an origin that has not answered yet: 1 s. */
    private static final double UNKNOWN_NANOS = 1e9;

    @Override
    public Member select(Candidates candidates, Traits traits, Loads loads, RandomGenerator random) {
        int first = candidates.draw(random);
        Member one = candidates.get(first);
        if (candidates.size() == 1) {
            return one;
        }
        Member two = candidates.get(candidates.drawOther(first, random));
        return cost(two, loads) < cost(one, loads) ? two : one;
    }

    private static double cost(Member member, Loads loads) {
        int inFlight = loads.inFlight(member.index());
        double latency = loads.latencyNanos(member.index());
        if (latency <= 0) {
            return inFlight == 0 ? 0 : UNKNOWN_NANOS * inFlight;
        }
        return latency * (inFlight + 1) / member.weight();
    }
}
