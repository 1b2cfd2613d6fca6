package dev.verge.node.pipeline;

import dev.verge.balancer.Choice;
import dev.verge.balancer.HedgeEnd;
import dev.verge.balancer.LatePool;
import dev.verge.balancer.Lease;
import dev.verge.balancer.TryFailure;
import dev.verge.balancer.UpstreamCall;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.TryResult;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeError;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.origin.OriginCall;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.origin.TryEnd;
import dev.verge.node.trace.OpenSpan;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All tries of one request. The balancer says where and whether; this makes the tries and gives everything back. */
final class OriginTries {
    private static final long NONE = -1;
    private static final int SWITCHING_PROTOCOLS = HttpResponseStatus.SWITCHING_PROTOCOLS.code();

    private final Vertx vertx;
    private final OriginClient client;
    private final Clock clock;
    private final RequestState state;
    private final PoolOptions options;
    private final UpstreamCall call;
    private final OriginRequest request;
    private final Body body;
    private final Promise<Step> end = Promise.promise();
    private final boolean plain;
    /** Tries under way; more than one only while they race. */
    private final List<RunningTry> running = new ArrayList<>();

    private int tries;
    private int hedges;
    private long hedgeTimer = NONE;
    private @Nullable RunningTry last;
    private @Nullable Kept kept;
    private EdgeError lastError = OriginFailure.NONE_HEALTHY;

    /** An answer that a retry may still replace by a better one. */
    private record Kept(RunningTry by, TryEnd.Answered answer) {
        void giveUp() {
            answer.body().discard();
            by.lease().close();
        }
    }

    OriginTries(
            Vertx vertx,
            OriginClient client,
            Clock clock,
            RequestState state,
            LatePool pool,
            OriginRequest request,
            Body body) {
        this.vertx = vertx;
        this.client = client;
        this.clock = clock;
        this.state = state;
        this.options = pool.options();
        this.call = pool.open();
        this.request = request;
        this.body = body;
        this.plain = body instanceof Body.Whole whole
                && whole.bytes().length() == 0
                && state.request().upgrade() == null;
    }

    Future<Step> run() {
        next();
        return end.future();
    }

    private void next() {
        switch (call.next(request)) {
            case Choice.Picked picked -> attempt(picked);
            case Choice.NoneUsable none -> settle();
            case Choice.Overloaded overloaded -> {
                if (kept == null) {
                    lastError = EdgeError.Overloaded.pool(Duration.ofSeconds(1));
                }
                settle();
            }
        }
    }

    /** Nobody else can be tried: what there is, is the answer. */
    private void settle() {
        Kept former = kept;
        if (former != null) {
            kept = null;
            pass(former);
        } else {
            state.cancellation().clear();
            call.close();
            end.tryComplete(new Step.Fail(told(), lastError));
        }
    }

    private void attempt(Choice.Picked picked) {
        Kept former = kept;
        kept = null;
        if (former != null) {
            former.giveUp();
        }
        begin(picked, false, false);
    }

    private void begin(Choice.Picked picked, boolean fresh, boolean hedge) {
        tries++;
        Lease lease = picked.lease();
        Duration left = call.remaining();
        Duration perTry = options.retries().perTryTimeout();
        @Nullable
        OpenSpan span = TrySpans.begin(
                state.trace(), request.method(), lease.endpoint(), request.targetFor(options), tries - 1, hedge);
        OriginCall sending = new OriginCall(
                lease.endpoint(),
                lease.connections(),
                state.routedSite().scope(),
                request.method(),
                request.targetFor(options),
                request.fieldsFor(lease.endpoint(), options, span),
                body,
                state.request().upgrade(),
                state.request().interim(),
                options.timeouts(),
                perTry != null && perTry.compareTo(left) < 0 ? perTry : left);
        Instant requestedAt = clock.instant();
        RunningTry begun = new RunningTry(
                picked, fresh, hedge, requestedAt, client.attempt(sending, fresh, lease::connected), span);
        running.add(begun);
        last = begun;
        awaitHedge();
        state.cancellation().set(this::giveUp);
        begun.attempt().end().onSuccess(ended -> finished(begun, ended));
    }

    /** Nobody waits for the answer. */
    private void giveUp() {
        stopHedging();
        List<RunningTry> all = List.copyOf(running);
        running.clear();
        all.forEach(RunningTry::giveUp);
        call.close();
    }

    private void awaitHedge() {
        stopHedging();
        call.hedgeAfter(request.method(), plain).ifPresent(wait -> {
            hedgeTimer = vertx.setTimer(Math.max(1, Math.ceilDiv(wait.toNanos(), 1_000_000)), ignored -> {
                hedgeTimer = NONE;
                if (!running.isEmpty()) {
                    call.hedge(request).ifPresent(picked -> {
                        hedges++;
                        begin(picked, false, true);
                    });
                }
            });
        });
    }

    private void stopHedging() {
        if (hedgeTimer != NONE) {
            vertx.cancelTimer(hedgeTimer);
            hedgeTimer = NONE;
        }
    }

    private void finished(RunningTry by, TryEnd ended) {
        // Who is not among those under way has been given up, and may end because of that.
        boolean awaited = running.remove(by);
        TrySpans.end(by.span(), ended);
        if (!awaited || state.cancellation().isCancelled()) {
            switch (ended) {
                case TryEnd.Answered answered -> answered.body().discard();
                case TryEnd.Switched switched -> switched.body().discard();
                case TryEnd.SenderFailed _, TryEnd.Failed _, TryEnd.NoRoom _ -> {}
            }
            by.lease().close();
        } else if (ended instanceof TryEnd.Failed failed
                && failed.keptConnection()
                && !by.fresh()
                && call.mayRepeat(request.method(), isReplayable(failed))) {
            begin(by.picked(), true, by.hedge());
        } else if (!running.isEmpty() && by.hasFailed(ended, call)) {
            // Another one is under way, and may do better.
            lastError = by.fallBack(ended, call, lastError);
        } else {
            stopHedging();
            state.cancellation().clear();
            settleRace(by, ended);
            ended(by, ended);
        }
    }

    /** Its end is the race's; the others are given up, and are not to blame for it. */
    private void settleRace(RunningTry by, TryEnd ended) {
        last = by;
        if (by.hedge()) {
            call.hedged(by.hasFailed(ended, call) ? HedgeEnd.FAILED : HedgeEnd.WON);
        }
        List<RunningTry> others = List.copyOf(running);
        running.clear();
        others.forEach(other -> other.outrun(call));
    }

    private void ended(RunningTry by, TryEnd ended) {
        Lease lease = by.lease();
        switch (ended) {
            case TryEnd.Answered answered -> {
                lease.responded(answered.status());
                Kept answer = new Kept(by, answered);
                boolean replayable =
                        body instanceof Body.Whole || state.request().upgrade() != null;
                RetryDecision decision =
                        call.afterFailure(request.method(), true, replayable, new TryResult.Status(answered.status()));
                if (decision instanceof RetryDecision.Stop) {
                    pass(answer);
                } else {
                    kept = answer;
                    follow(decision);
                }
            }
            case TryEnd.Switched switched -> {
                lease.responded(SWITCHING_PROTOCOLS);
                switched.over().onComplete(over -> over(lease, null));
                end.tryComplete(new Step.Continue(withCookie(by)
                        .with(new Fetched(
                                SWITCHING_PROTOCOLS,
                                switched.fields(),
                                switched.body(),
                                by.requestedAt(),
                                clock.instant()))));
            }
            case TryEnd.SenderFailed sender -> {
                lease.close();
                lastError = sender.error();
                settle();
            }
            case TryEnd.NoRoom full -> {
                lease.noConnection();
                lease.close();
                lastError = full.error();
                settle();
            }
            case TryEnd.Failed failed -> {
                lease.failed(failed.failure());
                lease.close();
                lastError = failed.error();
                follow(call.afterFailure(
                        request.method(), failed.sent(), isReplayable(failed), result(failed.failure())));
            }
        }
    }

    private boolean isReplayable(TryEnd.Failed failed) {
        return body instanceof Body.Whole || !failed.bodyTaken();
    }

    private void follow(RetryDecision decision) {
        switch (decision) {
            case RetryDecision.MoveOn moveOn -> next();
            case RetryDecision.TryAgain again -> {
                long pause = again.backoff().toMillis();
                if (pause <= 0) {
                    next();
                } else {
                    waitThenNext(pause);
                }
            }
            case RetryDecision.Stop stop -> settle();
        }
    }

    private void waitThenNext(long millis) {
        long timer = vertx.setTimer(millis, ignored -> {
            state.cancellation().clear();
            next();
        });
        state.cancellation().set(() -> {
            vertx.cancelTimer(timer);
            Kept former = kept;
            if (former != null) {
                former.giveUp();
            }
            call.close();
        });
    }

    private void pass(Kept answer) {
        TryEnd.Answered answered = answer.answer();
        RunningTry by = answer.by();
        Body watched = watched(by.lease(), answered.body());
        end.tryComplete(new Step.Continue(withCookie(by)
                .with(new Fetched(answered.status(), answered.fields(), watched, by.requestedAt(), clock.instant()))));
    }

    private RequestState withCookie(RunningTry by) {
        String setCookie = by.picked().setCookie();
        return setCookie == null ? told() : told().withAffinity(setCookie);
    }

    /** The lease and the call end with the body. */
    private Body watched(Lease lease, Body received) {
        if (!(received instanceof Body.Streamed streamed)) {
            over(lease, null);
            return received;
        }
        WatchedStream stream = new WatchedStream(streamed.stream(), failure -> over(lease, failure));
        return new Body.Streamed(stream, streamed.length(), () -> {
            over(lease, null);
            streamed.cancel().run();
        });
    }

    private void over(Lease lease, @Nullable Throwable failure) {
        if (failure != null) {
            lease.failed(TryFailure.BODY_CUT);
        }
        lease.close();
        call.close();
    }

    private RequestState told() {
        RunningTry latest = last;
        return latest == null ? state : state.with(state.trail().withOrigin(latest.origin(), tries, hedges));
    }

    private static TryResult result(TryFailure failure) {
        return switch (failure) {
            case REFUSED, TLS_FAILED, CONNECT_TIMEOUT -> new TryResult.ConnectFailed();
            case RESET -> new TryResult.Reset();
            case TIMEOUT -> new TryResult.TimedOut();
            case BAD_RESPONSE, BODY_CUT -> new TryResult.Broken();
        };
    }
}
