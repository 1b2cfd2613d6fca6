package dev.verge.node.pipeline;

import dev.verge.cache.collapse.Flight;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheGroups;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.Invalidation;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredFields;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.partial.Portion;
import dev.verge.cache.serve.BrowserFields;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.PurgeMark;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.rules.KeyPolicies;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Keeps what may be kept of a fetched answer, and passes it on while it arrives. */
final class Store implements Phase {
    /** What is dropped is dropped at once; a client does not wait longer than this for a slow disk to know it as well. */
    private static final Duration STRIKE_PATIENCE = Duration.ofSeconds(1);

    private final TieredCache cache;
    private final StoredAnswers answers;
    private final PartStore parts;
    private final OriginFetch fetch;
    private final Compress compress;
    private final Loop loop;
    private final Clock clock;

    Store(
            TieredCache cache,
            StoredAnswers answers,
            PartStore parts,
            OriginFetch fetch,
            Compress compress,
            Loop loop,
            Clock clock) {
        this.cache = cache;
        this.answers = answers;
        this.parts = parts;
        this.fetch = fetch;
        this.compress = compress;
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public String title() {
        return "store";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        return switch (state.turn()) {
            case CacheTurn.Open open -> throw new IllegalStateException("a slice is looked up before it is stored");
            case CacheTurn.Pass pass -> pass(state, pass);
            case CacheTurn.Probe probe -> probe(state, probe, state.requireFetched());
            case CacheTurn.Fill fill -> fill(state, fill, tagged(state, state.requireFetched()));
        };
    }

    /** With the tags that a function wants to find what is stored by. */
    private static Fetched tagged(RequestState state, Fetched fetched) {
        List<String> tags = state.requirePlan().cacheTags();
        if (tags.isEmpty()) {
            return fetched;
        }
        HttpFields fields = fetched.fields().toBuilder()
                .add("cache-tag", String.join(",", tags))
                .build();
        return new Fetched(fetched.status(), fields, fetched.body(), fetched.requestedAt(), fetched.receivedAt());
    }

    private Future<Step> pass(RequestState state, CacheTurn.Pass turn) {
        Fetched fetched = state.requireFetched();
        RequestHead head = state.head();
        ResponseHead answer = new ResponseHead(fetched.status(), fetched.fields());
        List<RequestHead> targets = Invalidation.targets(head, answer);
        cache.invalidateGroups(state.routedSite().cacheScope(), state.host(), CacheGroups.invalidated(head, answer));
        CacheStatus status = CacheStatus.forwarded(turn.reason());
        boolean mayStore = head.method().equals("POST") && !state.requirePlan().bypassCache();
        Supplier<Future<Step>> goOn =
                () -> mayStore && decideForPost(state, fetched) instanceof StoreDecision.Store keep
                        ? keepForGet(state, keep.draft(), fetched, stored(status, state, keep.draft()))
                        : passOn(state, fetched, word(turn), status);
        return targets.isEmpty() ? goOn.get() : invalidated(state, targets).transform(done -> goOn.get());
    }

    private static String word(CacheTurn.Pass turn) {
        return switch (turn.reason()) {
            case BYPASS, METHOD -> "bypass";
            case URI_MISS, VARY_MISS, REQUEST, STALE, PARTIAL -> "miss";
        };
    }

    private static StoreDecision decideForPost(RequestState state, Fetched fetched) {
        return StoreDecision.forPost(
                state.head(),
                new ResponseHead(fetched.status(), fetched.fields()),
                fetched.requestedAt(),
                fetched.receivedAt(),
                state.requirePlan().cache());
    }

    /** RFC 9110 §9.3.3: the answer to this POST is what the next GET would get. What was stored before has just been dropped. */
    private Future<Step> keepForGet(RequestState state, StoredResponse draft, Fetched fetched, CacheStatus status) {
        CacheKey key = CacheLookup.key(state, state.head().as("GET"));
        return loop.bring(cache.lookup(key)).map(found -> {
            Fill fill = cache.insert(found, draft, state.requirePlan().cache().maxObjectBytes());
            RequestState told = state.with(state.trail().withCache("bypass", status));
            EdgeResponse response = answers.whole(told, fill);
            new FillDriver(loop, fetched.body(), fill).start();
            return new Step.Respond(told, response);
        });
    }

    /** What a HEAD brought is told to what is stored, and answered from there if that holds again. */
    private Future<Step> probe(RequestState state, CacheTurn.Probe turn, Fetched fetched) {
        CacheStatus status = CacheStatus.forwarded(turn.reason());
        List<StoredResponse> changed = Validation.afterHead(
                state.head(),
                turn.lookup().variants(),
                new ResponseHead(fetched.status(), fetched.fields()),
                fetched.requestedAt(),
                fetched.receivedAt());
        if (changed.isEmpty()) {
            return passOn(state, fetched, "miss", status);
        }
        cache.freshen(turn.lookup(), changed);
        StoredResponse first = changed.getFirst();
        if (first.isSoftPurged()) {
            return passOn(state, fetched, "miss", status);
        }
        fetched.body().discard();
        RequestState told = state.with(state.trail().withCache("revalidated", stored(status, state, first)));
        return Step.respond(told, answers.head(told, first, first.ageSeconds(clock.instant())));
    }

    /**
     * What an unsafe request changed is dropped under both schemes (RFC 9111 §4.4), at once. Where a URL may have many keys (by
     * cookie, by what a rule made of a GET, …), a purge of the URL finds them all.
     *
     * @return done when no crash brings it back either, which the client's answer waits for; fails when the disk does
     */
    private Future<Void> invalidated(RequestState state, List<RequestHead> targets) {
        KeyPolicies policies = state.routedSite().rules().keyPolicies();
        String scope = state.routedSite().cacheScope();
        List<CompletableFuture<Void>> struck = new ArrayList<>();
        for (RequestHead target : targets) {
            if (policies.oneKey()) {
                for (String scheme : List.of("http", "https")) {
                    RequestHead each = new RequestHead(
                            "GET", scheme, target.host(), target.path(), target.query(), target.fields());
                    struck.add(cache.invalidateLastingly(
                            CacheKey.of(scope, each, state.requirePlan().cache().key())));
                }
            } else {
                struck.add(cache.purge(List.copyOf(
                        PurgeMark.url(scope, target.host(), target.path(), target.query(), policies.all(), false))));
            }
        }
        return loop.bring(CompletableFuture.allOf(struck.toArray(new CompletableFuture<?>[0]))
                .completeOnTimeout(null, STRIKE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }

    private Future<Step> fill(RequestState state, CacheTurn.Fill turn, Fetched fetched) {
        StoredResponse stored = turn.stored();
        CacheOptions options = state.requirePlan().cache();
        RequestHead head = state.head();
        if (fetched.status() == 304 && !turn.conditions().isEmpty() && stored != null) {
            return freshen(state, turn, stored, fetched);
        }
        if (stored != null && CacheDecision.isOriginFailure(fetched.status())) {
            CacheDecision.ServeStale stale = CacheDecision.afterOriginFailure(head, stored, clock.instant(), options);
            if (stale != null && !answers.isDenied(head, stored)) {
                fetched.body().discard();
                tell(turn, Flight::failed);
                CacheStatus status = StaleIfError.status(turn, stale).forwardStatus(fetched.status());
                return answers.serve(
                                state.with(state.trail().withCache("stale", status)),
                                turn.lookup(),
                                stored,
                                stale.ageSeconds(),
                                turn.unconditional())
                        .compose(this::orFetch);
            }
        }
        if (turn.portion() instanceof Portion.Whole) {
            return store(state, turn, fetched);
        }
        return switch (parts.take(state, turn, fetched)) {
            case PartStore.Done done -> done.step().compose(this::orFetch);
            case PartStore.AskAgain again -> {
                fetched.body().discard();
                yield orFetch(new Step.Continue(state.with(again.turn())));
            }
            case PartStore.Ordinary ordinary -> store(state, turn, ordinary.fetched());
        };
    }

    private Future<Step> store(RequestState state, CacheTurn.Fill turn, Fetched fetched) {
        StoreDecision decision = decide(state, fetched, new ResponseHead(fetched.status(), fetched.fields()));
        CacheStatus forwarded = CacheStatus.forwarded(turn.reason());
        return switch (decision) {
            case StoreDecision.Store keep ->
                keep(state, turn, keep.draft(), fetched, stored(forwarded, state, keep.draft()));
            case StoreDecision.DoNotStore leave -> {
                tell(turn, Flight::uncacheable);
                yield passOn(state, fetched, "miss", forwarded.detail(word(leave.reason())));
            }
        };
    }

    /** @param head the answer's, or that of the complete response that it is a part of */
    static StoreDecision decide(RequestState state, Fetched fetched, ResponseHead head) {
        return StoreDecision.decide(
                state.head(),
                head,
                fetched.requestedAt(),
                fetched.receivedAt(),
                state.requirePlan().cache());
    }

    /** A reason as {@code Cache-Status} tells it. */
    static String word(StoreDecision.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** RFC 9111 §4.3.4: the stored response still holds. */
    private Future<Step> freshen(RequestState state, CacheTurn.Fill turn, StoredResponse stored, Fetched fetched) {
        fetched.body().discard();
        List<StoredResponse> fresh = Validation.freshened(
                state.head(),
                stored,
                turn.lookup().variants(),
                new ResponseHead(304, fetched.fields()),
                fetched.requestedAt(),
                fetched.receivedAt());
        if (fresh.isEmpty()) {
            // The 304 speaks of something else: ask again without conditions.
            return orFetch(new Step.Continue(state.with(turn.unconditional())));
        }
        cache.freshen(turn.lookup(), fresh);
        tell(turn, Flight::refreshed);
        StoredResponse first = fresh.getFirst();
        CacheStatus status = stored(CacheStatus.forwarded(turn.reason()).forwardStatus(304), state, first);
        return answers.serve(
                        state.with(state.trail().withCache("revalidated", status)),
                        turn.lookup(),
                        first,
                        first.ageSeconds(clock.instant()),
                        turn.unconditional())
                .compose(this::orFetch);
    }

    /** The stored response cannot be used after all: the origin is asked for a whole one. */
    private Future<Step> orFetch(Step step) {
        return step instanceof Step.Continue again
                ? fetch.apply(again.state().unfetched())
                        .compose(fetched -> fetched instanceof Step.Continue next
                                ? compress.apply(next.state())
                                : Future.succeededFuture(fetched))
                        .compose(coded -> coded instanceof Step.Continue next
                                ? apply(next.state())
                                : Future.succeededFuture(coded))
                : Future.succeededFuture(step);
    }

    private Future<Step> keep(
            RequestState state, CacheTurn.Fill turn, StoredResponse draft, Fetched fetched, CacheStatus status) {
        Fill fill =
                cache.insert(turn.lookup(), draft, state.requirePlan().cache().maxObjectBytes());
        RequestState told = state.with(state.trail().withCache("miss", status));
        // The client's reader opens before the first byte is written, so that it cannot miss the end.
        var response = answers.along(told, fill);
        tell(turn, flight -> flight.stored(fill));
        new FillDriver(loop, fetched.body(), fill).start();
        return response.isPresent()
                ? Step.respond(told, withOwnFields(response.get(), draft, fetched))
                : Step.fail(told, dev.verge.node.exchange.EdgeError.OriginFailure.TRUNCATED);
    }

    /** Says that it was stored, and for how long it is fresh (RFC 9211 §2.4, §2.5). */
    private CacheStatus stored(CacheStatus status, RequestState state, StoredResponse kept) {
        return stored(status, state, kept, clock.instant());
    }

    static CacheStatus stored(CacheStatus status, RequestState state, StoredResponse kept, Instant now) {
        long lifetime = kept.lifetimeSeconds(state.requirePlan().cache());
        return status.stored().ttl(lifetime - kept.ageSeconds(now));
    }

    /** Fields that are not for others (§5.2.2.4, §5.2.2.7) are for the one who asked. */
    static EdgeResponse withOwnFields(EdgeResponse response, StoredResponse draft, Fetched fetched) {
        List<String> excluded = draft.control().excludedFields();
        if (excluded.isEmpty()) {
            return response;
        }
        HttpFields.Builder fields = response.fields().toBuilder();
        for (String name : excluded) {
            fetched.fields().all(name).forEach(value -> fields.add(name, value));
        }
        return response.with(fields.build());
    }

    static Future<Step> passOn(RequestState state, Fetched fetched, String word, CacheStatus status) {
        HttpFields received = fetched.fields();
        String age = received.first("age");
        HttpFields fields = BrowserFields.apply(
                StoredFields.forClient(received), state.requirePlan().cache().browserTtl(), 0);
        if (age != null) {
            fields = fields.with("age", age);
        }
        return Step.respond(
                state.with(state.trail().withCache(word, status)),
                new EdgeResponse(fetched.status(), fields, fetched.body(), false));
    }

    static void tell(CacheTurn.Fill turn, java.util.function.Consumer<Flight> message) {
        Flight flight = turn.flight();
        if (flight != null) {
            message.accept(flight);
        }
    }
}
