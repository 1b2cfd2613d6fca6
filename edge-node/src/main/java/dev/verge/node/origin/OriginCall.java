package dev.verge.node.origin;

import dev.verge.balancer.ConnectionSlots;
import dev.verge.balancer.Endpoint;
import dev.verge.balancer.options.Timeouts;
import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.InterimSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One try at one origin.
 *
 * @param slots the connections that the pool may have
 * @param scope {@code ACCOUNT/SITE} on whose behalf; decides which addresses may be reached
 * @param target path and query as the origin gets them
 * @param fields every field to send, {@code Host} included, framing not
 * @param body content to send; a stream is taken over by the try once a connection is there
 * @param upgrade the protocols to ask for (RFC 9110 §7.8); then {@code body} is what goes to the origin once it has switched. Null for
 *     none
 * @param interim where interim responses go
 * @param headTimeout what is left for the response head of {@code timeouts.total} and the per-try time-out
 */
public record OriginCall(
        Endpoint endpoint,
        ConnectionSlots slots,
        String scope,
        String method,
        String target,
        HttpFields fields,
        Body body,
        @Nullable String upgrade,
        InterimSink interim,
        Timeouts timeouts,
        Duration headTimeout) {

    /** A try that stays with HTTP. */
    public OriginCall(
            Endpoint endpoint,
            ConnectionSlots slots,
            String scope,
            String method,
            String target,
            HttpFields fields,
            Body body,
            InterimSink interim,
            Timeouts timeouts,
            Duration headTimeout) {
        this(endpoint, slots, scope, method, target, fields, body, null, interim, timeouts, headTimeout);
    }
}
