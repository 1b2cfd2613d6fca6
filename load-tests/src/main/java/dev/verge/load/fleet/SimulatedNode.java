package dev.verge.load.fleet;

import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.crypto.SealingPair;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.log.Entry;
import dev.verge.sync.log.Keys;
import dev.verge.sync.trust.Introduction;
import dev.verge.sync.trust.NodeKey;
import dev.verge.sync.wire.Enrolment;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * One node: it introduces itself, brings the code of functions, and acknowledges each commit at once. Its signature checks are left out, and
 * a message that all nodes get alike is parsed once: they share the cores with what is measured. Used by one thread at a time.
 */
final class SimulatedNode {
    private static final int CONNECT_SECONDS = 240;
    private static final int FETCHES = 10;
    private static final Decoded NOTHING = new Decoded("", new Frame.Alive(), Set.of());
    private static volatile Decoded latest = NOTHING;

    private final String name;
    private final SigningPair identity = SigningPair.generate();
    private final SealingPair sealing = SealingPair.generate();
    private final LongConsumer acked;
    private final Promise<Void> ready = Promise.promise();

    /** How it reaches its control plane. */
    interface Way {
        void send(Frame frame);

        /** The control plane has shown who it is. */
        void welcomed(String session);

        /** Brings a blob, and does not keep it. */
        Future<Void> blob(String sha256);
    }

    /** @param acked told of each revision that it acknowledges */
    SimulatedNode(String name, LongConsumer acked) {
        this.name = name;
        this.acked = acked;
    }

    String name() {
        return name;
    }

    SealingPair sealing() {
        return sealing;
    }

    /** Completes when it follows the log. */
    Future<Void> ready() {
        return ready.future();
    }

    /** It follows the log from here on. */
    void follows() {
        ready.tryComplete();
    }

    /** It cannot, or no longer. */
    void cutOff(String why) {
        ready.tryFail(name + " was cut off: " + why);
    }

    private NodeKey keys() {
        return new NodeKey(identity.publicKey(), sealing.publicKey());
    }

    /** Gets a token and exchanges it. */
    void enrol(Api api) throws IOException, InterruptedException {
        String token = api.token("/v1/node-tokens", "{\"node\": \"" + name + "\"}");
        NodeKey keys = keys();
        Enrolment enrolment = new Enrolment(
                token,
                keys.identity(),
                keys.sealing(),
                identity.sign(Introduction.enrolment(token, keys.identity(), keys.sealing())));
        api.call(
                "POST",
                "/sync/enrol",
                "application/json",
                RecordJson.write(enrolment).toString(),
                "");
    }

    /** Connects and waits until it follows the log. */
    void connect(NodeConnector connector) throws Exception {
        connector.connect(this).toCompletionStage().toCompletableFuture().get(CONNECT_SECONDS, TimeUnit.SECONDS);
    }

    /** A message with the blobs that it names. */
    record Decoded(String text, Frame frame, Set<String> blobs) {
        static Decoded of(String text) {
            Decoded known = latest;
            if (!known.text().equals(text)) {
                Frame frame = Frame.decode(text);
                known = new Decoded(text, frame, frame instanceof Frame.CommitFrame commit ? blobs(commit) : Set.of());
                latest = known;
            }
            return known;
        }

        private static Set<String> blobs(Frame.CommitFrame commit) {
            return commit.changes().stream()
                    .filter(change -> change.key().startsWith(Keys.FUNCTION_PREFIX) && change.value() != null)
                    .flatMap(change -> Entry.decode(change.key(), change.value()).blobs().stream())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /** A message came. */
    void take(Decoded message, Way way) {
        switch (message.frame()) {
            case Frame.Challenge(String challenge) -> {
                String nonce = Introduction.nonce();
                String key = keys().id();
                way.send(new Frame.Intro(
                        name, key, nonce, identity.sign(Introduction.hello(challenge, nonce, name, key))));
            }
            case Frame.Welcome welcome -> {
                way.welcomed(welcome.session());
                way.send(new Frame.Hello(Frame.PROTOCOL, "", 0, "simulated", Map.of(), false, true, false));
            }
            case Frame.SnapshotEnd end -> {
                way.send(new Frame.Ack(end.revision()));
                follows();
            }
            case Frame.CommitFrame commit -> commit(commit.revision(), message.blobs(), way, FETCHES);
            case Frame.CommitFrames(List<Frame.CommitFrame> commits) -> {
                way.send(new Frame.Ack(commits.getLast().revision()));
                commits.forEach(commit -> acked.accept(commit.revision()));
            }
            case Frame.Head head -> way.send(new Frame.Alive());
            default -> {}
        }
    }

    /** As a node does, which asks again when code does not come. */
    private void commit(long revision, Set<String> blobs, Way way, int fetches) {
        Future.all(blobs.stream().map(way::blob).toList())
                .onSuccess(all -> {
                    way.send(new Frame.Ack(revision));
                    acked.accept(revision);
                })
                .onFailure(e -> {
                    if (fetches > 1) {
                        commit(revision, blobs, way, fetches - 1);
                    } else {
                        throw new IllegalStateException(name + " cannot fetch its code", e);
                    }
                });
    }
}
