package dev.verge.control.resource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as the operator sees it.
 *
 * @param node its name
 * @param groups the groups of its token
 * @param connected whether it has a stream open now
 * @param since when it connected, or was last seen; null when it never was
 * @param software the version it runs; empty before its first contact
 * @param revision the log position it has answered for
 * @param behind how many commits it has yet to answer for
 * @param refused what it refused and why, by log key
 * @param drain whether it was ordered to drain
 * @param region where it is; null: nowhere in particular
 * @param comparison what came of comparing its stored state with the log; null before the first time
 * @param load how busy it is; null when it has told nothing for half a minute
 */
public record NodeView(
        String node,
        List<String> groups,
        boolean connected,
        @Nullable Instant since,
        String software,
        long revision,
        long behind,
        Map<String, String> refused,
        boolean drain,
        @Nullable String region,
        @Nullable NodeComparison comparison,
        @Nullable LoadPoint load) {}
