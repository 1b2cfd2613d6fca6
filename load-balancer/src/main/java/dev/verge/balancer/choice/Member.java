package dev.verge.balancer.choice;

/**
 * One origin as the methods see it.
 *
 * @param index its place in the pool; what a choice returns
 * @param id stable identity, the base of hashing
 * @param weight effective weight, slow start included; above 0
 */
public record Member(int index, String id, double weight) {
    public Member {
        if (!(weight > 0)) {
            throw new IllegalArgumentException("weight: " + weight + " is not above 0");
        }
    }
}
