package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.verge.cache.store.CacheHealth.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes no more, made from a limit on the size of files: the kernel refuses writes of this process beyond it. */
class FaultTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    /** Bytes: enough for the database to open, soon reached by the data file, and by the log after some hundred purges. */
    private static final int LIMIT = 64 << 10;

    @TempDir
    Path folder;

    @Test
    void servesOnWhileTheDiskFailsAndUsesItAgainAfterwards() throws Exception {
        assumeThat(Files.isExecutable(PRLIMIT)).as("needs util-linux").isTrue();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as(said).isZero();
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/after")).hasValue(body(2, 50_000));
            assertThat(fixture.read("/0"))
                    .as("struck by the purge while the disk failed")
                    .isEmpty();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .isZero();
        }
    }

    /** By {@code load-tests/fault-cache}, which mounts 24 MiB. */
    @Test
    @EnabledIfSystemProperty(named = "verge.cache.mount", matches = ".+")
    @SuppressWarnings("SystemOut")
    void servesOnWhileTheFileSystemIsFull() throws Exception {
        Path mount = Path.of(System.getProperty("verge.cache.mount"));
        int stored = 0;
        try (var fixture = new CacheFixture(CacheSettings.of(mount, 16 << 20, 64 << 20))) {
            while (fixture.cache.health().disk() == Disk.WORKING) {
                fixture.write(fixture.begin("/" + stored), body(stored, 200_000))
                        .complete();
                stored++;
            }
            System.out.println("full disk: after " + stored + " objects: " + fixture.cache.health());
            assertThat(fixture.read("/" + (stored - 1))).hasValue(body(stored - 1, 200_000));
            Child.servesNewResponses(fixture);
            run("mount", "-o", "remount,size=256m", mount.toString());
            awaitTrue(() -> fixture.cache.health().disk() == Disk.WORKING);
            fixture.store("/after", body(2, 50_000));
        }
        try (var fixture = new CacheFixture(CacheSettings.of(mount, 16 << 20, 64 << 20))) {
            assertThat(fixture.read("/after")).hasValue(body(2, 50_000));
            int found = 0;
            for (int i = 0; i < stored; i++) {
                Optional<byte[]> body = fixture.read("/" + i);
                found += body.isPresent() ? 1 : 0;
                assertThat(body.orElse(body(i, 200_000))).isEqualTo(body(i, 200_000));
            }
            System.out.println("full disk: " + found + " of " + stored + " objects there after a restart, none wrong");
            assertThat(found).isPositive();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    @Test
    void saysWhetherThereIsADisk() throws Exception {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 0))) {
            assertThat(fixture.cache.health().disk()).isEqualTo(Disk.NONE);
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.cache.health()).isEqualTo(new CacheHealth(Disk.WORKING, null, null));
        }
    }

    /** Runs into the limit, looks at what still works, lifts the limit, and looks whether all works again. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            try (var fixture = CacheFixture.open(Path.of(arguments[0]))) {
                limit(LIMIT + ":unlimited");
                int stored = 0;
                while (fixture.cache.health().disk() == Disk.WORKING) {
                    fixture.write(fixture.begin("/" + stored, "Cache-Tag", "t"), body(stored, 3_000))
                            .complete();
                    stored++;
                }
                assertThat(stored).isBetween(2, 1_000);
                assertThat(fixture.cache.health().problem()).isNotNull();
                assertThat(fixture.gauge("verge.cache.disk.failing")).isEqualTo(1);
                assertThat(fixture.count("verge.cache.disk.errors", "kind", "io"))
                        .isPositive();
                assertThat(fixture.read("/" + (stored - 1))).hasValue(body(stored - 1, 3_000));
                servesNewResponses(fixture);
                purgeUntilTheLogIsFull(fixture);
                var purge = fixture.cache.purge(List.of(PurgeMark.tag(CacheFixture.SCOPE, "t", false)));
                awaitTrue(purge::isDone);
                assertThat(purge).as("told that it is not on disk").isCompletedExceptionally();
                assertThat(fixture.read("/0")).isEmpty();
                limit("unlimited:unlimited");
                awaitTrue(() -> fixture.cache.health().disk() == Disk.WORKING);
                fixture.store("/after", body(2, 50_000));
                awaitTrue(() -> fixture.gauge("verge.cache.fills.active") == 0);
            }
        }

        private static void purgeUntilTheLogIsFull(CacheFixture fixture) {
            String tag = "x".repeat(500);
            for (int i = 0; i < 1_000; i++) {
                var purge = fixture.cache.purge(List.of(PurgeMark.tag(CacheFixture.SCOPE, tag + i, false)));
                awaitTrue(purge::isDone);
                if (purge.isCompletedExceptionally()) {
                    return;
                }
            }
            throw new AssertionError("the log takes more than its limit");
        }

        private static void servesNewResponses(CacheFixture fixture) {
            Fill fill = fixture.begin("/during");
            BodyReader reader = fill.reader(0).orElseThrow();
            fixture.write(fill, body(1, 40_000)).complete();
            assertThat(CacheFixture.drain(reader)).isEqualTo(body(1, 40_000));
            Optional<byte[]> again = fixture.read("/during");
            assertThat(again).hasValue(body(1, 40_000));
            // Too large for memory: passed on, not kept.
            Fill large = fixture.begin("/large");
            BodyReader following = large.reader(0).orElseThrow();
            var read = java.util.concurrent.CompletableFuture.supplyAsync(() -> CacheFixture.drain(following));
            fixture.write(large, body(1, 5 << 20)).complete();
            assertThat(await(read)).isEqualTo(body(1, 5 << 20));
        }

        private static void limit(String bytes) throws IOException, InterruptedException {
            String self = Long.toString(ProcessHandle.current().pid());
            run(PRLIMIT.toString(), "--fsize=" + bytes, "--pid", self);
        }
    }
}
