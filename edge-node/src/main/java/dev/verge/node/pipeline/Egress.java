package dev.verge.node.pipeline;

import dev.verge.balancer.ConnectionSlots;
import dev.verge.balancer.Endpoint;
import dev.verge.balancer.options.Origin;
import dev.verge.balancer.options.OriginProtocol;
import dev.verge.balancer.options.OriginRole;
import dev.verge.balancer.options.Timeouts;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.exchange.InterimSink;
import dev.verge.node.origin.ForwardedFields;
import dev.verge.node.origin.OriginCall;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.origin.TryEnd;
import dev.verge.node.trace.OpenSpan;
import dev.verge.sandbox.SubrequestSignal;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** Fetch standard §2.9: ports of other protocols, whose servers a request must not be taken for a command by. */
    private static final Set<Integer> BAD_PORTS = Set.of(
            0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
            109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
            526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
            3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080);

    /** Connections to hosts outside of sites that all functions of this node may have at a time. */
    private static final ConnectionSlots SLOTS = new ConnectionSlots(4096);

    private final OriginClient client;
    private final NodeIdentity node;

    Egress(OriginClient client, NodeIdentity node) {
        this.client = client;
        this.node = node;
    }

    Future<EdgeResponse> fetch(ClientRequest request, URI url, String host, FunctionRun run, SubrequestSignal signal) {
        boolean secure = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        if (BAD_PORTS.contains(port)) {
            return Future.failedFuture(new Fetches.Refused("fetch from port " + port + " is not allowed"));
        }
        Origin origin = new Origin(
                url.getScheme() + "://" + url.getRawAuthority(),
                1,
                OriginRole.PRIMARY,
                null,
                null,
                OriginProtocol.HTTP1);
        Endpoint endpoint = new Endpoint("egress", origin, url.getRawAuthority(), host, port, secure, host, true);
        @Nullable OpenSpan span = TrySpans.begin(run.trace(), request.method(), endpoint, request.target(), 0, false);
        HttpFields.Builder fields = ForwardedFields.toOrigin(
                        request.fields(), request.caller(), url.getRawAuthority(), run.requestId(), node.installation())
                .remove("x-forwarded-for")
                .remove("x-forwarded-host")
                .remove("x-forwarded-proto")
                .remove("forwarded")
                .add("host", url.getRawAuthority());
        (span == null ? run.trace().context() : span.context()).addTo(fields);
        OriginCall call = new OriginCall(
                endpoint,
                SLOTS,
                "egress",
                request.method(),
                request.target(),
                fields.build(),
                request.body(),
                InterimSink.NOBODY,
                TIMEOUTS,
                TIMEOUTS.total());
        OriginClient.Attempt attempt = client.attempt(call, false, () -> {});
        signal.onAbort(() -> {
            TrySpans.cancelled(span);
            attempt.cancel();
        });
        return attempt.end().onSuccess(end -> TrySpans.end(span, end)).compose(end -> switch (end) {
            case TryEnd.Answered answered ->
                Future.succeededFuture(new EdgeResponse(
                        answered.status(), FieldRules.endToEnd(answered.fields()), answered.body(), false));
            case TryEnd.Switched never -> {
                never.body().cancel().run();
                yield Future.failedFuture(new Fetches.Refused("fetch of " + host + " failed: it left HTTP"));
            }
            case TryEnd.NoRoom full ->
                Future.failedFuture(new Fetches.Refused("fetch of " + host + " failed: too many connections"));
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
