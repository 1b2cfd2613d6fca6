package dev.verge.balancer.health;

import static java.util.Objects.requireNonNull;

import dev.verge.balancer.FairLimit;
import dev.verge.balancer.options.HealthCheck;
import dev.verge.balancer.options.HealthCheckType;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.balancer.options.OriginTls;
import dev.verge.balancer.options.PoolOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks each origin of a pool in turn whether it is well: at once when started, then at the interval with jitter, and four times
 * as often while an origin's state is about to change.
 *
 * <p>Every probe makes a connection of its own, so that it also tests whether the origin accepts one, and that connection is closed when
 * the time-out is over, whatever the origin does. Runs on one event loop; never blocks it.
 */
public final class HealthProber implements AutoCloseable {
    private static final int KEPT_BODY_BYTES = 64 * 1024;
    private static final double JITTER = 0.1;
    private static final int FAST_DIVISOR = 4;
    private static final int MAX_REASON_CHARS = 256;

    /** Takes results. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A probe of this origin has ended. Returns whether its state is about to change, so that the next probe comes soon.
         *
         * @param failure what was wrong; null: the probe got what it expected
         */
        boolean probed(int index, @Nullable String failure);
    }

    /** What a client is made for: Web Client does not pass TLS options of a request on. */
    private record Way(OriginTls tls, OriginProtocol protocol) {
        static Way of(Origin origin) {
            return new Way(origin.tls() == null ? OriginTls.DEFAULT : origin.tls(), origin.protocol());
        }
    }

    private final Vertx vertx;
    private final String scope;
    private final HealthCheck check;
    private final PoolOptions pool;
    private final AddressGuard guard;
    private final ClientKeys keys;
    private final Supplier<RandomGenerator> random;
    private final Listener listener;
    private final Map<Way, HttpClientAgent> clients = new HashMap<>();
    private final NetClient connecting;
    private final List<Watch> watches = new ArrayList<>();
    private final TimeoutException tooLate;
    private volatile boolean closed;

    /**
     * @param pool must have a health check
     * @param listener called on the prober's event loop
     */
    public HealthProber(
            Vertx vertx,
            String scope,
            HealthCheck check,
            PoolOptions pool,
            AddressGuard guard,
            ClientKeys keys,
            Supplier<RandomGenerator> random,
            Listener listener) {
        this.vertx = vertx;
        this.scope = scope;
        this.check = check;
        this.pool = pool;
        this.guard = guard;
        this.keys = keys;
        this.random = random;
        this.listener = listener;
        this.tooLate =
                new TimeoutException("no answer within " + check.timeout().toMillis() + " ms");
        this.connecting = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) FairLimit.longest(check.timeout()).toMillis()));
        for (int i = 0; i < pool.origins().size(); i++) {
            Origin origin = pool.origins().get(i);
            watches.add(new Watch(i, origin));
            if (check.type() == HealthCheckType.HTTP) {
                clients.computeIfAbsent(Way.of(origin), this::connections);
            }
        }
    }

    /** Begins probing. Call once. */
    public void start() {
        Context context = vertx.getOrCreateContext();
        context.runOnContext(_ -> watches.forEach(Watch::probe));
    }

    /** Stops probing; a probe under way is dropped without a result. */
    @Override
    public void close() {
        closed = true;
        watches.forEach(watch -> vertx.cancelTimer(watch.timer));
        clients.values().forEach(HttpClientAgent::close);
        connecting.close();
    }

    /** As an origin wants it now: its client certificate may have been renewed since the last probe. */
    private ClientSSLOptions tls(OriginTls tls) {
        ClientSSLOptions options = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm(tls.verify() ? "HTTPS" : "")
                .setTrustAll(!tls.verify());
        if (tls.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(tls.ca())));
        }
        if (tls.clientCertificate() != null) {
            options.setKeyCertOptions(keys.find(scope, tls.clientCertificate()));
        }
        return options;
    }

    private HttpClientAgent connections(Way way) {
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(false)
                .setTrustAll(!way.tls.verify())
                .setVerifyHost(way.tls.verify())
                .setConnectTimeout((int) FairLimit.longest(check.timeout()).toMillis());
        if (way.tls.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(way.tls.ca())));
        }
        if (way.tls.clientCertificate() != null) {
            options.setKeyCertOptions(keys.find(scope, way.tls.clientCertificate()));
        }
        switch (way.protocol) {
            case HTTP1 -> {}
            case AUTO -> options.setUseAlpn(true);
            case H2 -> options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
            case H2C -> options.setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        }
        return vertx.httpClientBuilder()
                .with(options)
                .withConnectHandler(this::closeInTime)
                .build();
    }

    private void closeInTime(HttpConnection connection) {
        long timer = vertx.setTimer(FairLimit.longest(check.timeout()).toMillis(), _ -> connection.close());
        connection.closeHandler(_ -> vertx.cancelTimer(timer));
    }

    /** The failure and what lies at its bottom, in a bounded text. */
    private static String reason(Throwable failure) {
        Throwable bottom = failure;
        for (int depth = 0; depth < 10 && bottom.getCause() != null; depth++) {
            bottom = bottom.getCause();
        }
        String text = message(failure);
        if (!bottom.equals(failure)) {
            text += " (" + message(bottom) + ')';
        }
        return text.length() <= MAX_REASON_CHARS ? text : text.substring(0, MAX_REASON_CHARS);
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    /** One origin. */
    private final class Watch {
        private final int index;
        private final Origin origin;
        private volatile long timer = -1;

        Watch(int index, Origin origin) {
            this.index = index;
            this.origin = origin;
        }

        void probe() {
            if (closed) {
                return;
            }
            // A guard that throws is a failed probe too, and must not end the probing.
            Promise<Optional<String>> result = Promise.promise();
            FairLimit limit = FairLimit.in(vertx, check.timeout(), () -> result.tryFail(tooLate));
            Future.succeededFuture()
                    .compose(_ -> guard.resolve(scope, origin.host(), origin.port()))
                    .compose(this::ask)
                    .onComplete(result::tryComplete, result::tryFail);
            result.future().onComplete(asked -> {
                limit.lift();
                ended(asked.succeeded() ? asked.result().orElse(null) : reason(asked.cause()));
            });
        }

        private void ended(@Nullable String failure) {
            if (closed) {
                return;
            }
            boolean soon = listener.probed(index, failure);
            timer = vertx.setTimer(pauseMillis(soon), _ -> probe());
            if (closed) {
                vertx.cancelTimer(timer);
            }
        }

        private long pauseMillis(boolean soon) {
            double pause = check.interval().toMillis() / (soon ? (double) FAST_DIVISOR : 1);
            double spread = 1 + JITTER * (2 * random.get().nextDouble() - 1);
            return Math.max(1, Math.round(pause * spread));
        }

        private Future<Optional<String>> ask(SocketAddress address) {
            return switch (check.type()) {
                case HTTP -> request(address);
                case TCP -> connect(address);
            };
        }

        /** A connection, and with TLS a handshake, is all that is wanted. */
        private Future<Optional<String>> connect(SocketAddress address) {
            ConnectOptions target = new ConnectOptions().setRemoteAddress(address);
            if (origin.secure()) {
                OriginTls tls = Way.of(origin).tls;
                String name = tls.sni() == null ? origin.host() : tls.sni();
                target.setSsl(true)
                        .setSslOptions(tls(tls))
                        .setHost(name)
                        .setPort(origin.port())
                        .setSniServerName(name);
            }
            return connecting.connect(target).compose(NetSocket::close).map(Optional.empty());
        }

        private Future<Optional<String>> request(SocketAddress address) {
            OriginTls tls = Way.of(origin).tls;
            RequestOptions target = new RequestOptions()
                    .setServer(address)
                    .setHost(tls.sni() == null ? origin.host() : tls.sni())
                    .setPort(origin.port())
                    .setMethod(HttpMethod.valueOf(check.method()))
                    .setURI(check.path())
                    .setSsl(origin.secure());
            HttpClientAgent client = requireNonNull(clients.get(Way.of(origin)));
            Future<?> current = tls.clientCertificate() == null || !origin.secure()
                    ? Future.succeededFuture()
                    : client.updateSSLOptions(
                            HealthProber.this.tls(tls).setUseAlpn(origin.protocol() != OriginProtocol.HTTP1));
            HttpRequest<String> request = WebClient.wrap(client)
                    .request(target)
                    .followRedirects(false)
                    .putHeader("Host", host())
                    .putHeader("User-Agent", "verge-health")
                    .as(new BodyStart(KEPT_BODY_BYTES));
            check.headers().forEach(request::putHeader);
            return current.compose(_ -> request.send()).map(this::fault);
        }

        /** What is wrong with an answer. */
        private Optional<String> fault(HttpResponse<String> response) {
            if (!check.expectedCodes().contains(response.statusCode())) {
                return Optional.of("status " + response.statusCode());
            }
            String expected = check.expectedBody();
            if (expected == null || expected.isEmpty()) {
                return Optional.empty();
            }
            String body = response.body();
            return body != null && body.contains(expected)
                    ? Optional.empty()
                    : Optional.of("the expected text is not in the body");
        }

        /** What real requests would send, unless that depends on the client. */
        private String host() {
            String own = origin.hostHeader();
            if (own != null && !own.isEmpty() && !own.contains("${")) {
                return own;
            }
            String pools = pool.hostHeader();
            return own != null || pools.isEmpty() || pools.contains("${") ? origin.authority() : pools;
        }
    }
}
