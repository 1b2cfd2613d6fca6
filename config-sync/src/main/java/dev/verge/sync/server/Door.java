package dev.verge.sync.server;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.wire.Enrolment;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Frames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where nodes come in: the exchange of a token, and the beginning of a stream, until node and control plane have shown who they are. */
final class Door {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final short POLICY_VIOLATION = 1008;
    private static final short INTERNAL_ERROR = 1011;
    private static final int MAX_INTRO = 4_096;

    private final Vertx vertx;
    private final LogSource source;
    private final NodeAuthenticator nodes;

    /** A stream whose node is known, with the text that was its challenge and the welcome that is due to it. */
    record Entered(Pipe pipe, NodeIdentity node, String challenge, Frame.Welcome welcome) {}

    Door(Vertx vertx, LogSource source, NodeAuthenticator nodes) {
        this.vertx = vertx;
        this.source = source;
        this.nodes = nodes;
    }

    /** Takes a request to exchange a token. */
    void enrol(HttpServerRequest request) {
        Context own = vertx.getOrCreateContext();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() > Enrolment.MAX_BYTES) {
                answer(request, 413, "too long\n");
                request.connection().close();
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(v -> exchange(body.toString(StandardCharsets.UTF_8))
                .onComplete(done -> own.runOnContext(w -> {
                    if (done.succeeded()) {
                        answer(request, 200, RecordJson.write(done.result()).toString());
                    } else if (done.cause() instanceof NodeAuthenticator.Refused refused) {
                        answer(request, 403, refused.getMessage() + "\n");
                    } else {
                        LOG.warn("sync: a node token could not be exchanged", done.cause());
                        answer(request, 503, "the token cannot be exchanged now\n");
                    }
                })));
    }

    private static void answer(HttpServerRequest request, int status, String text) {
        if (!request.response().ended()) {
            request.response()
                    .setStatusCode(status)
                    .putHeader("content-type", status == 200 ? "application/json" : "text/plain")
                    .end(text);
        }
    }

    private Future<Enrolment.Answer> exchange(String body) {
        if (!(Binder.standard().bindJson(body, Enrolment.class) instanceof Bound.Valid<Enrolment>(Enrolment order))) {
            return Future.failedFuture(new NodeAuthenticator.Refused("that is no exchange of a token"));
        }
        NodeKey keys = new NodeKey(order.identity(), order.sealing());
        byte[] statement = Introduction.enrolment(order.token(), order.identity(), order.sealing());
        if (!SealingPair.isPublicKey(order.sealing())
                || !SigningPair.verify(order.identity(), statement, order.signature())) {
            return Future.failedFuture(new NodeAuthenticator.Refused("the node does not hold the keys that it shows"));
        }
        return nodes.enrol(order.token(), keys).map(node -> new Enrolment.Answer(node, source.signingKeys()));
    }

    /** Asks who is there; {@code entered} hears of nodes that have shown it. On the socket's context. */
    void greet(Pipe pipe, BiConsumer<Entered, Context> entered) {
        Context own = vertx.getOrCreateContext();
        String challenge = Introduction.nonce();
        long timer = vertx.setTimer(PATIENCE.toMillis(), id -> refuse(pipe, "it did not say who it is"));
        pipe.onText(text -> {
            vertx.cancelTimer(timer);
            // One message, then silence until the welcome.
            pipe.onText(more -> refuse(pipe, "it does not wait for its welcome"));
            if (text.length() > MAX_INTRO || !(read(text) instanceof Frame.Intro intro)) {
                refuse(pipe, "it does not say who it is");
                return;
            }
            admit(pipe, challenge, intro)
                    .onComplete(done -> own.runOnContext(v -> {
                        if (done.succeeded() && !pipe.closed()) {
                            entered.accept(done.result().entered(pipe, challenge), own);
                        } else if (done.failed() && done.cause() instanceof NodeAuthenticator.Refused refused) {
                            refuse(pipe, String.valueOf(refused.getMessage()));
                        } else if (done.failed()) {
                            LOG.warn("sync: who {} is could not be checked", intro.node(), done.cause());
                            var _ = pipe.close(INTERNAL_ERROR, "it could not be checked who you are");
                        }
                    }));
        });
        pipe.text(new Frame.Challenge(challenge).encode());
    }

    private static Frame read(String text) {
        try {
            return Frame.decode(text);
        } catch (IllegalArgumentException wrong) {
            return new Frame.Alive();
        }
    }

    private record Admitted(NodeIdentity node, Frame.Welcome welcome) {
        Entered entered(Pipe pipe, String challenge) {
            return new Entered(pipe, node, challenge, welcome);
        }
    }

    private Future<Admitted> admit(Pipe pipe, String challenge, Frame.Intro intro) {
        return nodes.find(intro.node(), intro.key()).compose(found -> {
            byte[] statement = Introduction.hello(challenge, intro.nonce(), intro.node(), intro.key());
            if (found.isEmpty() || !SigningPair.verify(found.get().key().identity(), statement, intro.signature())) {
                return Future.failedFuture(new NodeAuthenticator.Refused("no such node, or not its key"));
            }
            NodeIdentity node = found.get();
            String session = pipe.session(node);
            return nodes.shown(node)
                    .compose(v -> source.sign(Introduction.welcome(intro.nonce(), node.node(), node.groups(), session)))
                    .map((Proof proof) -> new Admitted(
                            node, new Frame.Welcome(node.groups(), session, source.signingKeys(), Frames.of(proof))));
        });
    }

    private static void refuse(Pipe pipe, String reason) {
        if (!pipe.closed()) {
            LOG.info("sync: a stream from {} is refused: {}", pipe.peer(), reason);
            var _ = pipe.close(POLICY_VIOLATION, reason);
        }
    }
}
