package dev.verge.sync.client;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.wire.Enrolment;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Exchanges the node's token for keys that the node makes itself, when it has one that was not exchanged yet. */
final class Enroller {
    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);
    private static final String PATH = "/sync/enrol";
    private static final int REFUSED = 403;
    private static final int DONE = 200;

    private final KeyRing ring;
    private final SyncClientOptions options;
    private final WebClient web;
    private final WorkerExecutor disk;
    private int turn;

    Enroller(KeyRing ring, SyncClientOptions options, WebClient web, WorkerExecutor disk) {
        this.ring = ring;
        this.options = options;
        this.web = web;
        this.disk = disk;
    }

    /** The node's keys; fails when it has none and gets none here. A token is exchanged by HTTP, whatever the stream goes over. */
    Future<OwnKeys> ready(URI place) {
        if (!ring.toEnrol()) {
            return ring.current()
                    .map(Future::succeededFuture)
                    .orElseGet(() -> Future.failedFuture(
                            "this node has no keys and no token to get some: make one by POST /v1/node-tokens"));
        }
        if (options.controlPlanes().isEmpty()) {
            return Future.failedFuture(
                    "this node has a token to exchange and no controlPlane.urls to exchange it at: name one, for this once at least");
        }
        URI api = options.controlPlanes().contains(place)
                ? place
                : options.controlPlanes().get(turn++ % options.controlPlanes().size());
        return disk.executeBlocking(ring::forExchange, true)
                .map(Objects::requireNonNull)
                .compose(keys -> exchange(api, keys))
                .recover(failure -> {
                    // The token in the settings may be an old one: what the node has had may still count.
                    if (failure instanceof Refused && ring.current().isPresent()) {
                        LOG.warn("sync: {}; the keys of before are tried", failure.getMessage());
                        return Future.succeededFuture(ring.current().get());
                    }
                    return Future.failedFuture(failure);
                });
    }

    private Future<OwnKeys> exchange(URI controlPlane, OwnKeys keys) {
        NodeKey shown = keys.publicKeys();
        Enrolment order = new Enrolment(
                options.token(),
                shown.identity(),
                shown.sealing(),
                keys.identity().sign(Introduction.enrolment(options.token(), shown.identity(), shown.sealing())));
        return web.postAbs(controlPlane.resolve(PATH).toString())
                .timeout(2 * options.connectTimeout().toMillis())
                .putHeader("content-type", "application/json")
                .sendBuffer(Buffer.buffer(RecordJson.write(order).toString()))
                .compose(response -> taken(response, keys));
    }

    private Future<OwnKeys> taken(HttpResponse<Buffer> response, OwnKeys keys) {
        String body = response.bodyAsString();
        if (response.statusCode() == REFUSED) {
            return Future.failedFuture(new Refused(body == null ? "the node token is refused" : body.strip()));
        }
        if (response.statusCode() != DONE || body == null) {
            return Future.failedFuture("the node token could not be exchanged: status " + response.statusCode());
        }
        return disk.<OwnKeys>executeBlocking(
                        () -> {
                            Enrolment.Answer answer = Binder.standard()
                                    .bindJson(body, Enrolment.Answer.class)
                                    .orThrow();
                            ring.exchanged(keys, answer.node(), answer.keys());
                            LOG.info("sync: the node's token was exchanged; it is {}", answer.node());
                            return ring.current().orElseThrow();
                        },
                        true)
                .map(Objects::requireNonNull);
    }

    /** The control plane does not take the token. */
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }
}
