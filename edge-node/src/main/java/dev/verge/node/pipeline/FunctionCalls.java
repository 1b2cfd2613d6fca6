package dev.verge.node.pipeline;

import dev.verge.cache.decision.ForwardReason;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.serve.CacheStatus;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.observe.AccessLog;
import dev.verge.node.observe.FunctionRecord;
import dev.verge.node.quota.Admission;
import dev.verge.node.quota.Quotas;
import dev.verge.node.site.DeployedFunction;
import dev.verge.node.trace.OpenSpan;
import dev.verge.node.usage.UsageMeter;
import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sync.document.FunctionUse;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls a function of the site's account with the client's request, and reads its answer. */
final class FunctionCalls {
    /** Framing is the node's own; the rest tell of the connection the function does not have. */
    private static final Set<String> NOT_TO_FUNCTION = Set.of(
            "verge-debug",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-forwarded-host",
            "forwarded",
            "x-request-id",
            "traceparent",
            "tracestate");

    private final FunctionRuntime runtime;
    private final FunctionCode code;
    private final NodeIdentity node;
    private final AccessLog log;
    private final UsageMeter usage;
    private final Quotas quotas;
    private final Clock clock;
    private final FunctionDoor door;

    FunctionCalls(
            FunctionRuntime runtime,
            FunctionCode code,
            NodeIdentity node,
            AccessLog log,
            UsageMeter usage,
            Quotas quotas,
            Clock clock,
            FunctionDoor door) {
        this.runtime = runtime;
        this.code = code;
        this.node = node;
        this.log = log;
        this.usage = usage;
        this.quotas = quotas;
        this.clock = clock;
        this.door = door;
    }

    /** What came of a call. */
    sealed interface Answer {
        Trail trail();
    }

    record Answered(Trail trail, Fetched fetched) implements Answer {}

    /** It threw, and had asked that the request go on without it then. */
    record PassThrough(Trail trail) implements Answer {}

    record NoAnswer(Trail trail, EdgeError error) implements Answer {}

    /** @param use name under which the site knows the function */
    Future<Answer> call(RequestState state, String use) {
        FunctionUse known = state.routedSite().document().functions().get(use);
        String name = known == null ? use : known.function();
        DeployedFunction function = state.routing().function(state.routedSite().account(), name);
        if (function == null) {
            Trail trail = functionTrail(state, name, "missing");
            return Future.succeededFuture(new NoAnswer(trail, new EdgeError.FunctionFailed("missing", true)));
        }
        Admission admission = quotas.run(function.account());
        if (!(admission instanceof Admission.Admitted admitted)) {
            return Future.succeededFuture(overQuota(state, name, (Admission.Refused) admission));
        }
        DeployedFunction.Share share = function.choose(state.clientAddress());
        Instant asked = clock.instant();
        RunMeter meter = new RunMeter(admitted);
        @Nullable OpenSpan span = FunctionSpans.begin(state.trace(), name);
        FunctionInvocation invocation =
                meter.begin(() -> runtime.start(callOf(state, FunctionRun.of(state, name, node, span), share, meter)));
        state.cancellation().set(invocation::cancel);
        return invocation
                .result()
                .map(result -> answer(state, name, invocation, result, asked, span, meter))
                .otherwise(failure -> {
                    meter.notRun();
                    return notRun(state, name, failure, span);
                });
    }

    private static Answer overQuota(RequestState state, String name, Admission.Refused refused) {
        return new NoAnswer(
                functionTrail(state, name, "over-quota"),
                new EdgeError.OverQuota(refused.quota(), refused.retryAfter()));
    }

    /** A run of the account that no client asked for. */
    Admission admit(String account) {
        return quotas.run(account);
    }

    private static Answer notRun(RequestState state, String name, Throwable failure, @Nullable OpenSpan span) {
        boolean isBusy = failure instanceof NoHostException full && full.isBusy();
        FunctionSpans.notRun(span, isBusy ? "busy" : "no-host");
        return failure instanceof NoHostException busy && busy.isBusy()
                ? new NoAnswer(functionTrail(state, name, "busy"), new EdgeError.RateLimited(busy.retryAfter()))
                : new NoAnswer(
                        functionTrail(state, name, "no-host"),
                        new EdgeError.Overloaded("function", Duration.ofSeconds(1)));
    }

    private Answer answer(
            RequestState state,
            String name,
            FunctionInvocation invocation,
            FunctionResult result,
            Instant asked,
            @Nullable OpenSpan span,
            RunMeter meter) {
        state.cancellation().clear();
        record(result, asked, span, meter);
        Trail trail = functionTrail(state, name, result.outcome().word());
        if (result.outcome() != FunctionOutcome.OK) {
            if (result.passThrough()) {
                return new PassThrough(trail);
            }
            return new NoAnswer(
                    trail,
                    new EdgeError.FunctionFailed(
                            result.outcome().word(), result.outcome().status() == 503));
        }
        HttpFields fields = FieldRules.endToEnd(fields(result.headers()));
        Buffer whole = result.whole();
        ReadStream<Buffer> stream = meter.out(result.body(), whole);
        Body body = stream == null
                ? Body.none()
                : whole != null
                        ? new Body.Whole(whole)
                        : new Body.Streamed(stream, result.length(), invocation::cancel);
        return new Answered(trail, new Fetched(result.status(), fields, body, asked, clock.instant()));
    }

    /**
     * Writes the record of a run, when all of it is over.
     *
     * @param called when it was called
     * @param span of the run; null when it is not recorded
     * @param meter what the run took
     */
    void record(FunctionResult result, Instant called, @Nullable OpenSpan span, RunMeter meter) {
        result.done().onSuccess(done -> {
            meter.ended(done, usage);
            log.add(new FunctionRecord(done));
            FunctionSpans.end(span, called, done);
        });
    }

    /**
     * A function's call of another one of its account, within the platform. The calls that lead to one another are a chain without
     * repeats: a function that calls itself, by however many others, would never end.
     */
    Future<SubrequestResponse> callInner(FunctionRun run, String name, Subrequest asked) {
        if (run.chain().contains(name)) {
            throw new Fetches.Refused("function " + name + " is already part of this call: "
                    + String.join(" \u2192 ", run.chain()) + " \u2192 " + name);
        }
        if (run.chain().size() >= FunctionRun.MAX_DEPTH) {
            throw new Fetches.Refused("functions may call each other " + FunctionRun.MAX_DEPTH + " deep: "
                    + String.join(" \u2192 ", run.chain()) + " \u2192 " + name);
        }
        DeployedFunction function = run.routing().function(run.account(), name);
        if (function == null) {
            throw new Fetches.Refused("there is no function " + name);
        }
        DeployedFunction.Share share = function.choose(run.caller().client());
        if (!(quotas.run(run.account()) instanceof Admission.Admitted admitted)) {
            throw new Fetches.Refused("function " + name + " cannot run now: the account has used up a quota");
        }
        RunMeter meter = new RunMeter(admitted);
        Instant called = clock.instant();
        @Nullable OpenSpan span = FunctionSpans.begin(run.trace(), name);
        FunctionRun inner = run.calling(name, span);
        FunctionInvocation invocation = meter.begin(() -> runtime.start(new FunctionCall(
                share.version(),
                () -> code.bundle(share.version().sha256()),
                run.requestId(),
                asked.method(),
                asked.url(),
                asked.headers(),
                meter.in(asked.body()),
                door.open(inner, share, this),
                run.facts(),
                inner.traceparent(),
                null,
                true)));
        asked.signal().onAbort(invocation::cancel);
        return invocation.result().transform(end -> {
            if (end.failed()) {
                meter.notRun();
                FunctionSpans.notRun(span, "no-host");
                return Future.failedFuture(new Fetches.Refused("function " + name + " has no host now"));
            }
            FunctionResult result = end.result();
            record(result, called, span, meter);
            return result.outcome() == FunctionOutcome.OK
                    ? Future.succeededFuture(new SubrequestResponse(
                            result.status(),
                            asked.url(),
                            false,
                            result.headers(),
                            meter.out(result.body(), null),
                            result.length()))
                    : Future.failedFuture(new Fetches.Refused(
                            "function " + name + " ended: " + result.outcome().word()));
        });
    }

    /** Starts a run that no client asked for. */
    FunctionInvocation start(FunctionRun run, DeployedFunction.Share share, FunctionCall call) {
        return runtime.start(new FunctionCall(
                call.function(),
                () -> code.bundle(share.version().sha256()),
                run.requestId(),
                call.method(),
                call.url(),
                call.headers(),
                call.body(),
                door.open(run, share, this),
                call.scheduled() == null ? run.facts() : "",
                run.traceparent(),
                call.scheduled(),
                false));
    }

    private static Trail functionTrail(RequestState state, String name, String outcome) {
        return state.trail()
                .withFunction(name, outcome)
                .withCache("function", CacheStatus.forwarded(ForwardReason.BYPASS));
    }

    private FunctionCall callOf(RequestState state, FunctionRun run, DeployedFunction.Share share, RunMeter meter) {
        ClientRequest request = state.request();
        String url = state.scheme() + "://" + node.publicHost(state.scheme(), state.host()) + request.target();
        return new FunctionCall(
                share.version(),
                () -> code.bundle(share.version().sha256()),
                state.requestId(),
                request.method(),
                url,
                headers(state, run),
                meter.in(stream(request.body())),
                door.open(run, share, this),
                run.facts(),
                run.traceparent(),
                null,
                false);
    }

    private static List<HeaderField> headers(RequestState state, FunctionRun run) {
        List<HeaderField> headers = new ArrayList<>();
        FieldRules.endToEnd(state.head().fields()).forEach((name, value) -> {
            if (!NOT_TO_FUNCTION.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                headers.add(new HeaderField(name, value));
            }
        });
        if (state.request().fields().first("host") == null) {
            headers.add(new HeaderField("host", state.host()));
        }
        headers.add(new HeaderField("x-forwarded-for", NetUtil.toAddressString(state.clientAddress())));
        headers.add(new HeaderField("x-forwarded-proto", state.scheme()));
        headers.add(new HeaderField("x-request-id", state.requestId()));
        HttpFields.Builder trace = HttpFields.builder();
        run.trace().context().addTo(trace);
        trace.build().forEach((name, value) -> headers.add(new HeaderField(name, value)));
        return headers;
    }

    static HttpFields fields(List<HeaderField> headers) {
        HttpFields.Builder fields = HttpFields.builder();
        for (HeaderField header : headers) {
            fields.add(header.name(), header.value());
        }
        return fields.build().without("content-length");
    }

    static @Nullable ReadStream<Buffer> stream(Body body) {
        return body.length() == 0 ? null : body.streamed().stream();
    }
}
