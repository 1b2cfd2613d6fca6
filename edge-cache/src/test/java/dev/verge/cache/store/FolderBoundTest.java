package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many times the bound is written, in objects of all sizes, replaced, evicted and purged; whatever comes, the folder stays small. More
 * by {@code -Dverge.cache.churn.bound=MiB -Dverge.cache.churn.times=N}.
 */
class FolderBoundTest {
    private static final long MIB = 1 << 20;
    private static final long BOUND = Long.getLong("verge.cache.churn.bound", 32) * MIB;
    private static final long TIMES = Long.getLong("verge.cache.churn.times", 3);
    private static final long MEMORY = 8 * MIB;
    /** What the log, tables being written and tables being merged may take, whatever the bound. */
    private static final long ROWS_AT_MOST = 96 * MIB;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(11);
    private final byte[] junk = body(1, 9 << 20);
    private long peakFolder;
    private long peakLive;
    private long peakMemory;
    private long written;

    /** Sizes of objects, in bytes. */
    private enum Mix {
        LARGE,
        MIXED,
        TINY;

        int size(SplittableRandom random) {
            return switch (this) {
                case LARGE -> 1 << 20 | random.nextInt(7 << 20);
                case MIXED -> random.nextInt(10) == 0 ? random.nextInt(4 << 20) : 200 + random.nextInt(60_000);
                case TINY -> random.nextInt(3_000);
            };
        }
    }

    @Test
    void theFolderStaysWithinItsBoundHoweverMuchIsWritten() throws Exception {
        CacheSettings settings = CacheSettings.of(folder, MEMORY, BOUND);
        try (var fixture = new CacheFixture(settings)) {
            for (long round = 0; round < TIMES; round++) {
                for (Mix mix : List.of(Mix.LARGE, Mix.MIXED, Mix.TINY, Mix.MIXED)) {
                    churn(fixture, mix, BOUND / 3);
                }
                CacheFixture.await(
                        fixture.cache.purge(List.of(PurgeMark.tag(CacheFixture.SCOPE, "t" + round % 7, false))));
            }
            fixture.awaitIdle();
            assertThat(fixture.gauge("verge.cache.memory.bytes")).isLessThanOrEqualTo(MEMORY);
            assertThat(fixture.count("verge.cache.evictions", "tier", "disk")).isPositive();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .isZero();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "io")).isZero();
        }
        report();
        assertThat(peakLive).isLessThanOrEqualTo(BOUND);
        // A reading may fall between the insert of one object and the eviction that makes room for it.
        assertThat(peakMemory).isLessThanOrEqualTo(MEMORY + settings.memoryObjectBytes());
        assertThat(peakFolder).isLessThanOrEqualTo((long) (1.04 * BOUND) + ROWS_AT_MOST);
        assertThat(peakFolder).isLessThanOrEqualTo((long) (1.15 * BOUND) + 256 * MIB);
    }

    private void churn(CacheFixture fixture, Mix mix, long bytes) {
        int names = (int) (2 * BOUND / (mix == Mix.TINY ? 5_000 : 40_000));
        long end = written + bytes;
        for (int i = 0; written < end; i++) {
            String path = "/" + mix + random.nextInt(names);
            if (random.nextInt(4) == 0) {
                Optional<byte[]> found = fixture.read(path);
                found.ifPresent(body -> assertThat(body.length).isPositive());
            }
            int size = 1 + mix.size(random);
            Fill fill = fixture.begin(path, "Cache-Tag", "t" + random.nextInt(7));
            for (int at = 0; at < size; at += 256 << 10) {
                CacheFixture.await(fill.write(Unpooled.wrappedBuffer(junk, at, Math.min(256 << 10, size - at))));
            }
            if (random.nextInt(20) == 0) {
                fill.abort();
            } else {
                fill.complete();
            }
            written += size;
            if (i % 20 == 0) {
                sample(fixture);
            }
        }
    }

    private void sample(CacheFixture fixture) {
        awaitTrue(() -> fixture.gauge("verge.cache.disk.queue") < 200);
        peakLive = Math.max(peakLive, (long) fixture.gauge("verge.cache.disk.live.bytes"));
        peakMemory = Math.max(peakMemory, (long) fixture.gauge("verge.cache.memory.bytes"));
        peakFolder = Math.max(peakFolder, size(folder));
    }

    @SuppressWarnings("SystemOut")
    private void report() {
        System.out.printf(
                "churn: bound %d MiB, written %d MiB; at most: live %d MiB, folder %d MiB, memory %d of %d MiB%n",
                BOUND / MIB, written / MIB, peakLive / MIB, peakFolder / MIB, peakMemory / MIB, MEMORY / MIB);
    }

    private static long size(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            // RocksDB may remove one while we look: then it has no length.
            return files.mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
