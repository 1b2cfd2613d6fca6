package dev.verge.node.pipeline;

import dev.verge.balancer.Endpoint;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.Timeouts;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.origin.ForwardedFields;
import dev.verge.node.origin.OriginCall;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.origin.TryEnd;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;

/** Fetches of functions from hosts outside their site. One try, and only to addresses that functions may reach. */
final class Egress {
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ofSeconds(3),
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1));

    private final OriginClient client;
    private final NodeIdentity node;

    Egress(OriginClient client, NodeIdentity node) {
        this.client = client;
        this.node = node;
    }

    Future<EdgeResponse> fetch(ClientRequest request, URI url, String host, String requestId) {
        boolean secure = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        Origin origin = new Origin(url.getScheme() + "://" + url.getRawAuthority(), 1, OriginRole.PRIMARY, null, null);
        Endpoint endpoint = new Endpoint("egress", origin, host, port, secure, host, true);
        HttpFields fields = ForwardedFields.toOrigin(
                        request.fields(), request.caller(), url.getRawAuthority(), requestId, node.installation())
                .remove("x-forwarded-for")
                .remove("x-forwarded-host")
                .remove("x-forwarded-proto")
                .remove("forwarded")
                .add("host", url.getRawAuthority())
                .build();
        OriginCall call = new OriginCall(
                endpoint,
                "egress",
                request.method(),
                request.target(),
                fields,
                request.body(),
                InterimSink.NOBODY,
                TIMEOUTS,
                TIMEOUTS.total());
        return client.attempt(call, () -> {}).end().compose(end -> switch (end) {
            case TryEnd.Answered answered ->
                Future.succeededFuture(new EdgeResponse(answered.status(), answered.fields(), answered.body(), false));
            case TryEnd.SenderFailed sender ->
                Future.failedFuture(new Fetches.Refused("fetch of " + host + " failed: its body broke off"));
            case TryEnd.Failed failed ->
                Future.failedFuture(new Fetches.Refused("fetch of " + host + " failed: "
                        + failed.failure()
                                .name()
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace('_', ' ')));
        });
    }
}
