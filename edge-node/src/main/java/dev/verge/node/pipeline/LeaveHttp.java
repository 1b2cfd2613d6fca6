package dev.verge.node.pipeline;

import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.exchange.EdgeError.Overloaded;
import dev.verge.node.exchange.EdgeError.Refused;
import dev.verge.node.exchange.EdgeResponse;
import dev.verge.node.observe.TunnelMetrics;
import dev.verge.node.rules.Ending;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Takes a request for another protocol (RFC 9110 §7.8; RFC 8441 over HTTP/2) to an origin: past the cache, and only where no function
 * answers, for functions speak HTTP alone and one that guards a path must not be gone around.
 */
final class LeaveHttp implements Phase {
    private static final int SWITCHING_PROTOCOLS = HttpResponseStatus.SWITCHING_PROTOCOLS.code();
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final OriginFetch fetch;
    private final TunnelMetrics tunnels;
    private final int most;

    /** @param most tunnels that the node may have at once */
    LeaveHttp(OriginFetch fetch, TunnelMetrics tunnels, int most) {
        this.fetch = fetch;
        this.tunnels = tunnels;
        this.most = most;
    }

    @Override
    public String title() {
        return "leave HTTP";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (state.request().upgrade() == null) {
            return Step.goOn(state);
        }
        boolean stream = isStream(state);
        if (state.requirePlan().ending() instanceof Ending.Run
                || state.requirePlan().missFunction() != null) {
            return stream
                    ? Step.fail(state, Refused.UPGRADE)
                    : Step.goOn(state.with(state.request().withoutUpgrade()));
        }
        if (!tunnels.tryOpen(most)) {
            return Step.fail(state, new Overloaded("tunnels", RETRY_AFTER));
        }
        Place place = new Place(tunnels);
        state.cancellation().whenever(place::giveBack);
        return fetch.apply(state).map(step -> answer(step, stream, place)).onFailure(fault -> place.giveBack());
    }

    private static Step answer(Step step, boolean stream, Place place) {
        if (!(step instanceof Step.Continue fetched)) {
            place.giveBack();
            return step;
        }
        Fetched answer = fetched.state().requireFetched();
        if (answer.status() == SWITCHING_PROTOCOLS) {
            place.keep();
            RequestState state = fetched.state().with(fetched.state().trail().tunnelled());
            return new Step.Respond(state, new EdgeResponse(answer.status(), answer.fields(), answer.body(), false));
        }
        place.giveBack();
        RequestState state = fetched.state();
        state.request().body().discard();
        if (stream && answer.status() < 300) {
            // To a client of HTTP/2 any 2xx would mean that the tunnel stands (RFC 8441 §5).
            answer.body().discard();
            return new Step.Fail(state, OriginFailure.UPGRADE);
        }
        return new Step.Respond(state, new EdgeResponse(answer.status(), answer.fields(), answer.body(), false));
    }

    /** One of the tunnels that a node may have, until it is known whether there will be one; then its record gives it back. */
    private static final class Place {
        private final TunnelMetrics tunnels;
        private boolean settled;

        Place(TunnelMetrics tunnels) {
            this.tunnels = tunnels;
        }

        void keep() {
            settled = true;
        }

        void giveBack() {
            if (!settled) {
                settled = true;
                tunnels.close();
            }
        }
    }

    /** Whether the tunnel would be one stream of a connection. */
    static boolean isStream(RequestState state) {
        return !state.request().caller().protocol().startsWith("HTTP/1");
    }
}
