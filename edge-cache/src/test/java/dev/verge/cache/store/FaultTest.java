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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that takes no more, made from a limit on the size of files: the kernel refuses writes of this process beyond it. */
class FaultTest {
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    @TempDir
    Path folder;

    /** The small limit stops the database's log, the larger one the data file. */
    @ParameterizedTest(name = "files of {0} KiB at most")
    @ValueSource(ints = {64, 2048})
    void servesOnWhileTheDiskFailsAndUsesItAgainAfterwards(int limitKib) throws Exception {
        assumeThat(Files.isExecutable(PRLIMIT)).as("needs util-linux").isTrue();
        Process child = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "exec \"$0\" --fsize=" + (limitKib << 10) + ":unlimited \"$@\"",
                        PRLIMIT.toString(),
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
            assertThat(fixture.read("/0")).as("struck by the purge while the disk failed").isEmpty();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .isZero();
        }
    }

    @Test
    void sayThatThereIsNoDisk() throws Exception {
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
                int stored = 0;
                while (fixture.cache.health().disk() == Disk.WORKING) {
                    fixture.write(fixture.begin("/" + stored, "Cache-Tag", "t"), body(stored, 3_000))
                            .complete();
                    stored++;
                }
                assertThat(stored).isBetween(10, 5_000);
                assertThat(fixture.cache.health().problem()).isNotNull();
                assertThat(fixture.gauge("verge.cache.disk.failing")).isEqualTo(1);
                assertThat(fixture.count("verge.cache.disk.errors", "kind", "io"))
                        .isPositive();
                assertThat(fixture.read("/" + (stored - 1))).hasValue(body(stored - 1, 3_000));
                servesNewResponses(fixture);
                var purge = fixture.cache.purge(List.of(PurgeMark.tag(CacheFixture.SCOPE, "t", false)));
                awaitTrue(purge::isDone);
                assertThat(fixture.read("/0")).isEmpty();
                lift();
                awaitTrue(() -> fixture.cache.health().disk() == Disk.WORKING);
                fixture.store("/after", body(2, 50_000));
                awaitTrue(() -> fixture.gauge("verge.cache.fills.active") == 0);
            }
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

        private static void lift() throws IOException, InterruptedException {
            Process prlimit = new ProcessBuilder(
                            PRLIMIT.toString(),
                            "--fsize=unlimited:unlimited",
                            "--pid",
                            Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start();
            assertThat(prlimit.waitFor()).isZero();
        }
    }
}
