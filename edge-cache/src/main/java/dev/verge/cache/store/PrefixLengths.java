package dev.verge.cache.store;

import dev.verge.cache.store.PurgeMark.Kind;
import dev.verge.cache.store.PurgeMarks.Target;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lengths of the prefixes of a scope and host: a path is cut to each of them and looked up. Their number is bounded; a prefix of one
 * length too many becomes a shorter one, which strikes too much but never too little. Read by any thread; changed under the lock of
 * the marks.
 */
final class PrefixLengths {
    /** Each is a hash lookup for every entry that is compared. */
    static final int MAX_LENGTHS = 128;

    private static final int[] NONE = {};

    private final Map<String, int[]> sorted = new ConcurrentHashMap<>();

    /** In rising order; not to be changed. */
    int[] lengths(String scope, String host) {
        return sorted.getOrDefault(group(scope, host), NONE);
    }

    /** The same, or a wider one when it is a prefix of one length too many. */
    Target bounded(Target target) {
        int[] lengths = target.kind() == Kind.PREFIX ? lengths(target.scope(), target.host()) : NONE;
        int place = Arrays.binarySearch(lengths, target.value().length());
        if (lengths.length < MAX_LENGTHS || place >= 0) {
            return target;
        }
        int shorter = -place - 2;
        if (shorter >= 0) {
            String cut = target.value().substring(0, lengths[shorter]);
            return new Target(Kind.PREFIX, target.scope(), target.host(), cut);
        }
        Kind all = target.host().equals(PurgeMark.EVERY_HOST) ? Kind.EVERYTHING : Kind.HOST;
        return new Target(all, target.scope(), target.host(), "");
    }

    void add(Target target) {
        sorted.merge(
                group(target.scope(), target.host()), new int[] {target.value().length()}, PrefixLengths::united);
    }

    /** Forgets lengths that no mark has any more. */
    void rebuild(Collection<Target> marks) {
        Map<String, int[]> rebuilt = new HashMap<>();
        for (Target target : marks) {
            if (target.kind() == Kind.PREFIX) {
                rebuilt.merge(
                        group(target.scope(), target.host()),
                        new int[] {target.value().length()},
                        PrefixLengths::united);
            }
        }
        sorted.putAll(rebuilt);
        sorted.keySet().retainAll(rebuilt.keySet());
    }

    private static int[] united(int[] many, int[] one) {
        int place = Arrays.binarySearch(many, one[0]);
        if (place >= 0) {
            return many;
        }
        int[] all = Arrays.copyOf(many, many.length + 1);
        System.arraycopy(many, -place - 1, all, -place, many.length + place + 1);
        all[-place - 1] = one[0];
        return all;
    }

    private static String group(String scope, String host) {
        return scope.length() + ":" + scope + host;
    }
}
