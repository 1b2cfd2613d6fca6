package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheDecision;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.RequestHandler;
import dev.verge.node.exchange.ResponseSink;
import dev.verge.node.exchange.ResponseSink.End;
import dev.verge.node.exchange.ResponseSink.Sent;
import dev.verge.node.trace.LoopTracing;
import dev.verge.node.trace.Trace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request, top to bottom. Until there is an answer, each phase goes on, answers or fails; every answer then takes the
 * same way out. Lives on one event loop.
 */
public final class RequestPipeline implements RequestHandler {
    private final NodeParts node;
    private final List<Phase> untilAnswer;
    private final Phase requestRules;
    private final Compress compress;
    private final FunctionCalls functions;
    private final CacheLookup lookUp;
    private final List<Phase> ruledSubrequest;
    private final List<Phase> revalidation;
    private final List<Phase> slice;
    private final StaleIfError staleIfError;
    private final Errors errors;
    private final Recorder recorder;
    private final PhaseWatch watch;
    private final LoopTracing tracing;

    /**
     * The pipeline of one event loop.
     *
     * @param loop where it is made and used
     */
    public RequestPipeline(NodeParts node, Loop loop) {
        this.node = node;
        this.watch = new PhaseWatch(node.metrics());
        this.tracing = node.tracing().forLoop();
        SlicedAnswers sliced = new SlicedAnswers(node.cache(), this::slice, loop, node.clock());
        StoredAnswers answers = new StoredAnswers(node.cache(), sliced, loop, node.clock());
        FunctionCalls functions = new FunctionCalls(
                node.functions(),
                node.code(),
                node.identity(),
                node.log(),
                node.usage(),
                node.quotas(),
                node.clock(),
                new FunctionDoor(
                        new Fetches(this, node.identity(), node.egressClient(loop), node.clock()),
                        new KvCalls(node.kv(), loop, node.clock()),
                        new CacheCalls(node.cache(), loop, node.clock())));
        this.lookUp = new CacheLookup(
                node.cache(), node.ranges(), answers, loop, node.clock(), node.cacheIsCurrent(), this::revalidate);
        OriginFetch fetch = new OriginFetch(
                loop.vertx(),
                node.originClient(loop),
                node.identity(),
                node.limits().dataGrace(),
                node.clock());

        Phase admit = new Admit(node.identity(), node.limits().bodyBytes());
        Phase challenge = new AcmeChallenge();
        Phase route = new Route(node.identity(), node.quotas());
        Phase requestRules = new RequestRules(node.rateLimiter(), node.metrics());
        Phase leaveHttp =
                new LeaveHttp(fetch, node.metrics().tunnels(), node.limits().tunnels());
        Phase functionAtRequest = new FunctionAtRequest(functions);
        Phase collapse = new Collapse(
                node.cache(),
                node.collapser(),
                lookUp,
                answers,
                loop,
                node.clock(),
                node.metrics().waiting());
        Phase functionAtMiss = new FunctionAtMiss(functions);
        PartStore parts = new PartStore(node, answers, sliced, loop);
        this.compress = new Compress(node.compression(loop));
        Phase store = new Store(node.cache(), answers, parts, fetch, compress, loop, node.clock());

        this.untilAnswer = List.of(
                admit,
                challenge,
                route,
                new PurgeCall(node.purges()),
                requestRules,
                leaveHttp,
                functionAtRequest,
                lookUp,
                collapse,
                functionAtMiss,
                fetch,
                compress,
                store);
        if (!untilAnswer.stream().map(Phase::title).toList().equals(TITLES.subList(0, untilAnswer.size()))) {
            throw new IllegalStateException("the phases are not in the documented order");
        }
        this.requestRules = requestRules;
        this.functions = functions;
        this.ruledSubrequest = List.of(lookUp, collapse, fetch, compress, store);
        this.revalidation = List.of(collapse, functionAtMiss, fetch, compress, store);
        this.slice = List.of(lookUp, collapse, fetch, compress, store);
        this.staleIfError = new StaleIfError(answers, node.clock());
        this.errors = new Errors(node.metrics());
        this.recorder = new Recorder(node.log(), node.metrics(), node.usage());
    }

    /** Every phase by name, in order; the constructor holds the first ones against it. */
    private static final List<String> TITLES = List.of(
            "admit",
            "ACME challenge",
            "route",
            "purge call",
            "request rules",
            "leave HTTP",
            "function at request",
            "cache lookup",
            "collapse",
            "function at miss",
            "balance and origin fetch",
            "compress",
            "store",
            "response rules",
            "respond",
            "record");

    /** Every phase by name, in order. */
    public static List<String> titles() {
        return TITLES;
    }

    @Override
    public void handle(ClientRequest request, ResponseSink sink) {
        node.metrics().active().incrementAndGet();
        Cancellation cancellation = new Cancellation();
        RequestState untraced = RequestState.begin(
                request, RequestState.Kind.CLIENT, node.routing().get(), cancellation);
        Trace trace = tracing.begin(request);
        RequestState begun = trace == null ? untraced : untraced.with(trace);
        boolean[] answered = new boolean[1];
        sink.onGone(() -> {
            cancellation.cancel();
            if (!answered[0]) {
                answered[0] = true;
                finished(begun, new Sent(0, 0, End.CLIENT_GONE));
            }
        });
        answer(untilAnswer, begun).map(this::unmistakable).onSuccess(answer -> {
            EdgeResponse ruled = ResponseRules.apply(answer.state(), answer.response(), node.metrics());
            EdgeResponse coded = compress.onTheWayOut(answer.state(), ruled);
            EdgeResponse complete = ClientFields.complete(
                    answer.state(), coded, node.identity(), node.clock().instant());
            boolean first = !answered[0];
            answered[0] = true;
            Future<Sent> sent = sink.send(complete);
            if (first) {
                sent.onSuccess(end -> finished(answer.state(), end));
            }
        });
    }

    /** Over HTTP/2 any 2xx to a request for another protocol would mean that the tunnel stands (RFC 8441 §5). */
    private Step.Respond unmistakable(Step.Respond answer) {
        boolean misread = LeaveHttp.isStream(answer.state())
                && answer.state().request().upgrade() != null
                && answer.response().status() / 100 == 2;
        if (!misread) {
            return answer;
        }
        answer.response().body().discard();
        return errors.answer(new Step.Fail(answer.state(), EdgeError.Refused.UPGRADE));
    }

    private void finished(RequestState state, Sent sent) {
        node.metrics().active().decrementAndGet();
        recorder.record(state, sent);
        Trace trace = state.trace();
        if (trace != null && trace.span() != null) {
            RequestSpans.end(trace.span(), state, sent);
        }
    }

    /** What the cache would decide about a request at this moment. */
    Future<CacheDecision> foresee(RequestState state) {
        return lookUp.foresee(state);
    }

    /** A function's {@code fetch} for its own site. */
    Future<EdgeResponse> fetchFor(RequestState state, FetchOptions options) {
        List<Phase> phases = new ArrayList<>(ruledSubrequest.size() + 1);
        phases.add(options.after(requestRules));
        phases.addAll(ruledSubrequest);
        return answer(phases, state).map(answer -> {
            Trace trace = state.trace();
            if (trace != null && trace.span() != null) {
                RequestSpans.answered(
                        trace.span(), answer.state(), answer.response().status());
            }
            return ClientFields.complete(
                    answer.state(),
                    answer.response(),
                    node.identity(),
                    node.clock().instant());
        });
    }

    /** Which requests are recorded: for who answers some of them without this. */
    public LoopTracing tracing() {
        return tracing;
    }

    /** Calls of functions, for those that no client asks for. */
    FunctionCalls functions() {
        return functions;
    }

    /** Replaces a stored response that has become stale, while the client already has it. */
    private void revalidate(RequestState served) {
        RequestState state = served.asRevalidation();
        answer(revalidation, state).onSuccess(answer -> answer.response().body().discard());
    }

    /** A slice for an answer that is put together from several; never {@link Step.Continue}. */
    private Future<Step> slice(RequestState state) {
        return walk(slice, 0, state)
                .compose(step ->
                        step instanceof Step.Fail fail ? staleIfError.recover(fail) : Future.succeededFuture(step));
    }

    /** Walks the phases; whatever happens, there is an answer, unless the client goes away first. */
    private Future<Step.Respond> answer(List<Phase> phases, RequestState state) {
        return walk(phases, 0, state)
                .compose(step ->
                        step instanceof Step.Fail fail ? staleIfError.recover(fail) : Future.succeededFuture(step))
                .map(step -> switch (step) {
                    case Step.Respond respond -> respond;
                    case Step.Fail fail -> errors.answer(fail);
                    case Step.Continue unanswered ->
                        errors.answer(new Step.Fail(
                                unanswered.state(),
                                new EdgeError.Internal(new IllegalStateException("the last phase gave no answer"))));
                });
    }

    private Future<Step> walk(List<Phase> phases, int from, RequestState begun) {
        RequestState state = begun;
        for (int i = from; i < phases.size(); i++) {
            if (state.cancellation().isCancelled()) {
                return abandoned(state);
            }
            Future<Step> done = attempt(phases.get(i), state);
            if (!done.isComplete()) {
                int next = i + 1;
                return done.compose(step -> step instanceof Step.Continue goOn
                        ? walk(phases, next, goOn.state())
                        : Future.succeededFuture(step));
            }
            if (!(done.result() instanceof Step.Continue goOn)) {
                return done;
            }
            state = goOn.state();
        }
        return Step.goOn(state);
    }

    /** A fault inside a phase is a failure like others, with the state it began with. */
    private Future<Step> attempt(Phase phase, RequestState state) {
        Future<Step> done;
        try {
            done = watch.apply(phase, state);
        } catch (RuntimeException fault) {
            return Step.fail(state, new EdgeError.Internal(fault));
        }
        return done.isComplete() && done.succeeded()
                ? done
                : done.recover(fault -> Step.fail(state, new EdgeError.Internal(fault)));
    }

    /** Nobody waits: what was fetched is given back, and the answer never comes. */
    private static Future<Step> abandoned(RequestState state) {
        Fetched fetched = state.fetched();
        if (fetched != null) {
            fetched.body().discard();
        }
        if (state.request().body() instanceof Body.Streamed unread) {
            unread.cancel().run();
        }
        return Promise.<Step>promise().future();
    }
}
