package dev.verge.balancer.choice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The origins of a pool in the order in which they may serve: tiers, the best first. An origin of a later tier is picked only when
 * no origin of an earlier one may be. Immutable, and rebuilt only when health or weights change.
 */
public final class Snapshot {
    private final List<Tier> tiers;

    private Snapshot(List<Tier> tiers) {
        this.tiers = List.copyOf(tiers);
    }

    /** Groups of members, the best group first; empty groups are left out. */
    public static Snapshot of(List<List<Member>> groups) {
        List<Tier> tiers = new ArrayList<>();
        for (List<Member> group : groups) {
            if (!group.isEmpty()) {
                tiers.add(new Tier(List.copyOf(group), new Candidates(group)));
            }
        }
        return new Snapshot(tiers);
    }

    /** Whether no origin may be picked at all. */
    public boolean isEmpty() {
        return tiers.isEmpty();
    }

    /** How many members the given predicate (on the index in the pool) does not exclude. */
    public int count(IntPredicate excluded) {
        int count = 0;
        for (Tier tier : tiers) {
            for (Member member : tier.members()) {
                if (!excluded.test(member.index())) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Whether this member is in the first tier that still has a member which is not excluded. */
    boolean isEligible(int index, IntPredicate excluded) {
        for (Tier tier : tiers) {
            boolean any = false;
            for (Member member : tier.members()) {
                if (!excluded.test(member.index())) {
                    if (member.index() == index) {
                        return true;
                    }
                    any = true;
                }
            }
            if (any) {
                return false;
            }
        }
        return false;
    }

    List<Tier> tiers() {
        return tiers;
    }

    record Tier(List<Member> members, Candidates candidates) {}
}
