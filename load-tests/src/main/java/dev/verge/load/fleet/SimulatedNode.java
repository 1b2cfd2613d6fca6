package dev.verge.load.fleet;

import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.wire.Enrolment;
import dev.verge.sync.wire.Frame;
import dev.verge.sync.wire.Packed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * One node: it introduces itself, takes the snapshot, and acknowledges each commit at once. Its signature checks are left out, and a message
 * that all nodes get alike is parsed once: they share the cores with what is measured.
 */
final class SimulatedNode {
    private static final Decoded NOTHING = new Decoded("", new Frame.Alive());
    private static volatile Decoded latest = NOTHING;

    private final String name;
    private final SigningPair identity = SigningPair.generate();
    private final SealingPair sealing = SealingPair.generate();
    private final LongConsumer acked;
    private final Promise<Void> ready = Promise.promise();

    /** @param acked told of each revision that it acknowledges */
    SimulatedNode(String name, LongConsumer acked) {
        this.name = name;
        this.acked = acked;
    }

    private NodeKey keys() {
        return new NodeKey(identity.publicKey(), sealing.publicKey());
    }

    /** Body of the exchange of its token. */
    String enrolment(String token) {
        NodeKey keys = keys();
        return RecordJson.write(new Enrolment(
                        token,
                        keys.identity(),
                        keys.sealing(),
                        identity.sign(Introduction.enrolment(token, keys.identity(), keys.sealing()))))
                .toString();
    }

    /** Completes when it has the whole state. */
    Future<Void> connect(WebSocketClient client, URI controlPlane) {
        client.connect(controlPlane.getPort(), controlPlane.getHost(), "/sync")
                .onFailure(ready::tryFail)
                .onSuccess(socket -> {
                    socket.textMessageHandler(text -> take(socket, decode(text)));
                    socket.binaryMessageHandler(packed -> take(socket, decode(Packed.unpack(packed.getBytes()))));
                    socket.closeHandler(v -> ready.tryFail(name + " was cut off: " + socket.closeReason()));
                });
        return ready.future();
    }

    private record Decoded(String text, Frame frame) {}

    private static Frame decode(String text) {
        Decoded known = latest;
        if (!known.text().equals(text)) {
            known = new Decoded(text, Frame.decode(text));
            latest = known;
        }
        return known.frame();
    }

    private void take(WebSocket socket, Frame frame) {
        switch (frame) {
            case Frame.Challenge(String challenge) -> {
                String nonce = Introduction.nonce();
                String key = keys().id();
                send(
                        socket,
                        new Frame.Intro(
                                name, key, nonce, identity.sign(Introduction.hello(challenge, nonce, name, key))));
            }
            case Frame.Welcome welcome ->
                send(socket, new Frame.Hello(Frame.PROTOCOL, "", 0, "simulated", Map.of(), false, true));
            case Frame.SnapshotEnd end -> {
                send(socket, new Frame.Ack(end.revision()));
                ready.tryComplete();
            }
            case Frame.CommitFrame commit -> {
                send(socket, new Frame.Ack(commit.revision()));
                acked.accept(commit.revision());
            }
            case Frame.CommitFrames(List<Frame.CommitFrame> commits) -> {
                send(socket, new Frame.Ack(commits.getLast().revision()));
                commits.forEach(commit -> acked.accept(commit.revision()));
            }
            case Frame.Head head -> send(socket, new Frame.Alive());
            default -> {}
        }
    }

    private static void send(WebSocket socket, Frame frame) {
        var _ = socket.writeTextMessage(frame.encode());
    }
}
