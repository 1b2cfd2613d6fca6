package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.cache.serve.Delivery;
import dev.verge.node.compress.AcceptEncoding;
import dev.verge.node.compress.Coding;
import dev.verge.node.compress.Compressible;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.Caller;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.ResponseSink.Sent;
import dev.verge.node.rules.Ending;
import dev.verge.node.rules.RequestPlan;
import dev.verge.node.rules.SiteRules.Entry;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.node.trace.Sampler;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the phases say of a request that needs nothing but a stored response in memory: the same phases, asked ahead of time. What
 * they say until the cache is asked hangs on the target alone for such requests, and is a {@link Recipe} that serves every request for
 * that target; what is answered is the same bytes until the age changes. Whatever is not plain has no recipe or no answer, and
 * takes the whole path. Belongs to one event loop.
 */
public final class PlainHits {
    private final NodeParts node;
    private final Admit admit;
    private final Route route;
    private final Recorder recorder;
    private final Sampler sampler;

    /**
     * To be made on its loop.
     *
     * @param node the parts that the loop's pipeline is made of, too
     */
    public PlainHits(NodeParts node) {
        this.node = node;
        this.admit = new Admit(node.identity(), node.limits().bodyBytes());
        this.route = new Route(node.identity(), node.quotas());
        this.recorder = new Recorder(node.log(), node.metrics(), node.usage());
        this.sampler = node.tracing().forLoop().sampler();
    }

    /** All that the phases before the cache say of requests for one target. Immutable; good for one routing, see {@link #under}. */
    public static final class Recipe {
        private final RequestState planned;
        private final CacheKey key;
        private final @Nullable Coding coding;

        private Recipe(RequestState planned, CacheKey key) {
            this.planned = planned;
            this.key = key;
            this.coding = planned.requirePlan().coding();
        }

        /** The only coding for which it is good; null where no rule compresses, then it is good whatever a client accepts. */
        public @Nullable Coding coding() {
            return coding;
        }

        /** Where the answer lies. */
        public CacheKey key() {
            return key;
        }

        /**
         * The same under a later routing; null when the phases may say something else there. Sites that others serve, and all that
         * changes about them, do not make it another one.
         */
        @SuppressWarnings("ReferenceEquality") // that very version of the site
        public @Nullable Recipe under(Routing later) {
            return later.differsInSitesAtMost(planned.routing()) && later.find(planned.host()) == planned.site()
                    ? new Recipe(planned.under(later), key)
                    : null;
        }
    }

    /**
     * An answer out of the cache.
     *
     * @param stored what it is made of
     * @param response head of the answer; its body is empty
     * @param whole whether the stored body follows
     * @param ttlSeconds of what is stored, 1 or more
     * @param from when it was made
     * @param until from when on the same request would get another head
     */
    public record Answer(
            StoredResponse stored,
            EdgeResponse response,
            boolean whole,
            long ttlSeconds,
            Instant from,
            Instant until) {}

    /**
     * The recipe for a target.
     *
     * @param request one for it, whose fields decide nothing but {@code Host} and {@code Accept-Encoding}
     * @return empty when the ordinary path has to look at each request for it
     */
    public Optional<Recipe> recipe(ClientRequest request, Routing routing) {
        RequestState begun = RequestState.begin(request, RequestState.Kind.CLIENT, routing, new Cancellation());
        RequestState admitted = after(admit, begun);
        Site site = admitted == null ? null : routing.find(admitted.host());
        // An account with a quota has each of its requests counted, once; a new quota comes with a new routing.
        if (admitted == null || site == null || node.quotas().limitsRequests(site.account())) {
            return Optional.empty();
        }
        RequestState routed = after(route, admitted);
        if (routed == null || !site.rules().goByTarget()) {
            return Optional.empty();
        }
        RequestPlan plan = site.rules().request(routed, Entry.CLIENT);
        KeyOptions key = plan.cache().key();
        boolean plain = plan.ending() instanceof Ending.Pass
                && plan.rateChecks().isEmpty()
                && plan.requestFields().changes().size()
                        == (plan.coding() == null ? 0 : 1) // what the coding is told by
                && !plan.bypassCache()
                && plan.expressionErrors() == 0
                && key.headers().isEmpty()
                && key.cookies().isEmpty()
                && !key.device()
                && !OtherMeaning.isAmbiguous(request.path());
        if (!plain) {
            return Optional.empty();
        }
        RequestState planned = routed.with(plan);
        return Optional.of(new Recipe(planned, CacheLookup.key(planned, planned.head())));
    }

    private static @Nullable RequestState after(Phase phase, RequestState state) {
        Future<Step> done = phase.apply(state);
        return done.isComplete() && done.result() instanceof Step.Continue goOn ? goOn.state() : null;
    }

    /** Whether the next request may be answered with what is stored, and is none whose path is to be recorded. */
    public boolean mayServe() {
        return node.cacheIsCurrent().getAsBoolean() && !sampler.isDue();
    }

    /** What is served now. */
    public Routing routing() {
        return node.routing().get();
    }

    /** Whether a request may come over the connection it came over; in clear text, the recipe says it. */
    public boolean mayCome(Recipe recipe, Caller caller) {
        RequestState planned = recipe.planned;
        return TlsMatch.fault(caller, planned.host(), planned.routing().terms(planned.host())) == null;
    }

    /** The coding that a client gets where rules compress; null when nothing may be changed for it. */
    public static @Nullable Coding coding(HttpFields fields) {
        return Compressible.forbidsTransform(fields)
                ? null
                : AcceptEncoding.of(fields.all("accept-encoding")).coding();
    }

    /** The fields of a request that may decide anything. */
    public static HttpFields believed(ClientRequest request) {
        return Admit.believed(request);
    }

    /** Whether fields may give a request another meaning than its target has. */
    public static boolean overrides(HttpFields believed) {
        return OtherMeaning.isPossible("/", believed, KeyOptions.DEFAULT);
    }

    /**
     * What a request gets.
     *
     * @param method {@code GET} or {@code HEAD}
     * @param believed fields of the request
     * @param variants what is stored under the recipe's key
     * @return null when it is more than a fresh response as a whole, or 304
     */
    public @Nullable Answer answer(
            Recipe recipe, String method, HttpFields believed, List<StoredResponse> variants, Instant now) {
        RequestState planned = recipe.planned;
        for (int i = 0; i < variants.size(); i++) {
            if (!variants.get(i).isComplete()) {
                return null;
            }
        }
        RequestState asked = planned.asking(planned.head().as(method).withFields(believed));
        RequestHead head = asked.head();
        CacheDecision decision =
                CacheDecision.decide(head, variants, now, planned.requirePlan().cache());
        if (!(decision instanceof CacheDecision.ServeFresh hit) || hit.stored().bodyBytes() <= 0) {
            return null;
        }
        StoredResponse stored = hit.stored();
        RequestState told = asked.with(asked.trail().withCache("hit", CacheStatus.hit(hit.ttlSeconds())));
        Delivery delivery = Delivery.choose(head, stored, now);
        boolean whole = delivery instanceof Delivery.Whole;
        if (!whole && !(delivery instanceof Delivery.NotModified)) {
            return null;
        }
        EdgeResponse answer = head.isHead()
                ? StoredAnswers.response(told, StoredAnswers.sized(delivery, stored), Body.none(), hit.ageSeconds())
                : StoredAnswers.response(told, delivery.head(), Body.none(), hit.ageSeconds());
        EdgeResponse ruled = ResponseRules.apply(told, answer, node.metrics());
        EdgeResponse complete = ClientFields.complete(told, ruled, node.identity(), now);
        return new Answer(
                stored, complete, whole && head.isGet(), hit.ttlSeconds(), now, until(stored, ruled.fields(), now));
    }

    /** The next moment at which the age, or a date that the node states, is another. */
    private static Instant until(StoredResponse stored, HttpFields fields, Instant now) {
        long nowMillis = now.toEpochMilli();
        long received = stored.receivedAt().toEpochMilli();
        long older = received + (Math.max(0, nowMillis - received) / 1000 + 1) * 1000;
        long later = (Math.floorDiv(nowMillis, 1000) + 1) * 1000;
        return Instant.ofEpochMilli(fields.contains("date") ? older : Math.min(older, later));
    }

    /** The next request is answered here: no trace is taken of it. */
    public void takes() {
        boolean recorded = sampler.take();
        if (recorded) {
            throw new IllegalStateException("a request that is to be recorded takes the whole path");
        }
    }

    /** Counts and logs what was sent. */
    public void record(Recipe recipe, Answer answer, ClientRequest request, Sent sent) {
        recorder.record(
                recipe.planned.served(
                        request,
                        Admit.newRequestId(),
                        Trail.NONE.withCache("hit", CacheStatus.hit(answer.ttlSeconds()))),
                sent);
    }
}
