package dev.verge.node.pipeline;

import dev.verge.balancer.LatePool;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.ContentTooLarge;
import dev.verge.node.exchange.EdgeError.OriginFailure;
import dev.verge.node.observe.Stage;
import dev.verge.node.origin.OriginClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** Balances the request over the pool's origins and fetches the answer, with as many tries as the pool's rules allow. */
final class OriginFetch implements Phase {
    private final Vertx vertx;
    private final OriginClient client;
    private final NodeIdentity node;
    private final RequestBodies bodies;
    private final Clock clock;

    /** @param grace time after which the sender of a request body that comes too slowly is given up */
    OriginFetch(Vertx vertx, OriginClient client, NodeIdentity node, Duration grace, Clock clock) {
        this.vertx = vertx;
        this.client = client;
        this.node = node;
        this.bodies = new RequestBodies(vertx, grace);
        this.clock = clock;
    }

    @Override
    public String title() {
        return "balance and origin fetch";
    }

    @Override
    public Stage stage() {
        return Stage.ORIGIN;
    }

    @Override
    public Future<Step> apply(RequestState state) {
        if (state.fetched() != null) {
            return Step.goOn(state);
        }
        LatePool pool = state.routedSite().pool(state.requirePlan().pool());
        if (pool == null) {
            return Step.fail(state, OriginFailure.NONE_HEALTHY);
        }
        OriginRequest request = OriginRequest.of(state, node);
        Body body = state.request().body();
        if (body instanceof Body.Whole || state.request().upgrade() != null) {
            return tries(state, pool, request, body);
        }
        return bodies.ready(body, state.request().fields().first("content-type"))
                .compose(
                        ready -> tries(state, pool, request, ready),
                        broken -> Step.fail(state, ContentTooLarge.meaning(broken)));
    }

    private Future<Step> tries(RequestState state, LatePool pool, OriginRequest request, Body body) {
        return new OriginTries(vertx, client, clock, state, pool, request, body).run();
    }
}
