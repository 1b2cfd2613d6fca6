package dev.verge.balancer.choice;

import java.util.Arrays;
import java.util.List;

/**
 * The order of a smooth weighted round-robin, worked out once: at each step every member gains its weight, the richest is
 * picked and pays the sum of all. Weights 5,1,1 give a a b a c a a rather than five a in a row. A picked position depends only on a
 * running number, so that many threads can share a cycle without sharing state.
 */
final class RoundRobinCycle {
    /** Longest cycle kept; beyond it weights are scaled down, which costs precision and not memory. */
    private static final int MAX_STEPS = 4096;

    private final short[] order;

    RoundRobinCycle(List<Member> members) {
        int[] weights = integerWeights(members);
        int total = Arrays.stream(weights).sum();
        this.order = new short[total];
        int[] credit = new int[weights.length];
        for (int step = 0; step < total; step++) {
            int richest = 0;
            for (int i = 0; i < weights.length; i++) {
                credit[i] += weights[i];
                if (credit[i] > credit[richest]) {
                    richest = i;
                }
            }
            credit[richest] -= total;
            order[step] = (short) richest;
        }
    }

    /** Position of the member for this running number. */
    int at(long ticket) {
        return order[(int) Math.floorMod(ticket, (long) order.length)];
    }

    private static int[] integerWeights(List<Member> members) {
        double[] weights = members.stream().mapToDouble(Member::weight).toArray();
        boolean whole = Arrays.stream(weights).allMatch(w -> w == Math.rint(w));
        double sum = Arrays.stream(weights).sum();
        if (whole) {
            int divisor = (int) Arrays.stream(weights).reduce(0, RoundRobinCycle::greatestCommonDivisor);
            if (sum / divisor <= MAX_STEPS) {
                return Arrays.stream(weights).mapToInt(w -> (int) w / divisor).toArray();
            }
        }
        double scale = (MAX_STEPS - weights.length) / sum;
        return Arrays.stream(weights)
                .mapToInt(w -> (int) Math.max(1, Math.round(w * scale)))
                .toArray();
    }

    private static double greatestCommonDivisor(double a, double b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
