package dev.verge.balancer.choice;

import dev.verge.balancer.options.BalancingMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Chooses an origin by one method. Immutable; any number of threads may choose at once. */
public final class Balancer {
    private final Selector selector;

    public Balancer(BalancingMethod method) {
        this.selector = switch (method) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
            case RANDOM_TWO -> new RandomTwo();
            case PEAK_EWMA -> new PeakEwma();
            case IP_HASH -> new IpHash();
            case CONSISTENT_HASH -> new ConsistentHash();
        };
    }

    /**
     * Picks from the first tier that has a member left.
     *
     * @param preferred index that affinity asks for, -1 for none; taken when it is in that tier
     * @param excluded indexes that must not be picked, such as those tried already
     * @return index in the pool; empty when every member is excluded
     */
    public OptionalInt choose(
            Snapshot snapshot,
            Traits traits,
            Loads loads,
            int preferred,
            IntPredicate excluded,
            RandomGenerator random) {
        if (preferred >= 0 && snapshot.isEligible(preferred, excluded)) {
            return OptionalInt.of(preferred);
        }
        for (Snapshot.Tier tier : snapshot.tiers()) {
            Candidates candidates = remaining(tier, excluded);
            if (candidates != null) {
                return OptionalInt.of(
                        selector.select(candidates, traits, loads, random).index());
            }
        }
        return OptionalInt.empty();
    }

    private static @Nullable Candidates remaining(Snapshot.Tier tier, IntPredicate excluded) {
        int left = 0;
        for (Member member : tier.members()) {
            if (!excluded.test(member.index())) {
                left++;
            }
        }
        if (left == tier.members().size()) {
            return tier.candidates();
        }
        if (left == 0) {
            return null;
        }
        List<Member> members = new ArrayList<>(left);
        for (Member member : tier.members()) {
            if (!excluded.test(member.index())) {
                members.add(member);
            }
        }
        return new Candidates(members);
    }
}
