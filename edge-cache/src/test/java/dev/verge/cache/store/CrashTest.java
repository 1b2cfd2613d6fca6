package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.SCOPE;
import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.get;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process in the middle of fills, revalidations, evictions, purges and invalidations, again and again, and looks at what it
 * left. More rounds by {@code -Dverge.cache.crashes=N}.
 */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("verge.cache.crashes", 4);
    private static final long DISK = 24 << 20;
    private static final long SECOND = 1_000_000_000L;
    /** A second cache is never full: nothing but a crash could take entries away. */
    private static final long KEEPING_DISK = 256 << 20;

    private static final int KEPT = 300;
    private static final Set<String> REMOVED = Set.of("purged", "invalidated");

    @TempDir
    Path folder;

    private long bodies;
    private long renewed;
    private long keptFound;

    /** What the child said last about a path, and when we read it. */
    private record Said(String word, long seed, long at) {}

    @Test
    void killedAtAnyInstantNothingWrongIsServedAndWhatWasCompleteIsThere() throws Exception {
        var random = new SplittableRandom(5);
        Map<String, Said> kept = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process child = start(round);
            Map<String, Said> said = new HashMap<>();
            int lines = 20 + random.nextInt(600);
            long killedAt = 0;
            try (var output =
                    new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                int read = 0;
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    String[] words = line.split(" ", -1);
                    // The last line may be cut.
                    if (words.length == 4) {
                        var last = new Said(words[0], Long.parseLong(words[2]), System.nanoTime());
                        (words[1].startsWith("/kept/") ? kept : said).put(words[1], last);
                    }
                    if (++read == lines) {
                        killedAt = System.nanoTime();
                        // Not Process.destroyForcibly: what it said until then is still to be read.
                        assertThat(child.toHandle().destroyForcibly()).isTrue();
                    }
                }
                assertThat(read)
                        .as("lines of a child that must not end by itself")
                        .isGreaterThanOrEqualTo(lines);
            }
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            check(round, said, kept, killedAt);
        }
        report();
    }

    private void check(int round, Map<String, Said> said, Map<String, Said> kept, long killedAt)
            throws CacheOpenException {
        check(round, said, folder, DISK);
        List<String> present = check(round, kept, folder.resolve("kept"), KEEPING_DISK);
        List<String> due = new ArrayList<>();
        kept.forEach((path, last) -> {
            if (last.word().equals("stored") && killedAt - last.at() > SECOND) {
                due.add(path);
            }
        });
        assertThat(present)
                .as("complete a second before the crash of round " + round)
                .containsAll(due);
        keptFound += due.size();
        // What was said in the last second may be lost, once: it is not asked for after later rounds.
        kept.keySet().retainAll(present);
    }

    private List<String> check(int round, Map<String, Said> said, Path cacheFolder, long disk)
            throws CacheOpenException {
        List<String> present = new ArrayList<>();
        try (var fixture = new CacheFixture(CacheSettings.of(cacheFolder, 8 << 20, disk))) {
            for (String path : Child.paths(disk == KEEPING_DISK)) {
                String where = "round " + round + " " + path;
                Optional<byte[]> body = fixture.read(path);
                Said last = said.get(path);
                if (body.isEmpty()) {
                    continue;
                }
                present.add(path);
                List<StoredResponse> variants = fixture.lookup(path).variants();
                assertThat(variants).as(where).hasSize(1);
                HttpFields fields = variants.getFirst().head().fields();
                long seed = Long.parseLong(String.valueOf(fields.first("Seed")));
                assertThat(Arrays.equals(body.get(), body(seed, Child.length(seed))))
                        .as("body of %s, seed %s", where, seed)
                        .isTrue();
                bodies++;
                renewed += fields.contains("Renewed") ? 1 : 0;
                // A removal that was reported is never undone; what was stored after it is newer.
                if (last != null && REMOVED.contains(last.word())) {
                    assertThat(seed).as(where + " " + last).isGreaterThan(last.seed());
                }
            }
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .as("round " + round)
                    .isZero();
            assertThat(fixture.gauge("verge.cache.disk.live.bytes")).isLessThanOrEqualTo((double) disk);
        }
        return present;
    }

    @SuppressWarnings("SystemOut")
    private void report() {
        System.out.printf(
                "crashes: %d rounds; bodies read back and right: %d, of them %d with renewed heads, %d of those that had to be"
                        + " there; wrong or truncated: 0; lost: 0; removals undone: 0; damaged chunks: 0%n",
                ROUNDS, bodies, renewed, keptFound);
        assertThat(bodies).isPositive();
    }

    private Process start(int round) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString(),
                        Integer.toString(round))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Stores, renews, purges, invalidates and evicts without end; says what is done once it is. */
    static final class Child {
        private static final int NAMES = 60;

        private final CacheFixture fixture;
        private final CacheFixture keeping;
        private final SplittableRandom random;
        private long seed;

        private Child(CacheFixture fixture, CacheFixture keeping, long round) {
            this.fixture = fixture;
            this.keeping = keeping;
            this.random = new SplittableRandom(round);
            this.seed = round * 1_000_000;
        }

        static int length(long seed) {
            return (int) (seed % 7 == 0 ? 1_000_000 + seed % 1000 : 100 + seed % 90_000);
        }

        static List<String> paths(boolean keeping) {
            List<String> paths = new ArrayList<>();
            for (int i = 0; i < (keeping ? KEPT : NAMES); i++) {
                paths.add((keeping ? "/kept/" : "/") + i);
            }
            return paths;
        }

        @SuppressWarnings("InfiniteLoopStatement")
        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            var child = new Child(
                    new CacheFixture(CacheSettings.of(folder, 8 << 20, DISK)),
                    new CacheFixture(CacheSettings.of(folder.resolve("kept"), 8 << 20, KEEPING_DISK)),
                    Long.parseLong(arguments[1]));
            while (true) {
                child.step();
            }
        }

        private void step() {
            seed++;
            String path = "/" + random.nextInt(NAMES);
            switch (random.nextInt(20)) {
                case 0 -> {
                    await(fixture.cache.purge(List.of(PurgeMark.tag(SCOPE, path, false))));
                    say("purged", path);
                }
                case 1 -> {
                    await(fixture.cache.invalidateLastingly(key(path)));
                    say("invalidated", path);
                }
                case 2, 3, 4, 5 -> renew(path);
                case 6, 7, 8 -> keep("/kept/" + random.nextInt(KEPT));
                default -> store(path);
            }
        }

        private void store(String path) {
            Fill fill = fixture.begin(path, "Seed", Long.toString(seed), "Cache-Tag", path, "ETag", "\"e\"");
            fixture.write(fill, body(seed, length(seed)));
            if (random.nextInt(8) == 0) {
                fill.abort();
            } else {
                fill.complete();
                say("stored", path);
            }
        }

        /** In the cache that is never full: stores what is not there, now and then invalidates what is. */
        private void keep(String path) {
            if (keeping.lookup(path).variants().isEmpty()) {
                Fill fill = keeping.begin(path, "Seed", Long.toString(seed), "ETag", "\"e\"");
                keeping.write(fill, body(seed, length(seed))).complete();
                say("stored", path);
            } else if (random.nextInt(3) == 0) {
                say("invalidating", path);
                await(keeping.cache.invalidateLastingly(key(path)));
                say("invalidated", path);
            }
        }

        private void renew(String path) {
            Lookup lookup = fixture.lookup(path);
            if (!lookup.variants().isEmpty()) {
                StoredResponse stored = lookup.variants().getFirst();
                String padding = "p".repeat(random.nextInt(6_000));
                HttpFields fields = HttpFields.of("ETag", "\"e\"", "Renewed", Long.toString(seed), "Padding", padding);
                Instant now = Instant.now();
                fixture.cache.freshen(
                        lookup,
                        Validation.freshened(
                                get(path), stored, lookup.variants(), new ResponseHead(304, fields), now, now));
            }
        }

        @SuppressWarnings("SystemOut")
        private void say(String word, String path) {
            System.out.println(word + " " + path + " " + seed + " .");
        }
    }
}
