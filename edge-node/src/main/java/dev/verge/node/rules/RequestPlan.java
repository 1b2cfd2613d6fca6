package dev.verge.node.rules;

import dev.verge.cache.options.CacheOptions;
import dev.verge.node.compress.Coding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the request rules say.
 *
 * @param ending how the phase ends
 * @param rateChecks limits to pass first, in order
 * @param pool pool that a rule chose; null: the site's default
 * @param missFunction key of the function that answers a cache miss in place of the origin; null: the origin does
 * @param cache the site's cache options with the rules' overrides
 * @param bypassCache neither look up nor store
 * @param path path for the origin, after rewriting
 * @param query query for the origin, after rewriting; null: none
 * @param requestFields changes for what the origin gets
 * @param originVariant tells apart origin requests that equal keys could lead to; part of the cache key when not null, because
 *     rules may have used any client input to build them
 * @param cacheKey what a function wants the response kept under, in place of the URL, within the site; null: the URL
 * @param cacheTags of a function, for what is stored, beside the response's own
 * @param coding what the client gets compressible answers in; null: no rule asks for compression, or the client forbids it
 * @param matched names of the rules that took part
 * @param expressionErrors how many expressions could not be evaluated
 */
public record RequestPlan(
        Ending ending,
        List<RateCheck> rateChecks,
        @Nullable String pool,
        @Nullable String missFunction,
        CacheOptions cache,
        boolean bypassCache,
        String path,
        @Nullable String query,
        FieldChanges requestFields,
        @Nullable String originVariant,
        @Nullable String cacheKey,
        List<String> cacheTags,
        @Nullable Coding coding,
        List<String> matched,
        int expressionErrors) {
    public RequestPlan {
        rateChecks = List.copyOf(rateChecks);
        cacheTags = List.copyOf(cacheTags);
        matched = List.copyOf(matched);
    }
}
