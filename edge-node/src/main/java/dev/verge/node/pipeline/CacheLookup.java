package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheControl;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.partial.PartSelection;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.partial.RangeMemory;
import dev.verge.cache.partial.RangeMemory.Way;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.observe.Stage;
import dev.verge.node.rules.RequestPlan;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Answers from the cache where it may, and says why where it may not. */
final class CacheLookup implements Phase {
    private final TieredCache cache;
    private final RangeMemory ranges;
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
            RangeMemory ranges,
            StoredAnswers answers,
            Loop loop,
            Clock clock,
            BooleanSupplier cacheIsCurrent,
            Consumer<RequestState> revalidation) {
        this.cache = cache;
        this.ranges = ranges;
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
    public Stage stage() {
        return Stage.LOOKUP;
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (state.turn() instanceof CacheTurn.Open) {
            return again(state, 0);
        }
        RequestPlan plan = state.requirePlan();
        if (plan.bypassCache() || !cacheIsCurrent.getAsBoolean() || isApart(state, plan)) {
            return Step.goOn(state.with(
                    new CacheTurn.Pass(isRead(state.method()) ? ForwardReason.BYPASS : ForwardReason.METHOD)));
        }
        return again(state, 0);
    }

    /** What would be decided at this moment; nothing comes of it, but that the look counts as one. */
    Future<CacheDecision> foresee(RequestState state) {
        RequestHead head = state.head();
        RequestPlan plan = state.requirePlan();
        if (plan.bypassCache() || !cacheIsCurrent.getAsBoolean() || isApart(state, plan)) {
            return Future.succeededFuture(
                    new CacheDecision.Bypass(isRead(head.method()) ? ForwardReason.BYPASS : ForwardReason.METHOD));
        }
        CacheKey key = key(state, head);
        return loop.bring(cache.lookup(key))
                .compose(found -> loop.bring(cache.lookupEquivalent(key)).map(equivalent -> {
                    CacheDecision own =
                            decision(state, head, select(state, head, found).candidates());
                    return isAnswer(own, head)
                            ? own
                            : equivalent
                                    .map(other -> decision(state, head, complete(other)))
                                    .filter(other -> isAnswer(other, head))
                                    .orElse(own);
                }));
    }

    /** Looks up, the {@code restarts}-th time over. */
    Future<Step> again(RequestState state, int restarts) {
        RequestHead head = state.head();
        if (!isRead(head.method())) {
            return Step.goOn(state.with(new CacheTurn.Pass(ForwardReason.METHOD)));
        }
        if (state.turn().portion() instanceof Portion.Slice slice) {
            return loop.bring(cache.lookup(slice.key())).compose(found -> slice(state, head, found, slice, restarts));
        }
        CacheKey key = key(state, head);
        return loop.bring(cache.lookup(key)).compose(found -> {
            PartSelection selection = select(state, head, found);
            CacheDecision decision = decision(state, head, selection.candidates());
            boolean nothing = decision instanceof CacheDecision.Fetch fetch && fetch.stale() == null;
            if (!nothing && !(decision instanceof CacheDecision.Refuse)) {
                return carryOut(state, head, decision, found, found, selection.missing(), restarts);
            }
            return loop.bring(cache.lookupEquivalent(key)).compose(equivalent -> {
                CacheDecision instead = equivalent
                        .map(other -> decision(state, head, complete(other)))
                        .orElse(decision);
                return equivalent.isPresent() && isAnswer(instead, head)
                        ? carryOut(state, head, instead, equivalent.get(), found, selection.missing(), restarts)
                        : carryOut(state, head, decision, found, found, selection.missing(), restarts);
            });
        });
    }

    /** A slice is as fresh as the outline that leads to it, so that it is there suffices. */
    private Future<Step> slice(RequestState state, RequestHead head, Lookup found, Portion.Slice slice, int restarts) {
        CacheTurn.Fill missing =
                new CacheTurn.Fill(found, null, HttpFields.EMPTY, ForwardReason.PARTIAL, null, restarts).asking(slice);
        for (StoredResponse stored : found.variants()) {
            if (slice.range().equals(stored.range())) {
                RequestState told = state.with(state.trail().withCache("hit", CacheStatus.hit(0)));
                return answers.serve(told, found, stored, 0, missing);
            }
        }
        return decision(state, head, List.of()) instanceof CacheDecision.Refuse
                ? Step.fail(state, EdgeError.Refused.NOT_IN_CACHE)
                : Step.goOn(state.with(missing));
    }

    private PartSelection select(RequestState state, RequestHead head, Lookup found) {
        // What a function answers in place of the origin is asked for as a whole.
        Way way = state.requirePlan().missFunction() == null ? ranges.way(found.key()) : Way.WHOLE;
        return PartSelection.of(head, found.variants(), way);
    }

    private static List<StoredResponse> complete(Lookup found) {
        return found.variants().stream().filter(StoredResponse::isComplete).toList();
    }

    private CacheDecision decision(RequestState state, RequestHead head, List<StoredResponse> candidates) {
        return CacheDecision.decide(
                head, candidates, clock.instant(), state.requirePlan().cache());
    }

    /** Whether a response of an equivalent URL answers as it is: it is neither renewed nor doubted under this request's URL. */
    private boolean isAnswer(CacheDecision decision, RequestHead head) {
        return switch (decision) {
            case CacheDecision.ServeFresh hit -> !answers.isDenied(head, hit.stored());
            case CacheDecision.ServeStale stale -> !answers.isDenied(head, stale.stored());
            case CacheDecision.Revalidate ask -> false;
            case CacheDecision.Fetch fetch -> false;
            case CacheDecision.Refuse refuse -> false;
            case CacheDecision.Bypass bypass -> false;
        };
    }

    static CacheKey key(RequestState state, RequestHead head) {
        RequestPlan plan = state.requirePlan();
        String variant = plan.originVariant();
        List<String> extras = variant == null ? List.of() : List.of(variant);
        String named = plan.cacheKey();
        if (named != null) {
            return CacheKey.named(state.routedSite().cacheScope(), head, named);
        }
        return CacheKey.of(state.routedSite().cacheScope(), head, plan.cache().key(), extras);
    }

    /**
     * Does what was decided.
     *
     * @param found where what is served lies
     * @param own what is stored under the request's own key, where anything fetched belongs
     * @param missing what to ask the origin for
     */
    private Future<Step> carryOut(
            RequestState state,
            RequestHead head,
            CacheDecision decision,
            Lookup found,
            Lookup own,
            Portion missing,
            int restarts) {
        return switch (decision) {
            case CacheDecision.ServeFresh hit
            when isContested(head, hit.stored(), restarts) ->
                fill(state, head, confirmation(found, hit.stored(), restarts).asking(missing));
            case CacheDecision.ServeStale stale
            when isContested(head, stale.stored(), restarts) ->
                fill(state, head, confirmation(found, stale.stored(), restarts).asking(missing));
            case CacheDecision.ServeFresh hit ->
                answers.serve(
                        state.with(state.trail().withCache("hit", CacheStatus.hit(hit.ttlSeconds()))),
                        found,
                        hit.stored(),
                        hit.ageSeconds(),
                        vanished(own, restarts));
            case CacheDecision.ServeStale stale -> {
                RequestState told = state.with(state.trail().withCache("stale", CacheStatus.hit(stale.ttlSeconds())));
                if (stale.revalidate()) {
                    CacheTurn.Fill renewal = found.key().equals(own.key())
                            ? new CacheTurn.Fill(
                                    own,
                                    stale.stored(),
                                    Validation.conditions(stale.stored()),
                                    ForwardReason.STALE,
                                    null,
                                    restarts)
                            : vanished(own, restarts);
                    revalidation.accept(told.with(renewal.asking(missing)));
                }
                yield answers.serve(told, found, stale.stored(), stale.ageSeconds(), vanished(own, restarts));
            }
            case CacheDecision.Revalidate ask ->
                fill(
                        state,
                        head,
                        new CacheTurn.Fill(found, ask.stored(), ask.conditions(), ask.reason(), null, restarts)
                                .asking(missing));
            case CacheDecision.Fetch fetch ->
                fill(
                        state,
                        head,
                        new CacheTurn.Fill(
                                        found,
                                        fetch.stale(),
                                        HttpFields.EMPTY,
                                        missing instanceof Portion.Rest ? ForwardReason.PARTIAL : fetch.reason(),
                                        null,
                                        restarts)
                                .asking(missing));
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
        if (head.isHead()) {
            return Step.goOn(state.with(new CacheTurn.Probe(turn.lookup(), turn.stored(), turn.reason())));
        }
        // A range of which nothing can be stored goes forward alone.
        boolean alone = turn.portion() instanceof Portion.AsItCame;
        return Step.goOn(state.with(alone ? new CacheTurn.Pass(turn.reason()) : turn));
    }

    /** A whole response, for the request's own key: also when the entry goes away between look-up and reading. */
    private static CacheTurn.Fill vanished(Lookup found, int restarts) {
        return new CacheTurn.Fill(found, null, HttpFields.EMPTY, ForwardReason.URI_MISS, null, restarts);
    }

    /** Whether the answer may hang on more than the key: content, or fields and paths that mean another request to the origin. */
    private static boolean isApart(RequestState state, RequestPlan plan) {
        return isRead(state.method())
                && (state.request().body().length() != 0
                        || OtherMeaning.isPossible(
                                state.path(),
                                state.request().fields(),
                                plan.cache().key()));
    }

    private static boolean isRead(String method) {
        return method.equals("GET") || method.equals("HEAD");
    }
}
