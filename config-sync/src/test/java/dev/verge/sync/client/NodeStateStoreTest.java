package dev.verge.sync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sync.core.StateUpdate;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Position;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;

class NodeStateStoreTest {

    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsLoadedSorted() throws RocksDBException {
        try (NodeStateStore store = NodeStateStore.open(folder)) {
            store.write(update(1, new LogEntry(1, "site/a/b", "\"ü\""), new LogEntry(1, "order/n", "1")));
            store.write(new StateUpdate(
                    new Position("h", 2),
                    false,
                    Set.of(),
                    List.of(LogEntry.tombstone(2, "order/n")),
                    Map.of("site/a/c", new Refusal(2, "why"))));
        }
        try (NodeStateStore store = NodeStateStore.open(folder)) {
            assertThat(store.load())
                    .isEqualTo(new State(
                            new Position("h", 2),
                            List.of(new LogEntry(1, "site/a/b", "\"ü\"")),
                            Map.of("site/a/c", new Refusal(2, "why"))));
        }
    }

    @Test
    void snapshotReplacesAllButWhatIsKept() throws RocksDBException {
        try (NodeStateStore store = NodeStateStore.open(folder)) {
            store.write(update(1, new LogEntry(1, "site/a/gone", "1"), new LogEntry(1, "site/a/kept", "old")));
            store.write(new StateUpdate(
                    new Position("h2", 9),
                    true,
                    Set.of("site/a/kept"),
                    List.of(new LogEntry(5, "site/a/new", "2")),
                    Map.of("site/a/kept", new Refusal(9, "no"))));
            assertThat(store.load().entries())
                    .containsExactly(new LogEntry(1, "site/a/kept", "old"), new LogEntry(5, "site/a/new", "2"));
        }
    }

    @Test
    void aStoreThatIsClosedWhileItIsSummedUpEndsTheReading() throws Exception {
        NodeStateStore store = NodeStateStore.open(folder);
        store.write(update(1, new LogEntry(1, "site/a/one", "1"), new LogEntry(1, "site/a/two", "2")));
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Void> closed = new CompletableFuture<>();
        assertThatThrownBy(() -> store.sums(entry -> {
                    if (reading.getCount() > 0) {
                        reading.countDown();
                        Thread closer = Thread.ofPlatform().start(() -> {
                            store.close();
                            closed.complete(null);
                        });
                        until(() -> closer.getState() == Thread.State.WAITING);
                    }
                    return true;
                }))
                .isInstanceOf(CancellationException.class);
        closed.get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> store.sums(entry -> true)).isInstanceOf(CancellationException.class);
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void newFolderHoldsNothing() {
        try (NodeStateStore store = NodeStateStore.open(folder.resolve("a/b"))) {
            assertThat(store.load()).isEqualTo(State.empty());
        }
    }

    @Test
    void folderInUseIsRefusedInOneLine() throws IOException, InterruptedException {
        Process other = start("hold");
        try (BufferedReader out = reader(other)) {
            assertThat(out.readLine()).isEqualTo("open");
            assertThatThrownBy(() -> NodeStateStore.open(folder))
                    .isInstanceOf(StateFolderException.class)
                    .hasMessage("the state folder " + folder
                            + " is in use by another process; stop it or choose another folder");
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** Killed at any instant, the store holds one whole update: all entries of a revision are there or none. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void killedProcessLeavesAWholeState(long seed) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        long reported = 0;
        for (int round = 0; round < 2; round++) {
            Process writer = start("write");
            try (BufferedReader out = reader(writer)) {
                long lines = 20 + random.nextLong(300);
                for (long i = 0; i < lines; i++) {
                    reported = Long.parseLong(out.readLine());
                }
            } finally {
                writer.destroyForcibly().waitFor();
            }
            try (NodeStateStore store = NodeStateStore.open(folder)) {
                State state = store.load();
                long revision = state.position().revision();
                assertThat(revision)
                        .as("seed %s: what was reported is there", seed)
                        .isGreaterThanOrEqualTo(reported);
                assertThat(state.entries())
                        .as("seed %s", seed)
                        .hasSize(StateWriter.KEYS)
                        .allSatisfy(entry -> assertThat(entry.revision()).isEqualTo(revision));
            }
        }
    }

    private static StateUpdate update(long revision, LogEntry... entries) {
        return new StateUpdate(new Position("h", revision), false, Set.of(), List.of(entries), Map.of());
    }

    private Process start(String mode) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StateWriter.class.getName(),
                folder.toString(),
                mode));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }
}
