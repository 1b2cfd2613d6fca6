package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheControl;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.rules.RequestPlan;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Answers from the cache where it may, and says why where it may not. */
final class CacheLookup implements Phase {
    private final TieredCache cache;
    private final StoredAnswers answers;
    private final Loop loop;
    private final Clock clock;
    private final BooleanSupplier cacheIsCurrent;
    private final Consumer<RequestState> revalidation;

    /**
     * @param cacheIsCurrent whether stored responses may be served: not while purges may be missing and the operator is strict
     * @param revalidation starts a fetch in the background
     */
    CacheLookup(
            TieredCache cache,
            StoredAnswers answers,
            Loop loop,
            Clock clock,
            BooleanSupplier cacheIsCurrent,
            Consumer<RequestState> revalidation) {
        this.cache = cache;
        this.answers = answers;
        this.loop = loop;
        this.clock = clock;
        this.cacheIsCurrent = cacheIsCurrent;
        this.revalidation = revalidation;
    }

    @Override
    public String title() {
        return "cache lookup";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        RequestPlan plan = state.requirePlan();
        if (plan.bypassCache() || !cacheIsCurrent.getAsBoolean() || hasContent(state)) {
            return Step.goOn(state.with(
                    new CacheTurn.Pass(isRead(state.method()) ? ForwardReason.BYPASS : ForwardReason.METHOD)));
        }
        return again(state, 0);
    }

    /** Looks up, the {@code restarts}-th time over. */
    Future<Step> again(RequestState state, int restarts) {
        RequestHead head = state.head();
        if (!isRead(head.method())) {
            return Step.goOn(state.with(new CacheTurn.Pass(ForwardReason.METHOD)));
        }
        return loop.bring(cache.lookup(key(state, head))).compose(found -> decide(state, head, found, restarts));
    }

    static CacheKey key(RequestState state, RequestHead head) {
        RequestPlan plan = state.requirePlan();
        String variant = plan.originVariant();
        List<String> extras = variant == null ? List.of() : List.of(variant);
        return CacheKey.of(state.routedSite().cacheScope(), head, plan.cache().key(), extras);
    }

    private Future<Step> decide(RequestState state, RequestHead head, Lookup found, int restarts) {
        CacheOptions options = state.requirePlan().cache();
        return switch (CacheDecision.decide(head, found.variants(), clock.instant(), options)) {
            case CacheDecision.ServeFresh hit
            when isContested(head, hit.stored(), restarts) ->
                fill(state, head, confirmation(found, hit.stored(), restarts));
            case CacheDecision.ServeStale stale
            when isContested(head, stale.stored(), restarts) ->
                fill(state, head, confirmation(found, stale.stored(), restarts));
            case CacheDecision.ServeFresh hit ->
                answers.serve(
                        state.with(state.trail().withCache("hit", CacheStatus.hit(hit.ttlSeconds()))),
                        found,
                        hit.stored(),
                        hit.ageSeconds(),
                        vanished(found, restarts));
            case CacheDecision.ServeStale stale -> {
                RequestState told = state.with(state.trail().withCache("stale", CacheStatus.hit(stale.ttlSeconds())));
                if (stale.revalidate()) {
                    revalidation.accept(told.with(new CacheTurn.Fill(
                            found,
                            stale.stored(),
                            Validation.conditions(stale.stored()),
                            ForwardReason.STALE,
                            null,
                            restarts)));
                }
                yield answers.serve(told, found, stale.stored(), stale.ageSeconds(), vanished(found, restarts));
            }
            case CacheDecision.Revalidate ask ->
                fill(
                        state,
                        head,
                        new CacheTurn.Fill(found, ask.stored(), ask.conditions(), ask.reason(), null, restarts));
            case CacheDecision.Fetch fetch ->
                fill(
                        state,
                        head,
                        new CacheTurn.Fill(found, fetch.stale(), HttpFields.EMPTY, fetch.reason(), null, restarts));
            case CacheDecision.Refuse refuse -> Step.fail(state, EdgeError.Refused.NOT_IN_CACHE);
            case CacheDecision.Bypass bypass -> Step.goOn(state.with(new CacheTurn.Pass(bypass.reason())));
        };
    }

    /**
     * Whether a client's If-Match or If-Unmodified-Since denies what is stored. Where it holds, the answer is the same as without
     * it. Where it does not, the client may know of a state that is newer than the stored one, so that a lifetime is no proof of a
     * 412 (RFC 9111 §4.3.2 leaves these conditions to the origin): the stored response is validated first, and the condition then
     * held against what the origin says. Once it was, or where the client forbids asking, what is stored decides.
     */
    private boolean isContested(RequestHead head, StoredResponse stored, int restarts) {
        return restarts == 0
                && answers.isDenied(head, stored)
                && !CacheControl.of(head.fields()).onlyIfCached();
    }

    private static CacheTurn.Fill confirmation(Lookup found, StoredResponse stored, int restarts) {
        return new CacheTurn.Fill(found, stored, Validation.conditions(stored), ForwardReason.REQUEST, null, restarts);
    }

    private static Future<Step> fill(RequestState state, RequestHead head, CacheTurn.Fill turn) {
        return Step.goOn(
                state.with(head.isHead() ? new CacheTurn.Probe(turn.lookup(), turn.stored(), turn.reason()) : turn));
    }

    /** What to do when the entry goes away between look-up and reading. */
    private static CacheTurn.Fill vanished(Lookup found, int restarts) {
        return new CacheTurn.Fill(found, null, HttpFields.EMPTY, ForwardReason.URI_MISS, null, restarts);
    }

    private static boolean hasContent(RequestState state) {
        return isRead(state.method()) && state.request().body().length() != 0;
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }
}
