package dev.verge.control;

import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.control.api.ApiLimits;
import dev.verge.control.backup.BackupReader;
import dev.verge.control.log.LogRetention;
import dev.verge.control.resource.Scope;
import dev.verge.control.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backup holds and what a restored control plane answers; each kind of store is restored into the other. */
@ParameterizedClass
@EnumSource(TestStore.class)
final class BackupTest {
    private static final List<String> ASKED = List.of(
            "/v1/sites",
            "/v1/sites/shop",
            "/v1/sites/shop/versions",
            "/v1/accounts",
            "/v1/tokens",
            "/v1/kv/prefs",
            "/v1/node-tokens");

    private final StoreSettings from;
    private final TestStore other;
    private RunningControlPlane api;

    @TempDir
    private Path folder;

    BackupTest(TestStore kind) {
        from = kind.fresh();
        other = kind == TestStore.SQLITE ? TestStore.POSTGRESQL : TestStore.SQLITE;
    }

    @BeforeEach
    void start() {
        api = RunningControlPlane.start(folder.resolve("old"), from);
        api.call("PUT", "/v1/sites/shop").yaml(site("shop", "a.example")).send().expect(201);
        api.call("PUT", "/v1/sites/shop").yaml(site("shop", "b.example")).send().expect(200);
        api.token("acme", "all", Scope.ADMIN);
        api.nodeToken("edge-0");
        api.call("PUT", "/v1/kv/prefs/small").bytes(new byte[] {1, 2, 3}).send().expect(201);
        api.call("PUT", "/v1/kv/prefs/large").bytes(large()).send().expect(201);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void aRestoredControlPlaneAnswersAsTheOldOneDidAndNodesTakeItsStateAnew() throws IOException {
        Path nodeFolder = folder.resolve("node");
        String nodeToken = api.nodeToken("edge-1");
        try (TestNode node = new TestNode(api.base(), nodeToken, nodeFolder, entry -> false)) {
            node.await("site/default/shop");
        }
        Path backup = backup();
        List<String> before = answers(api);
        String operator = api.operator();
        // What came after the backup is not in it.
        api.call("PUT", "/v1/sites/late")
                .yaml(site("late", "late.example"))
                .send()
                .expect(201);

        ControlPlaneConfig config = target();
        BackupReader.Restored restored = Restore.run(config, backup);
        assertThat(restored.blobs()).isEqualTo(1);
        assertThat(Files.readString(config.adminTokenPath()).strip()).isNotEqualTo(operator);
        Path left = Files.writeString(Path.of(config.data()).resolve("backup1234.zip"), "of one that was killed");
        try (RunningControlPlane fresh = RunningControlPlane.start(config, Clock.systemUTC())) {
            assertThat(left).doesNotExist();
            assertThat(answers(fresh)).isEqualTo(withMoreTokens(before, answers(fresh)));
            assertThat(fresh.call("GET", "/v1/sites").as(operator).send().status())
                    .isEqualTo(200);
            assertThat(fresh.call("GET", "/v1/sites/late").send().status()).isEqualTo(404);
            assertThat(fresh.call("GET", "/v1/kv/prefs/large").sendForBytes()).isEqualTo(large());
            try (TestNode node = new TestNode(fresh.base(), nodeToken, nodeFolder, entry -> false)) {
                assertThat(node.await("site/default/shop").value()).contains("b.example");
            }
            long next = fresh.call("PUT", "/v1/sites/next")
                    .yaml(site("next", "next.example"))
                    .send()
                    .expect(201)
                    .json()
                    .path("revision")
                    .longValue();
            assertThat(next).isEqualTo(restored.revision() + 1);
        }
    }

    @Test
    void whatCannotBeRestoredWholeIsRefusedAndLeavesNothing() throws IOException {
        Path backup = backup();
        byte[] whole = Files.readAllBytes(backup);
        ControlPlaneConfig config = target();
        Path cut = folder.resolve("cut.zip");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> Restore.run(config, cut))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("cut.zip")
                .hasMessageContaining("not whole");
        Path strange = Files.writeString(folder.resolve("strange.zip"), "no backup");
        assertThatThrownBy(() -> Restore.run(config, strange)).hasMessageContaining("strange.zip");

        Path key = folder.resolve("new/secret-key");
        byte[] right = Files.readAllBytes(key);
        Files.delete(key);
        assertThatThrownBy(() -> Restore.run(config, backup)).hasMessageContaining("secret-key");
        Files.write(key, right);
        Restore.run(config, backup);
        assertThatThrownBy(() -> Restore.run(config, backup)).hasMessageContaining("holds data already");
    }

    @Test
    void everyTableIsInABackupOrLeftOutOnPurpose() throws SQLException {
        Set<String> tables = new TreeSet<>();
        try (var connection = TestStore.connect(from, folder.resolve("old"));
                var rows = connection
                        .getMetaData()
                        .getTables(null, from.url() == null ? null : "public", "%", new String[] {"TABLE"})) {
            while (rows.next()) {
                tables.add(rows.getString("TABLE_NAME"));
            }
        }
        assertThat(BackupReader.known()).containsAll(tables);
    }

    @Test
    void onlyAnOperatorGetsOne() {
        String stranger = api.token("acme", "reader", Scope.ADMIN);
        api.call("GET", "/v1/backup").as(stranger).send().expect(403);
        assertThat(api.call("HEAD", "/v1/backup").send().expect(200).text()).isEmpty();
    }

    private Path backup() throws IOException {
        Path file = folder.resolve("backup.zip");
        Files.write(file, api.call("GET", "/v1/backup").sendForBytes());
        // What it was put together in goes when it has been sent.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (drafts() > 0) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return file;
    }

    private long drafts() throws IOException {
        try (var left = Files.list(folder.resolve("old"))) {
            return left.filter(path -> path.toString().endsWith(".zip")).count();
        }
    }

    private ControlPlaneConfig target() throws IOException {
        Path data = folder.resolve("new");
        Files.createDirectories(data);
        Files.copy(folder.resolve("old/secret-key"), data.resolve("secret-key"));
        return RunningControlPlane.on(
                other.fresh(), RunningControlPlane.config(data, ApiLimits.defaults(), LogRetention.defaults(), 0));
    }

    private static List<String> answers(RunningControlPlane of) {
        return ASKED.stream()
                .map(path -> of.call("GET", path).send().expect(200).text())
                .toList();
    }

    /** The restored one has an operator's token more. */
    private static List<String> withMoreTokens(List<String> before, List<String> after) {
        int tokens = ASKED.indexOf("/v1/tokens");
        assertThat(after.get(tokens)).hasSizeGreaterThan(before.get(tokens).length());
        List<String> expected = new java.util.ArrayList<>(before);
        expected.set(tokens, after.get(tokens));
        return expected;
    }

    private static byte[] large() {
        byte[] value = new byte[200_000];
        Arrays.fill(value, (byte) 7);
        return value;
    }
}
