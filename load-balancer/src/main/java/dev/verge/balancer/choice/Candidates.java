package dev.verge.balancer.choice;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The members that one choice may pick from, prepared for drawing by weight. Immutable. */
final class Candidates {
    private final Member[] members;
    private final double[] cumulative;
    /** Made when first asked for: only round-robin does. A lost race makes an equal one. */
    private volatile @Nullable RoundRobinCycle cycle;

    Candidates(List<Member> members) {
        this.members = members.toArray(Member[]::new);
        this.cumulative = new double[this.members.length];
        double sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += this.members[i].weight();
            cumulative[i] = sum;
        }
    }

    int size() {
        return members.length;
    }

    Member get(int i) {
        return members[i];
    }

    double totalWeight() {
        return cumulative[cumulative.length - 1];
    }

    RoundRobinCycle cycle() {
        RoundRobinCycle made = cycle;
        if (made == null) {
            made = new RoundRobinCycle(List.of(members));
            cycle = made;
        }
        return made;
    }

    /** Draws a position, each with a chance proportional to its weight. */
    int draw(RandomGenerator random) {
        return position(random.nextDouble() * totalWeight());
    }

    /** Draws two different positions by weight, the second among the others; there are at least two members. */
    int drawOther(int first, RandomGenerator random) {
        double before = first == 0 ? 0 : cumulative[first - 1];
        double point = random.nextDouble() * (totalWeight() - members[first].weight());
        int other = position(point < before ? point : point + members[first].weight());
        // Rounding at the edge of the skipped range can land on it.
        return other != first ? other : first == 0 ? 1 : first - 1;
    }

    private int position(double point) {
        int found = Arrays.binarySearch(cumulative, point);
        return Math.min(found >= 0 ? found + 1 : -found - 1, members.length - 1);
    }
}
