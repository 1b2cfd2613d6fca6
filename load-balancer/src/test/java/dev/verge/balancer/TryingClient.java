package dev.verge.balancer;

import dev.verge.balancer.retry.RetryDecision;
import dev.verge.balancer.retry.TryResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The smallest proxy: sends a request to a pool with retries, as the node does, and gives the status that a client would see. */
final class TryingClient {
    private final Vertx vertx;
    private final HttpClientAgent connections;
    private volatile Duration perTry;

    TryingClient(Vertx vertx, Duration perTry) {
        this.vertx = vertx;
        this.connections = vertx.createHttpClient();
        this.perTry = perTry;
    }

    void perTry(Duration longest) {
        perTry = longest;
    }

    void close() throws Exception {
        connections.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The client's status: the origin's, 502 or 504 for a failed try, 503 when there is nobody to try. */
    Future<Integer> send(UpstreamPool pool, String method) {
        Promise<Integer> answer = Promise.promise();
        UpstreamCall call = PoolsByHand.open(pool);
        vertx.runOnContext(_ -> next(call, method, 503, answer));
        return answer.future().onComplete(_ -> call.close());
    }

    private void next(UpstreamCall call, String method, int statusSoFar, Promise<Integer> answer) {
        switch (call.next(Client.PLAIN)) {
            case Choice.Picked(Lease lease, var _) -> attempt(call, lease, method, answer);
            case Choice.NoneUsable(var _), Choice.Overloaded(var _) -> answer.complete(statusSoFar);
        }
    }

    private void attempt(UpstreamCall call, Lease lease, String method, Promise<Integer> answer) {
        Endpoint to = lease.endpoint();
        connections
                .request(new RequestOptions()
                        .setMethod(HttpMethod.valueOf(method))
                        .setHost(to.host())
                        .setPort(to.port())
                        .setURI("/"))
                .compose(request -> {
                    lease.connected();
                    return request.send()
                            .timeout(perTry.toMillis(), TimeUnit.MILLISECONDS)
                            .onFailure(_ -> request.reset());
                })
                .compose(response -> response.body().map(_ -> response.statusCode()))
                .onSuccess(lease::responded)
                .onFailure(cause -> lease.failed(failure(cause)))
                .onComplete(done -> {
                    lease.close();
                    int status =
                            done.succeeded() ? done.result() : done.cause() instanceof TimeoutException ? 504 : 502;
                    TryResult result = done.succeeded() ? new TryResult.Status(status) : result(done.cause());
                    boolean sent = !(result instanceof TryResult.ConnectFailed);
                    switch (call.afterFailure(method, sent, true, result)) {
                        case RetryDecision.MoveOn() -> next(call, method, status, answer);
                        case RetryDecision.TryAgain(var _, Duration backoff) ->
                            vertx.setTimer(Math.max(1, backoff.toMillis()), _ -> next(call, method, status, answer));
                        case RetryDecision.Stop(var _) -> answer.complete(status);
                    }
                });
    }

    private static TryFailure failure(Throwable cause) {
        return switch (cause) {
            case ConnectException _ -> TryFailure.REFUSED;
            case TimeoutException _ -> TryFailure.TIMEOUT;
            default -> TryFailure.RESET;
        };
    }

    private static TryResult result(Throwable cause) {
        return switch (failure(cause)) {
            case REFUSED, TLS_FAILED, CONNECT_TIMEOUT -> new TryResult.ConnectFailed();
            case TIMEOUT -> new TryResult.TimedOut();
            case RESET -> new TryResult.Reset();
            case BAD_RESPONSE, BODY_CUT -> new TryResult.Broken();
        };
    }
}
