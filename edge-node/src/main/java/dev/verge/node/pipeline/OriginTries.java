package dev.verge.node.pipeline;

import dev.verge.balancer.Choice;
import dev.verge.balancer.Lease;
import dev.verge.balancer.TryFailure;
import dev.verge.balancer.UpstreamCall;
import dev.verge.balancer.UpstreamPool;
import dev.verge.balancer.options.PoolOptions;
import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.TryResult;
import dev.verge.cache.http.HttpFields;
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
import org.jspecify.annotations.Nullable;

/** All tries of one request. The balancer says where and whether; this makes the tries and gives everything back. */
final class OriginTries {
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
    private Instant requestedAt;
    private int tries;
    private String lastOrigin = "";
    private @Nullable Kept kept;
    private EdgeError lastError = OriginFailure.NONE_HEALTHY;

    /** An answer that a retry may still replace by a better one. */
    private record Kept(Lease lease, @Nullable String setCookie, TryEnd.Answered answer) {
        void giveUp() {
            answer.body().discard();
            lease.close();
        }
    }

    OriginTries(
            Vertx vertx,
            OriginClient client,
            Clock clock,
            RequestState state,
            UpstreamPool pool,
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
        this.requestedAt = clock.instant();
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
        attempt(picked, false);
    }

    /** @param fresh whether only a new connection will do */
    private void attempt(Choice.Picked picked, boolean fresh) {
        Kept former = kept;
        kept = null;
        if (former != null) {
            former.giveUp();
        }
        tries++;
        Lease lease = picked.lease();
        lastOrigin = lease.endpoint().origin().url();
        requestedAt = clock.instant();
        Duration left = call.remaining();
        Duration perTry = options.retries().perTryTimeout();
        @Nullable
        OpenSpan span = TrySpans.begin(
                state.trace(), request.method(), lease.endpoint(), request.targetFor(options), tries - 1);
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
        OriginClient.Attempt attempt = client.attempt(sending, fresh, lease::connected);
        state.cancellation().set(() -> {
            TrySpans.cancelled(span);
            attempt.cancel();
            lease.close();
            call.close();
        });
        attempt.end().onSuccess(ended -> {
            TrySpans.end(span, ended);
            if (state.cancellation().isCancelled()) {
                switch (ended) {
                    case TryEnd.Answered answered -> answered.body().discard();
                    case TryEnd.Switched switched -> switched.body().discard();
                    case TryEnd.SenderFailed _, TryEnd.Failed _, TryEnd.NoRoom _ -> {}
                }
                lease.close();
                call.close();
            } else {
                state.cancellation().clear();
                ended(picked, fresh, ended);
            }
        });
    }

    private void ended(Choice.Picked picked, boolean fresh, TryEnd ended) {
        Lease lease = picked.lease();
        switch (ended) {
            case TryEnd.Answered answered -> {
                lease.responded(answered.status());
                Kept answer = new Kept(lease, picked.setCookie(), answered);
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
                RequestState told = told();
                RequestState cookie = picked.setCookie() == null ? told : told.withAffinity(picked.setCookie());
                end.tryComplete(new Step.Continue(cookie.with(new Fetched(
                        SWITCHING_PROTOCOLS, switched.fields(), switched.body(), requestedAt, clock.instant()))));
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
            case TryEnd.Failed failed
            when failed.keptConnection()
                    && !fresh
                    && call.mayRepeat(request.method(), body instanceof Body.Whole || !failed.bodyTaken()) ->
                attempt(picked, true);
            case TryEnd.Failed failed -> {
                lease.failed(failed.failure());
                lease.close();
                lastError = failed.error();
                boolean replayable = body instanceof Body.Whole || !failed.bodyTaken();
                follow(call.afterFailure(request.method(), failed.sent(), replayable, result(failed.failure())));
            }
        }
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
        HttpFields fields = answered.fields();
        RequestState told = told();
        if (answer.setCookie() != null) {
            told = told.withAffinity(answer.setCookie());
        }
        Body watched = watched(answer.lease(), answered.body());
        end.tryComplete(new Step.Continue(
                told.with(new Fetched(answered.status(), fields, watched, requestedAt, clock.instant()))));
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
        return tries == 0 ? state : state.with(state.trail().withOrigin(lastOrigin, tries));
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
