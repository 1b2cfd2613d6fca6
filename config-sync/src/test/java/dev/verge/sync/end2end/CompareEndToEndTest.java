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
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import dev.verge.sync.nats.NatsCarrier;
import dev.verge.sync.nats.NatsHub;
import dev.verge.sync.nats.NatsSettings;
import dev.verge.sync.nats.StreamSettings;
import dev.verge.sync.server.Comparison;
import dev.verge.sync.server.NodeState;
import dev.verge.sync.server.SyncServer;
import dev.verge.sync.server.SyncServerOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** States on real disks that are not what the log says, over both ways. */
class CompareEndToEndTest {
    private static final byte[] CODE = "export default {}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private final Fleet fleet = new Fleet(new SyncServerOptions(
            256, 4 << 20, Duration.ofMillis(50), Duration.ofSeconds(20), 4_096, 16 << 20, 10, Duration.ofMillis(200)));
    private final MemoryLog log = new MemoryLog("h1");
    private final RecordingApplier applier = new RecordingApplier();
    private final List<Integer> differing = new CopyOnWriteArrayList<>();
    private volatile @Nullable Comparison seen;

    @AfterEach
    void close() {
        fleet.close();
    }

    private static String hash(byte[] content) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }

    /** Sites for all and for some, a function with its code, a purge, and what the node refuses. */
    private void fill() throws NoSuchAlgorithmException {
        fleet.nodes.groups.put("n1", List.of("eu"));
        log.blob(hash(CODE), CODE);
        FunctionEntry function = new FunctionEntry(
                "default", "f", "i1", List.of(new Deployed(1, 100, hash(CODE), FunctionManifest.defaults())));
        log.commit(Map.of(function.key(), function.toJson()));
        for (int i = 0; i < 500; i++) {
            log.commit(Map.of("site/default/s" + i, site("s" + i, "text " + i)));
        }
        log.commit("site/default/here", site("here", "eu"), new Placement(List.of("eu"), List.of()));
        log.commit("site/default/there", site("there", "us"), new Placement(List.of("us"), List.of()));
        PurgeEntry purge = new PurgeEntry("p1", "default", "shop", "i1", new PurgeTarget.Tags(List.of("t")), false);
        log.commit(Map.of(purge.key(), purge.toJson()));
        log.commit(Map.of("site/default/bad", site("bad", "refuse")));
    }

    private SyncServer serve() {
        SyncServer server = fleet.serve(log);
        server.nodes().onChange(state -> {
            Comparison last = state.comparison();
            if (last != null && !last.equals(seen)) {
                seen = last;
                differing.add(last.differing());
            }
        });
        return server;
    }

    /** How many comparisons there have been. */
    private static long told(SyncServer server) {
        return server.comparisons().same() + server.comparisons().different();
    }

    /** How often there was a difference. */
    private long different() {
        return differing.stream().filter(parts -> parts > 0).count();
    }

    private static boolean level(SyncServer server) {
        return server.nodes()
                .find("n1")
                .map(NodeState::comparison)
                .filter(last -> last.differing() == 0)
                .isPresent();
    }

    /** One key is gone, another has an old value, and one is there that nobody made. */
    private void spoil() throws RocksDBException {
        RocksDB.loadLibrary();
        try (RocksDB db = RocksDB.open(folder.resolve("state").toString())) {
            db.delete("esite/default/s7".getBytes(StandardCharsets.UTF_8));
            byte[] other = db.get("esite/default/s8".getBytes(StandardCharsets.UTF_8));
            db.put("esite/default/s9".getBytes(StandardCharsets.UTF_8), other);
            db.put("esite/default/extra".getBytes(StandardCharsets.UTF_8), other);
        }
    }

    @Test
    void aStateThatIsWhatTheLogSaysIsNeverFoundToDifferWhateverIsCommittedMeanwhile() throws Exception {
        fill();
        SyncServer server = serve();
        await(fleet.connect("n1", folder, applier).caughtUp());
        long until = told(server) + 5;
        for (int i = 0; told(server) < until; i++) {
            long revision = log.commit(Map.of("site/default/s" + i % 600, site("s" + i % 600, "changed " + i)));
            until("the ack", () -> server.nodes().ackedAt("n1", revision).isPresent());
        }
        until("another one in a calm", () -> told(server) > until);
        assertThat(server.comparisons().different()).isZero();
        assertThat(differing).isNotEmpty().containsOnly(0);
        assertThat(applier.snapshots()).isEqualTo(1);
    }

    @Test
    void aSpoiltStateIsFoundAndTakenAnew() throws Exception {
        fill();
        SyncServer server = serve();
        SyncClient first = fleet.connect("n1", folder, applier);
        await(first.caughtUp());
        until("a comparison", () -> level(server));
        await(first.close());
        spoil();

        RecordingApplier reborn = new RecordingApplier();
        SyncClient again = fleet.connect("n1", folder, reborn);
        until("the difference", () -> different() == 1);
        assertThat(differing).contains(3);
        until("the state anew", () -> level(server));
        await(again.caughtUp());
        assertThat(reborn.snapshots()).isEqualTo(1);
        assertThat(reborn.missedPurges()).as("purges were never missed").isZero();
        assertThat(reborn.inForce())
                .isEqualTo(applier.inForce())
                .containsKey("site/default/here")
                .doesNotContainKeys("site/default/extra", "site/default/there");
        assertThat(server.comparisons().different()).isEqualTo(1);
        assertThat(again.status().refused()).containsOnlyKeys("site/default/bad");
    }

    @Test
    void aStateThatIsSpoiltAgainIsToldOfButNotSentOverAndOver() throws Exception {
        fill();
        SyncServer server = serve();
        for (int i = 0; i < 2; i++) {
            int spoilt = i;
            SyncClient client = fleet.connect("n1", folder, applier);
            until("a comparison", () -> different() == spoilt && level(server));
            await(client.close());
            spoil();
        }
        RecordingApplier reborn = new RecordingApplier();
        fleet.connect("n1", folder, reborn);
        until("two differences after the first", () -> different() == 3);
        assertThat(reborn.snapshots()).isZero();
        assertThat(level(server)).isFalse();
    }

    @Test
    void codeThatIsGoneFromTheDiskIsFetchedAgain() throws Exception {
        fill();
        SyncServer server = serve();
        await(fleet.connect("n1", folder, applier).caughtUp());
        until("a comparison", () -> level(server));
        Path code = folder.resolve("blobs").resolve(hash(CODE).substring(0, 2)).resolve(hash(CODE));
        Files.delete(code);
        until("the difference", () -> different() == 1);
        until("the state anew", () -> level(server));
        assertThat(Files.readAllBytes(code)).isEqualTo(CODE);
    }

    @Test
    void overNatsTheStateIsTakenAnewFromThere(@TempDir Path natsFolder) throws Exception {
        try (NatsServer nats = NatsServer.start(natsFolder.resolve("jetstream"))) {
            NatsSettings settings = nats.settings("compare");
            fill();
            SyncServer server = serve();
            try (NatsHub hub = await(NatsHub.open(
                    fleet.vertx,
                    settings,
                    new StreamSettings(Duration.ofHours(1), 64L << 20, Duration.ofHours(1), 256L << 20, 1),
                    server,
                    log))) {
                SyncClient first = fleet.open(fleet.options("n1", folder), applier, NatsCarrier.with(settings));
                await(first.caughtUp());
                until("a comparison", () -> level(server));
                await(first.close());
                spoil();
                // The snapshot that lies there is older than the node's state, and not what it is to have.
                long last = log.commit(Map.of("site/default/s1", site("s1", "newer")));

                RecordingApplier reborn = new RecordingApplier();
                fleet.open(fleet.options("n1", folder), reborn, NatsCarrier.with(settings));
                until("the difference", () -> different() == 1);
                until("the state anew", () -> level(server));
                until("all of it", () -> server.nodes().ackedAt("n1", last).isPresent());
                assertThat(reborn.inForce()).containsEntry("site/default/s1", site("s1", "newer"));
                assertThat(reborn.inForce().keySet())
                        .isEqualTo(applier.inForce().keySet());
                assertThat(hub.connected()).isTrue();
            }
        }
    }
}
