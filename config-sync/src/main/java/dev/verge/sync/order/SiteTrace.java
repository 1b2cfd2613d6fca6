package dev.verge.sync.order;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node would do with a request: the answer to a {@link TraceOrder}.
 *
 * @param version of the site's document that the node serves
 * @param host canonical
 * @param rules each rule of each phase, in order
 * @param ending {@code pass} (on to cache and pool), {@code run}, {@code redirect}, {@code respond} or {@code deny}
 * @param status of an ending that answers; else the one that the response is taken to have
 * @param location of a redirect
 * @param function that runs, by the name that the rules use; null: none
 * @param atMiss whether it runs on a cache miss only, in place of the origin
 * @param pool that gets the request on a miss; null when nothing goes to one
 * @param originTarget path and query that an origin is asked for, after rewriting; null when nothing goes to one
 * @param requestHeaders changes of the request's fields, one a line
 * @param responseHeaders changes of the response's fields, one a line
 * @param rateLimits that are looked at first, one a line; the trace takes nothing from them
 * @param bypassCache whether the cache is neither asked nor filled
 * @param cache the policy, site and rules together; null when the cache has no part
 * @param key under which the response is stored; null when the cache has no part
 * @param decision what the node's cache makes of it at this moment, with the section of the standard that says so; null when the cache has no
 *     part
 * @param origins how an origin would be chosen and how each of the pool stands at the node, one a line; empty when nothing goes to one
 */
public record SiteTrace(
        @JsonPropertyDescription("Site.") String site,
        @JsonPropertyDescription("Version of its document.") int version,
        @JsonPropertyDescription("Method.") String method,
        @JsonPropertyDescription("Scheme.") String scheme,
        @JsonPropertyDescription("Canonical host.") String host,
        @JsonPropertyDescription("Path and query.") String target,
        @JsonPropertyDescription("Rules.") List<RuleStep> rules,

        @JsonPropertyDescription("How the request phase ends.")
        String ending,

        @JsonPropertyDescription("Status.") int status,

        @JsonPropertyDescription("Where a redirect goes.") @Nullable
        String location,

        @JsonPropertyDescription("Function that runs.") @Nullable
        String function,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Only on a miss.")
        boolean atMiss,

        @JsonPropertyDescription("Pool.") @Nullable String pool,

        @JsonPropertyDescription("What an origin is asked for.") @Nullable
        String originTarget,

        @JsonPropertyDescription("Changes of request fields.")
        List<String> requestHeaders,

        @JsonPropertyDescription("Changes of response fields.")
        List<String> responseHeaders,

        @JsonPropertyDescription("Rate limits.") List<String> rateLimits,

        @JsonProperty(defaultValue = "false") @JsonPropertyDescription("Whether the cache is passed by.")
        boolean bypassCache,

        @JsonPropertyDescription("Cache policy.") @Nullable JsonNode cache,
        @JsonPropertyDescription("Cache key.") @Nullable String key,

        @JsonPropertyDescription("What the node's cache makes of it now, and by which section of the standard.")
        @Nullable
        String decision,

        @JsonPropertyDescription("How an origin is chosen, and how each stands at the node.")
        List<String> origins) {

    public SiteTrace {
        rules = List.copyOf(rules);
        requestHeaders = List.copyOf(requestHeaders);
        responseHeaders = List.copyOf(responseHeaders);
        rateLimits = List.copyOf(rateLimits);
        origins = List.copyOf(origins);
    }

    /**
     * One rule in one phase.
     *
     * @param phase {@code request} or {@code response}
     * @param result {@code matched}, {@code not-matched}, or {@code skipped} when an earlier rule had decided
     * @param why the first condition that did not hold, or which rule had decided; empty for a match
     */
    public record RuleStep(
            @JsonPropertyDescription("Name of the rule.") @Size(max = 100)
            String rule,

            @JsonPropertyDescription("Phase.") String phase,
            @JsonPropertyDescription("What came of it.") String result,

            @JsonProperty(defaultValue = "") @JsonPropertyDescription("Why.") @Size(max = 1_000)
            String why) {}
}
