package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.site;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.nats.NatsCarrier;
import dev.verge.sync.nats.NatsHub;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Both ends over a real NATS server with JetStream. */
class NatsEndToEndTest {
    private static final String SHOP = "site/default/shop";

    @TempDir
    static Path natsFolder;

    static NatsServer nats;

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet();
    private final MemoryLog log = new MemoryLog("h1");
    private final RecordingApplier applier = new RecordingApplier();
    private final List<NatsHub> hubs = new ArrayList<>();
    private NatsSettings settings = NatsSettings.OFF;

    /** What a stream and its objects may take is set aside at once, for each test anew. */
    private static final StreamSettings SMALL =
            new StreamSettings(Duration.ofHours(1), 64L << 20, Duration.ofHours(1), 256L << 20, 1);

    @BeforeAll
    static void start() throws IOException {
        nats = NatsServer.start(natsFolder.resolve("jetstream"));
    }

    @AfterAll
    static void stop() {
        if (nats != null) {
            nats.close();
        }
    }

    @BeforeEach
    void installation(TestInfo test) {
        settings = nats.settings("t" + Integer.toHexString(test.getDisplayName().hashCode()));
    }

    @AfterEach
    void close() {
        hubs.forEach(NatsHub::close);
        fleet.close();
    }

    private SyncServer serve() {
        SyncServer server = fleet.serve(log);
        open(server);
        return server;
    }

    private NatsHub open(SyncServer server) {
        return open(server, SMALL);
    }

    private NatsHub open(SyncServer server, StreamSettings bounds) {
        NatsHub hub = await(NatsHub.open(fleet.vertx, settings, bounds, server, log));
        hubs.add(hub);
        return hub;
    }

    private SyncClient connect(String node, RecordingApplier to) {
        return fleet.open(fleet.options(node, folder.resolve(node)), to, NatsCarrier.with(settings));
    }

    /** Revisions on the stream, as they lie there. */
    private List<Long> onStream() throws Exception {
        Connection reader = Nats.connect("nats://127.0.0.1:" + nats.port);
        try {
            String stream = settings.subjectPrefix() + "-log";
            var state = reader.jetStreamManagement().getStreamInfo(stream).getStreamState();
            List<Long> revisions = new ArrayList<>();
            for (long at = Math.max(1, state.getFirstSequence()); at <= state.getLastSequence(); at++) {
                Headers headers =
                        reader.jetStreamManagement().getMessage(stream, at).getHeaders();
                assertThat(headers.getFirst("Verge-Previous"))
                        .isEqualTo(Long.toString(Long.parseLong(headers.getFirst("Verge-Revision")) - 1));
                revisions.add(Long.parseLong(headers.getFirst("Verge-Revision")));
            }
            return revisions;
        } finally {
            reader.close();
        }
    }

    @Test
    void aNodeTakesSnapshotCommitsAndBlobsFromNatsAndAnswersThere() throws Exception {
        byte[] code = "export default {}".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(code));
        log.blob(hash, code);
        log.commit(Map.of(SHOP, site("shop", "one")));
        SyncServer server = serve();
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());
        assertThat(applier.snapshots()).isEqualTo(1);
        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "one"));

        int reads = log.reads.get();
        long bad = log.commit(Map.of(SHOP, site("shop", "refuse")));
        FunctionEntry function = new FunctionEntry(
                "default", "f", "i1", List.of(new Deployed(1, 100, hash, FunctionManifest.defaults())));
        log.commit(Map.of(function.key(), function.toJson()));
        long last = log.commit(Map.of("site/default/large", site("large", "x".repeat(3 << 20))));
        until("the last ack", () -> server.nodes().ackedAt("n1", last).isPresent());

        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "one")).containsKey("site/default/large");
        assertThat(await(client.blobs().read(hash)).getBytes()).isEqualTo(code);
        NodeAnswer answer = server.nodes().answers(SHOP, bad).getFirst();
        assertThat(answer.state()).isEqualTo(NodeAnswer.State.REFUSED);
        long mended = log.commit(Map.of(SHOP, site("shop", "better")));
        until(
                "the mended value",
                () -> server.nodes().answers(SHOP, mended).getFirst().state() == NodeAnswer.State.APPLIED);
        assertThat(onStream())
                .isEqualTo(LongStream.rangeClosed(1, mended).boxed().toList());
        assertThat(log.reads.get())
                .as("the tail was read for the stream, and once for all nodes")
                .isLessThan(reads + 20);

        await(client.close());
        long missed = log.commit(Map.of(SHOP, site("shop", "missed")));
        RecordingApplier reborn = new RecordingApplier();
        SyncClient again = connect("n1", reborn);
        await(again.caughtUp());
        until("what was missed", () -> server.nodes().ackedAt("n1", missed).isPresent());
        assertThat(reborn.snapshots()).as("it resumes from its own revision").isZero();
        assertThat(reborn.commits()).containsExactly(missed);

        await(again.close());
        log.commit(Map.of(SHOP, site("shop", "compacted")));
        log.compactTo(log.commit(Map.of(SHOP, site("shop", "snapshot"))));
        RecordingApplier late = new RecordingApplier();
        await(connect("n1", late).caughtUp());
        assertThat(late.snapshots()).as("it is too far behind").isEqualTo(1);
        assertThat(late.inForce()).containsEntry(SHOP, site("shop", "snapshot"));
    }

    @Test
    void anObjectStoreThatIsFullLosesItsOldestAndNotWhatIsNew() throws Exception {
        SyncServer server = fleet.serve(log);
        open(server, new StreamSettings(Duration.ofHours(1), 64L << 20, Duration.ofHours(1), 4L << 20, 1));
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());
        for (int i = 0; i < 4; i++) {
            byte[] value = LongValues.random((1_500 << 10) + i);
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(value));
            log.blob(hash, value);
            assertThat(await(client.blobs().read(hash)).getBytes()).isEqualTo(value);
        }
    }

    @Test
    void longValuesOfFunctionsComeInPieces() {
        LongValues values = new LongValues();
        serve().onKvWrite(values);
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());
        LongValues.holdTheLongest(values, client);
        LongValues.hold(values, client);
    }

    @Test
    void whatIsForSomeNodesIsWithheldOnTheStreamAndReachesThose() throws Exception {
        fleet.nodes.groups.put("eu", List.of("eu"));
        fleet.nodes.groups.put("us", List.of("us"));
        SyncServer server = serve();
        RecordingApplier us = new RecordingApplier();
        await(connect("eu", applier).caughtUp());
        await(connect("us", us).caughtUp());
        long placed = log.commit(SHOP, site("shop", "only-in-europe"), new Placement(List.of("eu"), List.of()));
        long last = log.commit(Map.of("site/default/blog", site("blog", "everywhere")));
        for (String node : List.of("eu", "us")) {
            until("the ack of " + node, () -> server.nodes().ackedAt(node, last).isPresent());
        }
        assertThat(applier.inForce()).containsOnlyKeys(SHOP, "site/default/blog");
        assertThat(us.inForce()).containsOnlyKeys("site/default/blog");
        assertThat(applier.commits()).containsExactly(placed, last);
    }

    @Test
    void anOutageOfNatsAndTheLossOfAllItsDataLoseNothing() throws Exception {
        SyncServer server = serve();
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());
        long before = log.commit(Map.of(SHOP, site("shop", "before")));
        until("the first ack", () -> server.nodes().ackedAt("n1", before).isPresent());

        nats.kill();
        until("the break", () -> !client.status().connected());
        long during = log.commit(Map.of(SHOP, site("shop", "during")));
        nats.start();
        until(
                "what came during the outage",
                () -> server.nodes().ackedAt("n1", during).isPresent());

        nats.loseEverything();
        log.commit(Map.of(SHOP, site("shop", "lost")));
        nats.start();
        long after = log.commit(Map.of(SHOP, site("shop", "after")));
        until(
                "what came after the loss",
                () -> server.nodes().ackedAt("n1", after).isPresent());

        assertThat(applier.commits())
                .isEqualTo(LongStream.rangeClosed(1, after).boxed().toList());
        until("the stream again", () -> hubs.getFirst().published() == after);
        assertThat(onStream())
                .isEqualTo(LongStream.rangeClosed(1, after).boxed().toList());
    }

    @Test
    void aControlPlaneThatDiesBetweenCommitAndPublishIsReplacedAndNothingIsPublishedTwice() throws Exception {
        SyncServer server = serve();
        SyncServer other = new SyncServer(fleet.vertx, log, fleet.nodes, SyncServerOptions.defaults());
        NatsHub second = open(other);
        for (int change = 0; change < 50; change++) {
            log.commit(Map.of(SHOP, site("shop", "first " + change)));
        }
        until("the stream", () -> hubs.getFirst().published() == 50 || second.published() == 50);
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());

        // Whoever it is that publishes: after this, nobody who did does.
        hubs.getFirst().close();
        await(server.close());
        for (int change = 0; change < 50; change++) {
            log.commit(Map.of(SHOP, site("shop", "second " + change)));
        }
        second.close();
        NatsHub third = open(other);
        long last = log.commit(Map.of(SHOP, site("shop", "last")));
        until("the node", () -> client.status().revision() == last);
        until("the stream", () -> third.published() == last);
        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "last"));
        assertThat(onStream()).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
    }

    @Test
    void aControlPlaneThatIsGoneWithoutAWordIsMissedLongBeforeAQuietStreamIsGivenUp() {
        serve();
        NatsHub second = open(new SyncServer(fleet.vertx, log, fleet.nodes, SyncServerOptions.defaults()));
        log.commit(Map.of(SHOP, site("shop", "first")));
        SyncClient client = fleet.open(
                fleet.options("n1", folder.resolve("n1"), Duration.ofMinutes(5)), applier, NatsCarrier.with(settings));
        await(client.caughtUp());
        NatsHub first = hubs.getFirst();
        NatsHub left = first.sessions() == 1 ? first : second;
        NatsHub stays = first.sessions() == 1 ? second : first;

        left.close(); // its connection is closed, and no session is told
        long next = log.commit(Map.of(SHOP, site("shop", "next")));

        until(
                "the other one",
                () -> stays.sessions() == 1
                        && client.status().revision() == next
                        && client.status().connected());
    }

    @Test
    void whatTheControlPlaneDidNotSignIsNotTakenFromTheStream() throws Exception {
        serve();
        SyncClient client = connect("n1", applier);
        await(client.caughtUp());
        log.commit(Map.of(SHOP, site("shop", "one")));
        until("the first", () -> client.status().revision() == 1);
        hubs.getFirst().close();
        Fleet.until("the break", () -> !client.status().connected());
        Connection forger = Nats.connect("nats://127.0.0.1:" + nats.port);
        try {
            Headers headers = new Headers()
                    .put("Verge-History", "h1")
                    .put("Verge-Revision", "2")
                    .put("Verge-Previous", "1")
                    .put("Verge-Epoch", "0")
                    .put("Verge-Publisher", "forger");
            forger.jetStream()
                    .publish(settings.subjectPrefix() + ".log", headers, "no commit".getBytes(StandardCharsets.UTF_8));
        } finally {
            forger.close();
        }
        log.commit(Map.of(SHOP, site("shop", "two")));
        open(fleet.serve(log));
        long last = log.commit(Map.of(SHOP, site("shop", "three")));
        until("the true ones", () -> client.status().revision() == last);
        assertThat(applier.commits()).containsExactly(1L, 2L, 3L);
        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "three"));
    }
}
