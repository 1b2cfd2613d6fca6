package dev.verge.node.origin;

import dev.verge.balancer.Endpoint;
import dev.verge.balancer.TryFailure;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to all origins. Limits on their number are the balancer's; the ones here only keep a mistake
 * from growing without end. Not thread-safe: used on its event loop alone.
 */
public final class OriginClient {
    private static final int CONNECTIONS_PER_ORIGIN = 4096;
    private static final int RESPONSE_HEADER_BYTES = 64 * 1024;
    private static final int RESPONSE_LINE_BYTES = 8 * 1024;

    private final Vertx vertx;
    private final Addresses addresses;
    private final Map<Duration, HttpClient> byIdleTimeout = new HashMap<>();

    public OriginClient(Vertx vertx, Addresses addresses) {
        this.vertx = vertx;
        this.addresses = addresses;
    }

    /**
     * Makes one try. Its end never fails: every way to end is a {@link TryEnd}.
     *
     * @param connected run when a connection has been taken, before anything is sent
     */
    public Attempt attempt(OriginCall call, Runnable connected) {
        Attempt attempt = new Attempt();
        Endpoint endpoint = call.endpoint();
        Duration connectTimeout = min(call.timeouts().connect(), call.headTimeout());
        long started = System.nanoTime();
        addresses
                .resolve(call.scope(), endpoint.host(), endpoint.port())
                .compose(address -> client(call.timeouts().idleConnection())
                        .request(new RequestOptions()
                                .setServer(address)
                                .setHost(endpoint.serverName())
                                .setPort(endpoint.port())
                                .setSsl(endpoint.secure())
                                .setSslOptions(endpoint.secure() ? tls(endpoint) : null)
                                .setMethod(HttpMethod.valueOf(call.method()))
                                .setURI(call.target())
                                .setFollowRedirects(false)
                                .setConnectTimeout(Math.max(1, connectTimeout.toMillis()))))
                .onComplete(
                        request -> {
                            if (attempt.cancelled) {
                                request.reset();
                                return;
                            }
                            connected.run();
                            Duration left = call.headTimeout().minusNanos(System.nanoTime() - started);
                            OneTry sending = new OneTry(vertx, request, call, left);
                            attempt.abort = sending::cancel;
                            sending.run().onSuccess(attempt.end::tryComplete);
                        },
                        cause -> attempt.end.tryComplete(notConnected(cause)));
        return attempt;
    }

    /** One try under way. Used on its event loop alone. */
    public static final class Attempt {
        private final Promise<TryEnd> end = Promise.promise();
        private @Nullable Runnable abort;
        private boolean cancelled;

        /** Completes when the head is there or the try is over; never after {@link #cancel}. */
        public Future<TryEnd> end() {
            return end.future();
        }

        /** Gives the try up. Without effect once it has ended: then the answer's body is there to cancel. */
        public void cancel() {
            cancelled = true;
            Runnable action = abort;
            if (action != null && !end.future().isComplete()) {
                action.run();
            }
        }
    }

    /** Closes every connection. */
    public Future<Void> close() {
        List<Future<Void>> closing =
                byIdleTimeout.values().stream().map(HttpClient::close).toList();
        return Future.join(closing).mapEmpty();
    }

    private HttpClient client(Duration idleConnection) {
        return byIdleTimeout.computeIfAbsent(
                idleConnection,
                idle -> vertx.httpClientBuilder()
                        .with(new HttpClientOptions()
                                .setKeepAliveTimeout((int) Math.max(1, idle.toSeconds()))
                                .setMaxHeaderSize(RESPONSE_HEADER_BYTES)
                                .setMaxInitialLineLength(RESPONSE_LINE_BYTES)
                                .setSslEngineOptions(new OpenSSLEngineOptions())
                                .setDecompressionSupported(false))
                        .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ORIGIN))
                        // The try on a connection hears of its end by itself; between tries it is no event.
                        .withConnectHandler(connection -> {
                            connection.exceptionHandler(broken -> {});
                            AnswerGate.watch(connection);
                        })
                        .build());
    }

    private static ClientSSLOptions tls(Endpoint endpoint) {
        ClientSSLOptions options = new ClientSSLOptions();
        if (endpoint.verify()) {
            options.setHostnameVerificationAlgorithm("HTTPS");
        } else {
            options.setTrustAll(true).setHostnameVerificationAlgorithm("");
        }
        return options;
    }

    private static TryEnd notConnected(Throwable cause) {
        return switch (cause) {
            case Addresses.NotAllowed notAllowed ->
                new TryEnd.Failed(TryFailure.REFUSED, OriginFailure.ADDRESS_NOT_ALLOWED, false, false);
            case UnknownHostException unknown ->
                new TryEnd.Failed(TryFailure.REFUSED, OriginFailure.NAME_NOT_RESOLVED, false, false);
            case ConnectTimeoutException slow ->
                new TryEnd.Failed(TryFailure.CONNECT_TIMEOUT, OriginFailure.CONNECT_TIMEOUT, false, false);
            case TimeoutException slow ->
                new TryEnd.Failed(TryFailure.CONNECT_TIMEOUT, OriginFailure.CONNECT_TIMEOUT, false, false);
            case SSLException tls -> new TryEnd.Failed(TryFailure.TLS_FAILED, OriginFailure.TLS, false, false);
            default -> new TryEnd.Failed(TryFailure.REFUSED, OriginFailure.REFUSED, false, false);
        };
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
