package dev.verge.node.pipeline;

import dev.verge.balancer.UpstreamPool;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.origin.OriginClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/** Balances the request over the pool's origins and fetches the answer, with as many tries as the pool's rules allow. */
final class OriginFetch implements Phase {
    /** Smaller request bodies are taken in first, so that they can be sent again. */
    private static final int REPLAYABLE_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final OriginClient client;
    private final NodeIdentity node;
    private final Clock clock;

    OriginFetch(Vertx vertx, OriginClient client, NodeIdentity node, Clock clock) {
        this.vertx = vertx;
        this.client = client;
        this.node = node;
        this.clock = clock;
    }

    @Override
    public String title() {
        return "balance and origin fetch";
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (state.fetched() != null) {
            return Step.goOn(state);
        }
        UpstreamPool pool = state.routedSite().pool(state.requirePlan().pool());
        if (pool == null) {
            return Step.fail(state, OriginFailure.NONE_HEALTHY);
        }
        OriginRequest request = OriginRequest.of(state, node);
        Body body = state.request().body();
        if (body instanceof Body.Streamed streamed && streamed.length() >= 0 && streamed.length() <= REPLAYABLE_BYTES) {
            return SmallBodies.takeIn(streamed)
                    .compose(
                            whole -> tries(state, pool, request, whole),
                            broken -> Step.fail(state, ContentTooLarge.meaning(broken)));
        }
        return tries(state, pool, request, body);
    }

    private Future<Step> tries(RequestState state, UpstreamPool pool, OriginRequest request, Body body) {
        return new OriginTries(vertx, client, clock, state, pool, request, body).run();
    }
}
