package dev.verge.node.pipeline;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.ClientRequest;
import dev.verge.node.exchange.EdgeResponse;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Answers certificate authorities that want to see whether a host is ours (RFC 8555 §8.3), on the plain port and before anything of the
 * site: a redirect or a rule must not stand in the way of the certificate that they need. Only tokens that are in force are answered;
 * every other request goes on, so an origin may have certificates of its own.
 */
final class AcmeChallenge implements Phase {
    private static final String PREFIX = "/.well-known/acme-challenge/";

    @Override
    public String title() {
        return "ACME challenge";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        String answer = answer(state);
        return answer == null
                ? Step.goOn(state)
                : Step.respond(
                        state,
                        EdgeResponse.of(
                                200,
                                HttpFields.of("content-type", "application/octet-stream", "cache-control", "no-store"),
                                Buffer.buffer(answer)));
    }

    private static @Nullable String answer(RequestState state) {
        ClientRequest request = state.request();
        if (!request.path().startsWith(PREFIX)
                || !state.scheme().equals("http")
                || !(request.method().equals("GET") || request.method().equals("HEAD"))) {
            return null;
        }
        return state.routing().challenge(state.host(), request.path().substring(PREFIX.length()));
    }
}
