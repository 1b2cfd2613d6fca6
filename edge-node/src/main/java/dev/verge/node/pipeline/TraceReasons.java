package dev.verge.node.pipeline;

import dev.verge.balancer.LatePool;
import dev.verge.balancer.PoolStatus.OriginStatus;
import dev.verge.balancer.options.OriginRole;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.decision.StoredResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Why the cache decides as it does, and why an origin is asked or not, in one line each. */
final class TraceReasons {
    private TraceReasons() {}

    /** With the section of the standard that says so. */
    static String of(CacheDecision decision) {
        return switch (decision) {
            case CacheDecision.ServeFresh hit ->
                "hit: " + stored(hit.stored()) + ", " + hit.ageSeconds() + " s old, fresh for " + hit.ttlSeconds()
                        + " s more (RFC 9111 §4.2)";
            case CacheDecision.ServeStale stale ->
                "hit, stale: " + stored(stale.stored()) + " past its lifetime for " + -stale.ttlSeconds() + " s"
                        + switch (stale.reason()) {
                            case WHILE_REVALIDATE ->
                                ", which stale-while-revalidate allows; fetched anew meanwhile (RFC 5861 §3)";
                            case IF_ERROR -> ", which stale-if-error allows (RFC 5861 §4)";
                            case MAX_STALE -> ", which the request's max-stale allows (RFC 9111 §5.2.1.2)";
                        };
            case CacheDecision.Revalidate ask ->
                "asked of the origin whether it still holds: " + stored(ask.stored()) + " " + doubt(ask.reason())
                        + " (RFC 9111 §4.3)";
            case CacheDecision.Fetch fetch ->
                switch (fetch.reason()) {
                    case URI_MISS -> "miss: nothing is stored under the key (RFC 9111 §4)";
                    case VARY_MISS ->
                        "miss: what is stored under the key is for other values of the fields in its Vary (RFC 9111 §4.1)";
                    default ->
                        "miss: what is stored has no validator and " + doubt(fetch.reason()) + " (RFC 9111 §4.3.1)";
                };
            case CacheDecision.Refuse() ->
                "504: the request says only-if-cached, and nothing stored may be used (RFC 9111 §5.2.1.7)";
            case CacheDecision.Bypass(var reason) ->
                switch (reason) {
                    case METHOD -> "passed by: only GET and HEAD are answered from here (RFC 9111 §3)";
                    default ->
                        "passed by: the rules, the policy or the request's form say so, or purges may be missing here";
                };
        };
    }

    private static String stored(StoredResponse response) {
        return "a stored " + response.status();
    }

    private static String doubt(ForwardReason reason) {
        return reason == ForwardReason.STALE
                ? "is past its lifetime or marked by a purge"
                : "is not what the request's Cache-Control asks for";
    }

    /** First the choice, then each origin. Balancing ends with the first of these groups that is not empty. */
    static List<String> of(@Nullable LatePool pool) {
        if (pool == null) {
            return List.of();
        }
        List<OriginStatus> all = pool.status().origins();
        List<OriginStatus> choice = firstOf(
                all,
                List.of(
                        origin -> origin.usable() && origin.role() == OriginRole.PRIMARY,
                        OriginStatus::usable,
                        origin -> !origin.down(),
                        _ -> pool.options().failOpen()));
        String method = pool.options().method().name().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> lines = new ArrayList<>();
        lines.add(
                choice.isEmpty()
                        ? "none: all are down by their health checks"
                        : method + " among " + choice.size() + " of " + all.size());
        all.forEach(origin -> lines.add(origin.url() + ": " + standing(origin, choice.contains(origin))));
        return lines;
    }

    private static List<OriginStatus> firstOf(List<OriginStatus> all, List<Predicate<OriginStatus>> groups) {
        for (Predicate<OriginStatus> group : groups) {
            List<OriginStatus> members = all.stream().filter(group).toList();
            if (!members.isEmpty()) {
                return members;
            }
        }
        return List.of();
    }

    private static String standing(OriginStatus origin, boolean chosenFrom) {
        String why = origin.down()
                ? "down" + (origin.probeFailure() == null ? "" : ", " + origin.probeFailure())
                : origin.ejected()
                        ? "ejected after failing requests"
                        : origin.role() == OriginRole.BACKUP ? "backup, usable" : "usable";
        return why + ", " + origin.requests() + " under way"
                + (origin.latencyMillis() > 0
                        ? String.format(Locale.ROOT, ", %.1f ms to its first byte", origin.latencyMillis())
                        : "")
                + (chosenFrom ? "" : "; not asked");
    }
}
