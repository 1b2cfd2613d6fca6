package dev.verge.control;

import static dev.verge.control.RunningControlPlane.join;
import static dev.verge.control.RunningControlPlane.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.RunningControlPlane.Answer;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.store.StoreSettings;
import dev.verge.sync.client.Applier;
import dev.verge.sync.client.OrderHandler;
import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncClientOptions;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three control planes on one PostgreSQL, written to by all, while each of them is stopped, once with its database cut away under it. */
final class ThreeReplicasTest {
    private static final int REPLICAS = 3;
    private static final int BETWEEN_STOPS = 15;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @TempDir
    private Path folder;

    private final AtomicReferenceArray<RunningControlPlane> running = new AtomicReferenceArray<>(REPLICAS);
    private final List<LogEntry> seen = new CopyOnWriteArrayList<>();
    private final List<Long> revisions = new CopyOnWriteArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final int[] ports = new int[REPLICAS];
    private StoreSettings store = StoreSettings.defaults();
    private volatile boolean enough;

    @Test
    void noAcknowledgedWriteIsLostOrAppliedTwiceAndTheNodesStreamMoves() throws Exception {
        store = TestStore.POSTGRESQL.fresh();
        List<URI> urls = new ArrayList<>();
        for (int i = 0; i < REPLICAS; i++) {
            try (ServerSocket free = new ServerSocket(0)) {
                ports[i] = free.getLocalPort();
            }
            start(i);
            urls.add(running.get(i).base());
        }
        Vertx vertx = Vertx.vertx();
        SyncClient node = join(SyncClient.open(
                vertx,
                SyncClientOptions.of(urls, running.get(0).nodeToken("edge-0"), folder.resolve("edge-0"), "test"),
                new Recorder(),
                OrderHandler.NONE));
        join(node.caughtUp());
        long before = node.status().revision();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < REPLICAS; i++) {
                int writer = i;
                var _ = writers.submit(() -> write(writer));
            }
            for (int i = 0; i < REPLICAS; i++) {
                int target = acknowledged.size() + BETWEEN_STOPS;
                until("writes", () -> acknowledged.size() >= target);
                if (i == 1) {
                    TestStore.cutAll(store);
                }
                RunningControlPlane stopped = running.get(i);
                stopped.close();
                start(i);
            }
            int target = acknowledged.size() + BETWEEN_STOPS;
            until("writes after the last stop", () -> acknowledged.size() >= target);
            enough = true;
        }
        until("the node", () -> texts().containsAll(acknowledged));

        assertThat(texts()).as("none twice").doesNotHaveDuplicates();
        assertThat(revisions)
                .as("gap-free")
                .isEqualTo(LongStream.rangeClosed(before + 1, before + revisions.size())
                        .boxed()
                        .toList());
        join(node.close());
        join(vertx.close());
        for (int i = 0; i < REPLICAS; i++) {
            running.get(i).close();
        }
    }

    private void start(int replica) {
        Path data = folder.resolve("replica" + replica);
        try {
            if (replica > 0 && !Files.exists(data)) {
                Files.createDirectories(data);
                for (String file : List.of("secret-key", "admin-token")) {
                    Files.copy(folder.resolve("replica0").resolve(file), data.resolve(file));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ControlPlaneConfig config = RunningControlPlane.on(
                store, RunningControlPlane.config(data, ApiLimits.defaults(), LogRetention.defaults(), 0));
        running.set(
                replica,
                RunningControlPlane.start(
                        new ControlPlaneConfig(
                                new ListenAddress("127.0.0.1", ports[replica]),
                                config.data(),
                                config.store(),
                                config.adminTokenFile(),
                                config.secretKeyFile(),
                                config.limits(),
                                config.log(),
                                config.functions(),
                                config.kv(),
                                config.usage(),
                                config.acme(),
                                config.sync(),
                                config.tls()),
                        Clock.systemUTC()));
    }

    /** One site, change after change, each at another replica; a change whose answer was lost is not said to be acknowledged. */
    private void write(int writer) {
        String name = "shop" + writer;
        for (int change = 0; !enough; change++) {
            String text = site(name, name + ".example") + "# change " + change + "\n";
            try {
                Answer answer = running.get((writer + change) % REPLICAS)
                        .call("PUT", "/v1/sites/" + name)
                        .yaml(text)
                        .send();
                if (answer.status() / 100 == 2) {
                    acknowledged.add(name + " " + change);
                }
            } catch (AssertionError | RuntimeException stopped) {
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    /** What the node took in, as {@link #write} says it. */
    private List<String> texts() {
        return seen.stream()
                .filter(entry -> entry.key().startsWith("site/default/shop") && entry.value() != null)
                .map(entry -> entry.key().substring("site/default/".length()) + " "
                        + String.valueOf(entry.value()).replaceAll("(?s).*# change (\\d+).*", "$1"))
                .toList();
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for %s", what).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }

    private final class Recorder implements Applier {
        @Override
        public void belongs(List<String> groups) {}

        @Override
        public Future<ApplyResult> restore(State state) {
            return Future.succeededFuture(ApplyResult.applied());
        }

        @Override
        public Future<ApplyResult> apply(Commit commit) {
            revisions.add(commit.revision());
            seen.addAll(commit.entries());
            return Future.succeededFuture(ApplyResult.applied());
        }

        @Override
        public Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missedPurges) {
            return Future.succeededFuture(ApplyResult.applied());
        }
    }
}
