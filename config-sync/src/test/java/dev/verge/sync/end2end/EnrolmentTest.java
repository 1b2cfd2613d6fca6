package dev.verge.sync.end2end;

import static dev.verge.sync.end2end.Fleet.await;
import static dev.verge.sync.end2end.Fleet.site;
import static dev.verge.sync.end2end.Fleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.crypto.SigningPair;
import dev.verge.sync.document.Placement;
import dev.verge.sync.log.CertificateEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Secret;
import dev.verge.sync.log.SecretPlaces;
import dev.verge.sync.server.SyncServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who a node is, whom it believes, and what lies on its disk; over real sockets and folders. */
class EnrolmentTest {
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
    void aTokenIsExchangedOnceAndTheKeysGoOnWithoutIt() throws IOException {
        SyncServer server = fleet.serve(log);
        SyncClient first = fleet.connect("n1", folder, applier);
        await(first.caughtUp());
        assertThat(first.node()).isEqualTo("n1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys.json"))))
                .isEqualTo("rw-------");
        await(first.close());

        SyncClient again = fleet.open(withToken(fleet.options("n1", folder), ""), applier);
        await(again.caughtUp());
        assertThat(again.node()).isEqualTo("n1");

        SyncClient thief = fleet.connect("n1", folder.resolve("thief"), new RecordingApplier());
        long revision = log.commit(Map.of(SHOP, site("shop", "one")));
        until("the ack", () -> server.nodes().ackedAt("n1", revision).isPresent());
        assertThat(thief.status().connected())
                .as("the token is of no use any more")
                .isFalse();
        assertThat(thief.node()).isEmpty();
    }

    @Test
    void aNodeThatIsShutOutLosesItsStreamAndCannotComeBack() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        fleet.nodes.revoke("n1");
        server.disconnect("n1", "revoked");
        until("the end", () -> !client.status().connected());
        log.commit(Map.of(SHOP, site("shop", "one")));
        SyncClient other = fleet.connect("n2", folder.resolve("n2"), new RecordingApplier());
        await(other.caughtUp());
        assertThat(client.status().connected()).isFalse();
        assertThat(applier.inForce()).isEmpty();
    }

    @Test
    void aNodeChangesItsKeysAndOpensWhatWasSealedToTheOldOnes() throws IOException {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long certified = log.commit(Map.of("certificate/default/shop", certificate("hidden-key-bytes")));
        until("the certificate", () -> server.nodes().ackedAt("n1", certified).isPresent());
        String before = Files.readString(folder.resolve("keys.json"));
        client.changeKeys();
        until(
                "other keys",
                () -> !read(folder.resolve("keys.json")).equals(before)
                        && !Files.exists(folder.resolve("keys.next.json")));
        await(client.close());

        RecordingApplier reborn = new RecordingApplier();
        SyncClient again = fleet.open(withToken(fleet.options("n1", folder), ""), reborn);
        await(again.caughtUp());
        assertThat(reborn.inForce().get("certificate/default/shop")).contains("hidden-key-bytes");
    }

    @Test
    void whatAnotherKeySignedIsNotTakenInAndTold() {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        long good = log.commit(Map.of(SHOP, site("shop", "good")));
        until("the commit", () -> server.nodes().ackedAt("n1", good).isPresent());
        log.signing = SigningPair.generate();
        log.commit(Map.of(SHOP, site("shop", "forged")));
        until("the refusal", () -> client.status().distrusted() > 0);
        assertThat(applier.inForce()).containsEntry(SHOP, site("shop", "good"));
        until("no welcome by another key", () -> client.status().distrusted() > 1);
        assertThat(client.status().revision()).isEqualTo(good);
    }

    @Test
    void aControlPlaneWithAnotherKeyThanThePinnedOneIsNotBelieved() {
        log.commit(Map.of(SHOP, site("shop", "one")));
        fleet.serve(log);
        SyncClient client = fleet.open(
                fleet.options("n1", folder)
                        .withPins(null, SigningPair.generate().publicKey()),
                applier);
        SyncClient right = fleet.open(
                fleet.options("n2", folder.resolve("n2")).withPins(null, log.signing.publicKey()),
                new RecordingApplier());
        await(right.caughtUp());
        assertThat(client.status().connected()).isFalse();
        assertThat(applier.inForce()).isEmpty();
    }

    @Test
    void secretsAreOpenInTheNodeAndSealedInItsFolder() throws IOException {
        SyncServer server = fleet.serve(log);
        SyncClient client = fleet.connect("n1", folder, applier);
        await(client.caughtUp());
        long revision = log.commit(Map.of("certificate/default/shop", certificate("hidden-key-bytes")));
        until("the certificate", () -> server.nodes().ackedAt("n1", revision).isPresent());
        assertThat(applier.inForce().get("certificate/default/shop")).contains("hidden-key-bytes");
        await(client.close());
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertThat(content).as("%s", file).doesNotContain("hidden-key-bytes");
                assertThat(content).as("%s", file).doesNotContain(log.fleetKey.text());
            }
        }
    }

    @Test
    void aNodeGetsWhatIsPlacedOnItAndLosesWhatMovesAway() {
        fleet.nodes.groups.put("eu", List.of("edge", "region:eu"));
        fleet.nodes.groups.put("us", List.of("edge", "region:us"));
        RecordingApplier inUs = new RecordingApplier();
        Placement europe = new Placement(List.of("edge"), List.of("eu"));
        log.commit("site/default/early", site("early", "e"), europe);
        SyncServer server = fleet.serve(log);
        await(fleet.connect("eu", folder.resolve("eu"), applier).caughtUp());
        await(fleet.connect("us", folder.resolve("us"), inUs).caughtUp());
        log.commit(SHOP, site("shop", "one"), europe);
        long both = log.commit(Map.of("site/default/blog", site("blog", "a")));
        until(
                "both",
                () -> server.nodes().ackedAt("eu", both).isPresent()
                        && server.nodes().ackedAt("us", both).isPresent());
        assertThat(applier.inForce()).containsOnlyKeys(SHOP, "site/default/blog", "site/default/early");
        assertThat(inUs.inForce()).containsOnlyKeys("site/default/blog");

        long moved = log.commit(SHOP, site("shop", "two"), new Placement(List.of(), List.of("us")));
        until(
                "the move",
                () -> server.nodes().ackedAt("eu", moved).isPresent()
                        && server.nodes().ackedAt("us", moved).isPresent());
        assertThat(applier.inForce()).containsOnlyKeys("site/default/blog", "site/default/early");
        assertThat(inUs.inForce()).containsEntry(SHOP, site("shop", "two"));
        assertThat(server.nodes().answers(SHOP, moved, europe)).hasSize(1);
    }

    private String certificate(String key) {
        CertificateEntry entry = new CertificateEntry("default", "shop", "chain", Secret.of(key));
        return String.valueOf(
                SecretPlaces.replace(LogEntry.of(1, entry), (name, value) -> log.fleetKey.seal(name, value))
                        .value());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SyncClientOptions withToken(SyncClientOptions right, String token) {
        return new SyncClientOptions(
                right.controlPlanes(),
                token,
                right.folder(),
                right.software(),
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
                Duration.ofDays(1));
    }
}
