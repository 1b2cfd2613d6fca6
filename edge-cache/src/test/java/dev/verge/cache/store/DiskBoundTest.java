package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskBoundTest {
    private static final long MEMORY = 4 << 20;
    private static final long DISK = 24 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void boundsHoldUnderChurnAndEveryBodyIsRight(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        CacheSettings settings = CacheSettings.of(folder, MEMORY, DISK);
        try (var fixture = new CacheFixture(settings)) {
            for (int i = 0; i < 1_500; i++) {
                int name = random.nextInt(200);
                int length = length(name);
                Optional<byte[]> found = fixture.read("/" + name);
                if (found.isPresent()) {
                    assertThat(found.get()).isEqualTo(body(name, length));
                } else {
                    fixture.write(fixture.begin("/" + name), body(name, length)).complete();
                }
                assertThat(fixture.gauge("verge.cache.disk.live.bytes")).isLessThanOrEqualTo(DISK);
                // A reading may fall between an insert and the eviction that makes room for it.
                assertThat((long) fixture.gauge("verge.cache.memory.bytes"))
                        .isLessThanOrEqualTo(MEMORY + settings.memoryObjectBytes());
            }
            fixture.awaitIdle();
            assertThat(fixture.count("verge.cache.evictions", "tier", "disk")).isPositive();
            assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt"))
                    .isZero();
            assertThat(size(folder)).isLessThanOrEqualTo((long) (1.15 * DISK) + (256L << 20));
        }
        try (var fixture = new CacheFixture(CacheSettings.of(folder, MEMORY, DISK / 2))) {
            assertThat(fixture.gauge("verge.cache.disk.live.bytes")).isLessThanOrEqualTo(DISK / 2.0);
            for (int name = 0; name < 200; name++) {
                Optional<byte[]> found = fixture.read("/" + name);
                if (found.isPresent()) {
                    assertThat(found.get()).isEqualTo(body(name, length(name)));
                }
            }
        }
    }

    private static int length(int name) {
        return name % 20 == 0 ? 1_500_000 : 1 + name * 700;
    }

    @Test
    void entriesAskedForAgainOutliveAScan() throws Exception {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 8 << 20))) {
            for (int i = 0; i < 10; i++) {
                fixture.store("/loved/" + i, body(i, 100_000));
                fixture.read("/loved/" + i);
                fixture.read("/loved/" + i);
            }
            for (int i = 0; i < 200; i++) {
                fixture.store("/scan/" + i, body(i, 100_000));
            }
            long kept = 0;
            for (int i = 0; i < 10; i++) {
                kept += fixture.read("/loved/" + i).isPresent() ? 1 : 0;
            }
            assertThat(kept).isGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void aBodyBeingReadOutlivesItsEviction() throws Exception {
        byte[] wanted = body(1, 3 << 20);
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 8 << 20))) {
            fixture.store("/wanted", wanted);
            Lookup lookup = fixture.lookup("/wanted");
            StoredResponse stored = lookup.variants().getFirst();
            BodyReader reader = await(fixture.cache.open(lookup, stored)).orElseThrow();
            ByteBuf first = await(reader.next());
            int read = first.readableBytes();
            first.release();
            fixture.cache.invalidate(key("/wanted"));
            for (int i = 0; i < 20; i++) {
                fixture.store("/other/" + i, body(i, 1 << 20));
                assertThat(fixture.gauge("verge.cache.disk.live.bytes")).isLessThanOrEqualTo(8 << 20);
            }
            byte[] rest = CacheFixture.drain(reader);
            assertThat(rest).isEqualTo(java.util.Arrays.copyOfRange(wanted, read, wanted.length));
            assertThat(fixture.read("/wanted")).isEmpty();
        }
    }

    @Test
    void anObjectLargerThanTheDiskIsServedAndNotKept() throws Exception {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 2 << 20))) {
            byte[] body = body(1, 5 << 20);
            Fill fill = fixture.begin("/a");
            BodyReader reader = fill.reader(0).orElseThrow();
            var read = java.util.concurrent.CompletableFuture.supplyAsync(() -> CacheFixture.drain(reader));
            fixture.write(fill, body).complete();
            assertThat(await(read)).isEqualTo(body);
            awaitTrue(() -> fixture.gauge("verge.cache.disk.live.bytes") == 0);
            assertThat(fixture.read("/a")).isEmpty();
        }
    }

    /** Small objects would else fill the heap of a node long before they fill its disk. */
    @Test
    void thereAreNoMoreEntriesThanTheHeapHasRoomFor() throws Exception {
        CacheSettings settings = CacheSettings.of(folder, 1 << 20, 512 << 20).withHeapBytes(1_000_000);
        assertThat(settings.diskEntries()).isEqualTo(2_155);
        try (var fixture = new CacheFixture(settings)) {
            fixture.store("/loved", body(0, 10));
            fixture.read("/loved");
            fixture.read("/loved");
            for (int i = 0; i < 3_000; i++) {
                fixture.store("/" + i, body(i, 10));
            }
            fixture.awaitIdle();
            assertThat((long) fixture.gauge("verge.cache.disk.entries")).isBetween(2_100L, 2_156L);
            assertThat(fixture.count("verge.cache.evictions", "tier", "disk")).isBetween(845.0, 905.0);
            assertThat(fixture.read("/2999")).isPresent();
            assertThat(fixture.read("/loved")).isPresent();
        }
        try (var fixture = new CacheFixture(settings.withHeapBytes(500_000))) {
            assertThat((long) fixture.gauge("verge.cache.disk.entries")).isLessThanOrEqualTo(1_077);
        }
    }

    @Test
    void headsInMemoryHaveABoundOfTheirOwn() throws Exception {
        CacheSettings settings = CacheSettings.of(folder, 64 << 20, 0).withHeapBytes(10_000_000);
        try (var fixture = new CacheFixture(settings)) {
            for (int i = 0; i < 10_000; i++) {
                fixture.store("/" + i, body(i, 10));
            }
            long keys = (long) fixture.gauge("verge.cache.memory.keys");
            assertThat(keys)
                    .as("of about a kilobyte of heap each, in 2,000,000 bytes")
                    .isBetween(1_000L, 2_400L);
            assertThat((long) fixture.gauge("verge.cache.memory.bytes")).isLessThan(3_000_000);
            assertThat(fixture.count("verge.cache.evictions", "tier", "memory")).isEqualTo(10_000.0 - keys);
        }
        try (var fixture = new CacheFixture(settings)) {
            for (int i = 0; i < 50; i++) {
                fixture.store("/large/" + i, body(i, 1_000_000));
            }
            assertThat((long) fixture.gauge("verge.cache.memory.bytes"))
                    .as("bodies have all of the tier")
                    .isGreaterThan(50_000_000);
        }
    }

    private static long size(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
