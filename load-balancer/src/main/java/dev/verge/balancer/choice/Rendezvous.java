package dev.verge.balancer.choice;

import java.nio.charset.StandardCharsets;

/**
 * Weighted rendezvous hashing: each member gets a score from its own identity and the key, the highest wins. Removing a member
 * moves only the keys it had; a changed weight moves only the difference. It costs one multiplication round and a
 * logarithm a member, needs no table to rebuild when health changes, and at the sizes of a pool (256 at most) stays below the
 * cost of parsing the request.
 */
final class Rendezvous {
    private Rendezvous() {}

    /** Score of a member for a key's hash; comparable between members. */
    static double score(Member member, long keyHash) {
        long mixed = mix(keyHash ^ hash(member.id()));
        double unit = ((mixed >>> 11) + 0.5) * 0x1.0p-53;
        // Strict, so that all nodes agree to the last bit.
        return -member.weight() / StrictMath.log(unit);
    }

    /** FNV-1a over UTF-8, mixed at the end. */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finaliser of SplitMix64: every input bit reaches every output bit. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
