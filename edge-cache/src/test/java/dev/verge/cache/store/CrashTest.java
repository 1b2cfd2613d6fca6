package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.SCOPE;
import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of fills, evictions and purges, again and again, and looks at what it left. */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("verge.cache.crashes", 4);
    private static final long DISK = 24 << 20;

    @TempDir
    Path folder;

    @Test
    void killedAtAnyInstantNothingWrongIsServedAndWhatWasCompleteIsThere() throws Exception {
        var random = new SplittableRandom(5);
        for (int round = 0; round < ROUNDS; round++) {
            Process child = start(round);
            Map<String, Long> stored = new HashMap<>();
            Set<String> purged = new HashSet<>();
            int lines = 20 + random.nextInt(150);
            try (var output =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                for (int i = 0; i < lines; i++) {
                    String line = output.readLine();
                    assertThat(line).as("the child ended by itself").isNotNull();
                    String[] words = line.split(" ", -1);
                    if (words[0].equals("stored")) {
                        stored.put(words[1], Long.parseLong(words[2]));
                        purged.remove(words[1]);
                    } else {
                        purged.add(words[1]);
                    }
                }
                child.destroyForcibly();
            }
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            check(stored, purged);
        }
    }

    private void check(Map<String, Long> stored, Set<String> purged) throws CacheOpenException {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 8 << 20, DISK))) {
            int found = 0;
            for (int name = 0; name < Child.NAMES; name++) {
                String path = "/" + name;
                Optional<byte[]> body = fixture.read(path);
                if (body.isPresent()) {
                    found++;
                    long seed = Long.parseLong(String.valueOf(fixture.lookup(path)
                            .variants()
                            .getFirst()
                            .head()
                            .fields()
                            .first("Seed")));
                    assertThat(Arrays.equals(body.get(), body(seed, Child.length(seed))))
                            .as("body of %s, seed %s", path, seed)
                            .isTrue();
                    assertThat(fixture.lookup(path).variants()).hasSize(1);
                    // A purge that was reported is never undone; what was stored after it is newer than the purge.
                    Long last = stored.get(path);
                    assertThat(purged.contains(path) && last != null && seed <= last)
                            .as(path)
                            .isFalse();
                }
            }
            assertThat(found).isPositive();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .isZero();
            assertThat(fixture.gauge("verge.cache.disk.live.bytes")).isLessThanOrEqualTo(DISK);
        }
    }

    private Process start(int round) throws java.io.IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Stores, purges and evicts without end; says what is done once it is. */
    static final class Child {
        static final int NAMES = 60;

        private Child() {}

        static int length(long seed) {
            return (int) (seed % 7 == 0 ? 1_000_000 + seed % 1000 : 100 + seed % 90_000);
        }

        @SuppressWarnings({"SystemOut", "InfiniteLoopStatement"})
        public static void main(String[] arguments) throws Exception {
            var fixture = new CacheFixture(CacheSettings.of(Path.of(arguments[0]), 8 << 20, DISK));
            var random = new SplittableRandom(Long.parseLong(arguments[1]));
            long seed = 1 + Long.parseLong(arguments[1]) * 1_000_000;
            while (true) {
                seed++;
                String path = "/" + random.nextInt(NAMES);
                if (random.nextInt(10) == 0) {
                    await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, path, false))));
                    System.out.println("purged " + path);
                } else {
                    Fill fill = fixture.begin(path, "Seed", Long.toString(seed), "Cache-Tag", path);
                    fixture.write(fill, body(seed, length(seed)));
                    if (random.nextInt(8) == 0) {
                        fill.abort();
                    } else {
                        fill.complete();
                        System.out.println("stored " + path + " " + seed);
                    }
                }
            }
        }
    }
}
