package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.site;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends over real sockets and real folders. */
class SyncEndToEndTest {

    private static final String SHOP = "site/default/shop";

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet();
    private final MemoryLog log = new MemoryLog("h1");
    private final RecordingApplier applier = new RecordingApplier();

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void newNodeGetsASnapshotThenEachCommit() {
        log.commit(Map.of(SHOP, site("shop", "one")));
        log.commit(Map.of(SHOP, site("shop", "two"), "site/default/blog", site("blog", "a")));
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());

        assertThat(applier.snapshots()).isEqualTo(1);
        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "two")).hasSize(2);

        Map<String, String> change = new HashMap<>();
        change.put(SHOP, null);
        long revision = log.commit(change);
        until("the node's ack", () -> server.nodes().ackedAt("n1", revision).isPresent());
        assertThat(applier.inForce()).containsOnlyKeys("site/default/blog");
        assertThat(applier.commits()).containsExactly(3L);
        assertThat(client.status().revision()).isEqualTo(3);
    }

    @Test
    void aNodeKnowsItsGroupsFromTheControlPlaneAndStillAfterwardsWithoutIt() {
        fleet.nodes.groups.put("n1", List.of("canary", "region:eu"));
        log.commit(Map.of(SHOP, site("shop", "one")));
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        assertThat(applier.groups()).containsExactly(List.of(), List.of("canary", "region:eu"));
        await(client.close());
        fleet.stopServing();

        RecordingApplier later = new RecordingApplier();
        fleet.connect("n1", folder, later);
        assertThat(later.groups()).containsExactly(List.of("canary", "region:eu"));
        assertThat(later.restored().entries()).hasSize(1);
    }

    @Test
    void refusedCommitKeepsTheLastGoodValueAndTheLogGoesOn() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        log.commit(Map.of(SHOP, site("shop", "good")));
        long bad = log.commit(Map.of(SHOP, site("shop", "refuse"), "site/default/other", site("other", "fine")));
        long after = log.commit(Map.of("site/default/blog", site("blog", "a")));
        until("the last ack", () -> server.nodes().ackedAt("n1", after).isPresent());

        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "good")).containsKey("site/default/blog");
        assertThat(applier.inForce()).doesNotContainKey("site/default/other");
        NodeAnswer answer = server.nodes().answers(SHOP, bad).getFirst();
        assertThat(answer.state()).isEqualTo(NodeAnswer.State.REFUSED);
        assertThat(answer.reason()).isEqualTo("it says refuse");
        assertThat(server.nodes().answers("site/default/other", bad).getFirst().reason())
                .contains(SHOP);
        assertThat(server.nodes().answers("site/default/blog", after).getFirst().state())
                .isEqualTo(NodeAnswer.State.APPLIED);

        long mended = log.commit(Map.of(SHOP, site("shop", "better")));
        until(
                "the mended value",
                () -> server.nodes().answers(SHOP, mended).getFirst().state() == NodeAnswer.State.APPLIED);
        assertThat(client.status().refused()).containsOnlyKeys("site/default/other");
    }

    @Test
    void reconnectResumesWithTheTailAndStillTellsItsRefusals() {
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long bad = log.commit(Map.of(SHOP, site("shop", "refuse")));
        until("the refusal", () -> client.status().revision() == bad);
        fleet.stopServing();
        until("the break", () -> !client.status().connected());

        log.commit(Map.of("site/default/blog", site("blog", "a")));
        SyncServer again = fleet.serve(log);
        until("the tail", () -> again.nodes().ackedAt("n1", 2).isPresent());

        assertThat(applier.snapshots()).as("only the first, of the empty log").isEqualTo(1);
        assertThat(applier.commits()).containsExactly(2L);
        assertThat(again.nodes().answers(SHOP, bad).getFirst().state()).isEqualTo(NodeAnswer.State.REFUSED);
    }

    @Test
    void restartFromDiskServesWithTheControlPlaneGone() {
        fleet.serve(log);
        SyncClient first = fleet.connect("n1", folder, applier);
        log.commit(Map.of(SHOP, site("shop", "kept")));
        until("the commit", () -> first.status().revision() == 1);
        await(first.close());
        fleet.disappear();

        RecordingApplier reborn = new RecordingApplier();
        SyncClient second = fleet.connect("n1", folder, reborn);
        assertThat(reborn.inForce()).isEqualTo(Map.of(SHOP, site("shop", "kept")));
        assertThat(reborn.restored().position().revision()).isEqualTo(1);
        assertThat(second.status().connected()).isFalse();
        assertThat(second.status().caughtUp()).isFalse();
    }

    @Test
    void nodeThatWasAwayGetsEveryPurgeItMissed() {
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        await(client.close());
        for (int i = 0; i < 5; i++) {
            PurgeEntry purge =
                    new PurgeEntry("p" + i, "default", "shop", "i1", new PurgeTarget.Tags(List.of("t" + i)), false);
            log.commit(Map.of(purge.key(), purge.toJson()));
        }
        SyncClient again = fleet.connect("n1", folder, applier);
        await(again.caughtUp());
        assertThat(applier.purges()).containsExactly("purge/p0", "purge/p1", "purge/p2", "purge/p3", "purge/p4");
    }

    @Test
    void nodeBehindTheCompactionIsToldThatItMissedPurges() {
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        await(client.close());
        for (int i = 0; i < 10; i++) {
            log.commit(Map.of(SHOP, site("shop", "v" + i)));
        }
        log.compactTo(8);
        SyncServer server = restart();
        SyncClient again = fleet.connect("n1", folder, applier);
        await(again.caughtUp());
        assertThat(applier.snapshots()).isEqualTo(2);
        assertThat(applier.missedPurges()).isEqualTo(1);
        assertThat(applier.inForce()).isEqualTo(Map.of(SHOP, site("shop", "v9")));
        until("the ack of the snapshot", () -> server.nodes().ackedAt("n1", 10).isPresent());
    }

    @Test
    void logOfAnotherHistoryIsTakenWhole() {
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        for (int i = 0; i < 5; i++) {
            log.commit(Map.of(SHOP, site("shop", "v" + i)));
        }
        until("the commits", () -> client.status().revision() == 5);
        fleet.stopServing();
        MemoryLog restored = new MemoryLog("h2");
        restored.commit(Map.of("site/default/blog", site("blog", "a")));
        fleet.serve(restored);
        until(
                "the other log",
                () -> client.status().caughtUp() && client.status().revision() == 1);
        assertThat(applier.inForce()).containsOnlyKeys("site/default/blog");
        assertThat(applier.missedPurges()).isEqualTo(1);
    }

    @Test
    void thousandCommitsArriveInOrder() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        for (int i = 0; i < 1_000; i++) {
            log.commit(Map.of("site/default/s" + i % 50, site("s" + i % 50, "v" + i)));
        }
        until("the last ack", () -> server.nodes().ackedAt("n1", 1_000).isPresent());
        List<Long> expected = LongStream.rangeClosed(
                        client.status().revision() - applier.commits().size() + 1, 1_000)
                .boxed()
                .toList();
        assertThat(applier.commits()).isEqualTo(expected);
        assertThat(applier.inForce()).hasSize(50).containsEntry("site/default/s49", site("s49", "v999"));
    }

    @Test
    void manyNodesAreServedByOneReadingOfTheLog() {
        SyncServer server = fleet.serve(log);
        List<RecordingApplier> appliers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            RecordingApplier each = new RecordingApplier();
            appliers.add(each);
            await(fleet.connect("m" + i, folder.resolve("m" + i), each).caughtUp());
        }
        int before = log.reads.get();
        for (int i = 0; i < 300; i++) {
            log.commit(Map.of(SHOP, site("shop", "v" + i)));
        }
        until(
                "the last acks",
                () -> IntStream.range(0, 6)
                        .allMatch(i -> server.nodes().ackedAt("m" + i, 300).isPresent()));
        assertThat(log.reads.get() - before).as("each commit was read once").isLessThanOrEqualTo(300);
        appliers.forEach(each -> assertThat(each.commits())
                .isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList()));
    }

    @Test
    void slowNodeIsServedFromTheLogNotFromMemory() {
        try (Fleet bounded = new Fleet(new SyncServerOptions(
                4, 1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(20), 8, 1 << 20, 10, Duration.ofMinutes(5)))) {
            SyncServer server = bounded.serve(log);
            Promise<ApplyResult> gate = Promise.promise();
            applier.slow = commit -> gate.future();
            SyncClient client = bounded.connect("n1", folder, applier);
            await(client.caughtUp());
            for (int i = 0; i < 100; i++) {
                log.commit(Map.of(SHOP, site("shop", "v" + i)));
            }
            gate.complete(ApplyResult.applied());
            until("the last ack", () -> server.nodes().ackedAt("n1", 100).isPresent());
            assertThat(applier.commits()).hasSize(100);
            assertThat(log.reads.get()).as("read again for the slow node").isGreaterThan(2);
            await(client.close());
        }
    }

    @Test
    void wrongTokenGetsNothing() {
        fleet.serve(log);
        log.commit(Map.of(SHOP, site("shop", "secret")));
        SyncClientOptions right = fleet.options("n1", folder);
        SyncClient client = fleet.open(
                new SyncClientOptions(
                        right.controlPlanes(),
                        "wrong",
                        folder,
                        "test",
                        false,
                        right.connectTimeout(),
                        right.firstRetry(),
                        right.lastRetry(),
                        right.heartbeat(),
                        right.silence(),
                        right.maxSnapshotCharacters(),
                        right.maxBlobBytes(),
                        null,
                        null,
                        right.keyAge()),
                applier);
        var answer = await(fleet.vertx
                .createHttpClient()
                .request(io.vertx.core.http.HttpMethod.GET, fleet.port, "127.0.0.1", "/sync/blobs/" + "0".repeat(64))
                .compose(request ->
                        request.putHeader("authorization", "Bearer wrong").send()));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(client.status().connected()).isFalse();
        assertThat(applier.inForce()).isEmpty();
    }

    private SyncServer restart() {
        fleet.stopServing();
        return fleet.serve(log);
    }
}
