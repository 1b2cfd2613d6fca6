package dev.verge.node.origin;

import dev.verge.balancer.Endpoint;
import dev.verge.balancer.health.ClientKeys;
import dev.verge.balancer.options.OriginTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Opens connections of one event loop: to checked addresses only, by the TLS and protocol settings of an origin. */
final class Connector {
    private static final int RESPONSE_HEADER_BYTES = 64 * 1024;
    private static final int RESPONSE_LINE_BYTES = 8 * 1024;

    private final Addresses addresses;
    private final Vertx vertx;
    private final ClientKeys keys;
    /** By the connect time-out in milliseconds, rounded up to a power of two, so that there are never many. */
    private final Map<Integer, Agents> agents = new HashMap<>();

    private record Agents(HttpClientAgent http1, HttpClientAgent http2) {}

    Connector(Vertx vertx, Addresses addresses, ClientKeys keys) {
        this.keys = keys;
        this.vertx = vertx;
        this.addresses = addresses;
    }

    private Agents agents(long millis) {
        int rounded = Math.max(64, Integer.highestOneBit((int) Math.min(millis, 1 << 22) * 2 - 1));
        return agents.computeIfAbsent(
                rounded,
                timeout -> new Agents(
                        vertx.createHttpClient(common(timeout)),
                        vertx.createHttpClient(common(timeout)
                                .setProtocolVersion(HttpVersion.HTTP_2)
                                .setUseAlpn(true)
                                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                                .setInitialSettings(new Http2Settings()
                                        .setPushEnabled(false)
                                        .setMaxHeaderListSize(RESPONSE_HEADER_BYTES))
                                .setHttp2ClearTextUpgrade(false))));
    }

    private static HttpClientOptions common(int connectMillis) {
        return new HttpClientOptions()
                // How long a connection is kept is its keeper's decision.
                .setKeepAliveTimeout(0)
                // Who waits gives up earlier; this ends what nobody waits for any more.
                .setConnectTimeout(connectMillis)
                .setMaxHeaderSize(RESPONSE_HEADER_BYTES)
                .setMaxInitialLineLength(RESPONSE_LINE_BYTES)
                .setSslEngineOptions(new OpenSSLEngineOptions())
                .setDecompressionSupported(false);
    }

    /** Where the origin may be reached now; never empty. */
    Future<List<SocketAddress>> addresses(String scope, Endpoint endpoint) {
        return addresses.resolveAll(scope, endpoint.host(), endpoint.port());
    }

    /**
     * Opens a connection.
     *
     * @param leavesHttp whether it must be one that can be asked for another protocol: one of HTTP/1.1
     * @param time after which the connection, TLS included, is given up
     */
    Future<HttpClientConnection> connect(
            String scope, Endpoint endpoint, SocketAddress address, boolean leavesHttp, Duration time) {
        long millis = Math.max(1, time.toMillis());
        HttpConnectOptions options = new HttpConnectOptions()
                .setServer(address)
                .setHost(endpoint.serverName())
                .setPort(endpoint.port())
                .setSsl(endpoint.secure());
        if (endpoint.secure()) {
            options.setSslOptions(tls(scope, endpoint, millis));
        }
        Agents chosen = agents(millis);
        if (leavesHttp) {
            return chosen.http1.connect(options);
        }
        return switch (endpoint.origin().protocol()) {
            case HTTP1 -> chosen.http1.connect(options);
            case AUTO -> (endpoint.secure() ? chosen.http2 : chosen.http1).connect(options);
            case H2, H2C -> chosen.http2.connect(options.setProtocolVersion(HttpVersion.HTTP_2));
        };
    }

    Future<Void> close() {
        List<Future<Void>> closing = agents.values().stream()
                .flatMap(pair -> Stream.of(pair.http1.close(), pair.http2.close()))
                .toList();
        return Future.join(closing).mapEmpty();
    }

    private ClientSSLOptions tls(String scope, Endpoint endpoint, long millis) {
        ClientSSLOptions options = new ClientSSLOptions();
        OriginTls tls = endpoint.origin().tls();
        if (tls != null && tls.clientCertificate() != null) {
            options.setKeyCertOptions(keys.find(scope, tls.clientCertificate()));
        }
        options.setSslHandshakeTimeout(millis).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        if (!endpoint.verify()) {
            return options.setTrustAll(true).setHostnameVerificationAlgorithm("");
        }
        if (tls != null && tls.ca() != null) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(tls.ca())));
        }
        return options.setHostnameVerificationAlgorithm("HTTPS");
    }
}
