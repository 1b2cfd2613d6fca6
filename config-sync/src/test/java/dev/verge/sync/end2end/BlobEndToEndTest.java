package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.document.FunctionManifest;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Deployed;
import dev.verge.sync.log.FunctionEntry;
import dev.verge.sync.server.NodeAnswer;
import dev.verge.sync.server.SyncServer;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code reaches the node's disk before the commit that needs it, and only if it is what its name says. */
class BlobEndToEndTest {

    private static final byte[] CODE = "export default {}".getBytes(StandardCharsets.UTF_8);
    private static final String SHA = sha256(CODE);
    private static final String KEY = "function/default/hello";

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
    void codeIsOnDiskBeforeItsCommitIsApplied() {
        log.blob(SHA, CODE);
        SyncServer server = fleet.serve(log);
        AtomicBoolean there = new AtomicBoolean();
        applier.slow = commit -> {
            there.set(Files.exists(
                    folder.resolve("blobs").resolve(SHA.substring(0, 2)).resolve(SHA)));
            return Future.succeededFuture(ApplyResult.applied());
        };
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long revision = log.commit(Map.of(KEY, function(SHA)));
        until("the ack", () -> server.nodes().ackedAt("n1", revision).isPresent());

        assertThat(there).isTrue();
        assertThat(await(client.blobs().read(SHA)).getBytes()).isEqualTo(CODE);
    }

    @Test
    void tamperedCodeIsRefusedAndTheLogGoesOn() throws IOException {
        log.blob(SHA, "export default {evil}".getBytes(StandardCharsets.UTF_8));
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long bad = log.commit(Map.of(KEY, function(SHA)));
        long next = log.commit(Map.of("site/default/shop", Fleet.site("shop", "x")));
        until("the ack", () -> server.nodes().ackedAt("n1", next).isPresent());

        NodeAnswer answer = server.nodes().answers(KEY, bad).getFirst();
        assertThat(answer.state()).isEqualTo(NodeAnswer.State.REFUSED);
        assertThat(answer.reason()).contains(SHA).contains("other content");
        assertThat(applier.inForce()).containsOnlyKeys("site/default/shop");
        assertThat(client.blobs().path(SHA)).isEmpty();
        try (Stream<Path> files = Files.walk(folder.resolve("blobs"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("nothing is left behind")
                    .isEmpty();
        }
    }

    @Test
    void missingCodeIsRefusedWithItsReason() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long bad = log.commit(Map.of(KEY, function(SHA)));
        until("the refusal", () -> server.nodes().ackedAt("n1", bad).isPresent());
        assertThat(server.nodes().answers(KEY, bad).getFirst().state()).isEqualTo(NodeAnswer.State.REFUSED);

        log.blob(SHA, CODE);
        long again = log.commit(Map.of(KEY, function(SHA)));
        until("the second try", () -> server.nodes().ackedAt("n1", again).isPresent());
        assertThat(server.nodes().answers(KEY, again).getFirst().state()).isEqualTo(NodeAnswer.State.APPLIED);
    }

    @Test
    void codeDamagedOnDiskIsFetchedAgain() throws IOException {
        log.blob(SHA, CODE);
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        log.commit(Map.of(KEY, function(SHA)));
        until("the commit", () -> client.status().revision() == 1);
        Files.writeString(client.blobs().path(SHA).orElseThrow(), "export default {damaged}");

        assertThat(await(client.blobs().read(SHA)).getBytes()).isEqualTo(CODE);
    }

    @Test
    void nameThatIsNoHashNeverBecomesAPath() {
        fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        assertThatThrownBy(() -> client.blobs().path("../../etc/passwd")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String function(String sha256) {
        return new FunctionEntry(
                        "default", "hello", "i1", List.of(new Deployed(1, 100, sha256, FunctionManifest.defaults())))
                .toJson();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
