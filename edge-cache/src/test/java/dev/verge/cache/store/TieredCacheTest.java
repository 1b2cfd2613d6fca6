package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.drain;
import static dev.verge.cache.store.CacheFixture.get;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.decision.Validation;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TieredCacheTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1024, 16 << 10, (16 << 10) + 1, 128 << 10, (128 << 10) + 1, 3 * MIB + 17, 12 * MIB})
    void returnsWhatWasStoredFromMemoryAndAfterARestart(int length) throws Exception {
        byte[] stated = body(1, length);
        byte[] unstated = body(2, length);
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/stated", stated, "Content-Length", Integer.toString(length));
            fixture.store("/unstated", unstated);
            assertThat(fixture.read("/stated")).hasValue(stated);
            assertThat(fixture.read("/unstated")).hasValue(unstated);
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.cache.lookupNow(key("/stated"))).isNull();
            assertThat(fixture.read("/stated")).hasValue(stated);
            assertThat(fixture.read("/unstated")).hasValue(unstated);
            assertThat(fixture.count("verge.cache.lookups", "tier", "disk")).isEqualTo(2);
            Lookup lookup = fixture.lookup("/unstated");
            assertThat(lookup.variants()).hasSize(1);
            assertThat(lookup.variants().getFirst().bodyBytes()).isEqualTo(length);
        }
    }

    @Test
    void aMemoryHitIsCompleteAtOnceAndOffersSmallBodiesAsOneBuffer() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = body(1, 1000);
            fixture.store("/a", body, "Content-Length", "1000");
            CompletableFuture<Lookup> lookup = fixture.cache.lookup(key("/a"));
            assertThat(lookup).isCompleted();
            Lookup found = lookup.join();
            ByteBuf whole = fixture.cache.bodyNow(found, found.variants().getFirst());
            if (whole == null) {
                throw new AssertionError("a body of one piece is in memory");
            }
            assertThat(whole.isDirect()).isTrue();
            byte[] bytes = new byte[whole.readableBytes()];
            whole.readBytes(bytes);
            whole.release();
            assertThat(bytes).isEqualTo(body);
            var opened = fixture.cache.open(found, found.variants().getFirst());
            assertThat(opened).isCompleted();
            assertThat(drain(opened.join().orElseThrow())).isEqualTo(body);
        }
    }

    @Test
    void aMissIsCompleteAtOnce() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            CompletableFuture<Lookup> lookup = fixture.cache.lookup(key("/nothing"));
            assertThat(lookup).isCompleted();
            assertThat(lookup.join().variants()).isEmpty();
        }
    }

    @Test
    void readsPartsOfSmallAndLargeBodies() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (int length : new int[] {50_000, 5 * MIB}) {
                byte[] body = body(length, length);
                fixture.store("/" + length, body);
                Lookup lookup = fixture.lookup("/" + length);
                StoredResponse stored = lookup.variants().getFirst();
                for (int[] part :
                        new int[][] {{0, 1}, {length - 1, 1}, {length / 2, 300}, {16_000, 20_000}, {length, 0}}) {
                    Optional<BodyReader> reader = await(fixture.cache.open(lookup, stored, part[0], part[1]));
                    assertThat(drain(reader.orElseThrow()))
                            .isEqualTo(Arrays.copyOfRange(body, part[0], part[0] + part[1]));
                }
                assertThatThrownBy(() -> fixture.cache.open(lookup, stored, length, 1))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void anAbortedFillLeavesNothing() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Fill fill = fixture.begin("/a");
            fixture.write(fill, body(1, 3 * MIB));
            awaitTrue(() -> fixture.gauge("verge.cache.disk.live.bytes") > 0);
            fill.abort();
            fixture.awaitIdle();
            awaitTrue(() -> fixture.gauge("verge.cache.disk.live.bytes") == 0);
            assertThat(fixture.read("/a")).isEmpty();
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertThat(fixture.gauge("verge.cache.disk.entries")).isZero();
        }
    }

    @Test
    void aBodyShorterThanStatedIsNotKept() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Fill fill = fixture.begin("/a", "Content-Length", "100");
            BodyReader reader = fill.reader(0).orElseThrow();
            fixture.write(fill, body(1, 99));
            await(reader.next()).release();
            fill.complete();
            assertThat(reader.next()).isCompletedExceptionally();
            reader.close();
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).isEmpty();
        }
    }

    @Test
    void aBodyLargerThanTheLimitReachesReadersAndIsNotKept() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = body(1, 4 * MIB);
            Fill fill = fixture.cache.insert(fixture.lookup("/a"), CacheFixture.draft(get("/a")), MIB);
            BodyReader reader = fill.reader(0).orElseThrow();
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> drain(reader));
            fixture.write(fill, body).complete();
            assertThat(await(read)).isEqualTo(body);
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).isEmpty();
            awaitTrue(() -> fixture.gauge("verge.cache.disk.live.bytes") == 0);
        }
    }

    @Test
    void readersFollowAFillFromItsFirstByteWheneverTheyCome() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = body(1, 10 * MIB);
            Fill fill = fixture.begin("/a");
            BodyReader early = fill.reader(0).orElseThrow();
            CompletableFuture<ByteBuf> first = early.next();
            assertThat(first).isNotDone();
            await(fill.write(Unpooled.wrappedBuffer(body, 0, 10)));
            assertThat(first).isCompleted();
            assertThat(first.join().readableBytes()).isEqualTo(10);
            first.join().release();
            assertThat(fill.readers()).isEqualTo(1);
            CompletableFuture<byte[]> fast = CompletableFuture.supplyAsync(() -> drain(early));
            fixture.write(fill, Arrays.copyOfRange(body, 10, 6 * MIB));
            // By now the beginning has left memory: this one reads it from disk, then catches up.
            BodyReader late = fill.reader(0).orElseThrow();
            CompletableFuture<byte[]> slow = CompletableFuture.supplyAsync(() -> drain(late));
            fixture.write(fill, Arrays.copyOfRange(body, 6 * MIB, body.length));
            fill.complete();
            assertThat(await(fast)).isEqualTo(Arrays.copyOfRange(body, 10, body.length));
            assertThat(await(slow)).isEqualTo(body);
            assertThat(fill.readers()).isZero();
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).hasValue(body);
        }
    }

    @Test
    void aLargeFillHoldsAWindowOfMemoryOnly() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Fill fill = fixture.begin("/a");
            long most = 0;
            byte[] piece = body(1, 256 << 10);
            for (int i = 0; i < 200; i++) {
                await(fill.write(Unpooled.wrappedBuffer(piece)));
                most = Math.max(most, fixture.heldBuffers() * Chunks.SIZE);
            }
            fill.complete();
            fixture.awaitIdle();
            assertThat(most).isLessThanOrEqualTo(Fill.WINDOW_BYTES + 9L * MIB);
            assertThat(fixture.lookup("/a").variants().getFirst().bodyBytes()).isEqualTo(200L * piece.length);
        }
    }

    @Test
    void withoutDiskAFillTooLargeForMemoryWaitsForItsSlowestReader() throws Exception {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 16 * MIB, 0))) {
            byte[] body = body(1, 6 * MIB);
            Fill fill = fixture.begin("/a");
            BodyReader reader = fill.reader(0).orElseThrow();
            CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
            int at = 0;
            for (; ready.isDone(); at += 100_000) {
                ready = fill.write(Unpooled.wrappedBuffer(body, at, 100_000));
            }
            assertThat(at).isLessThan(4 * MIB);
            int written = at;
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> drain(reader));
            await(ready);
            fixture.write(fill, Arrays.copyOfRange(body, written, body.length));
            fill.complete();
            assertThat(await(read)).isEqualTo(body);
            assertThat(fixture.read("/a")).isEmpty();
        }
        assertThat(folder.toFile().list()).isEmpty();
    }

    @Test
    void aNewResponseReplacesTheOneWithTheSameSelectionOnly() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            String[] vary = {"Vary", "Accept-Language"};
            for (String language : List.of("en", "de", "en")) {
                Lookup lookup = fixture.lookup("/a");
                Fill fill = fixture.begin(lookup, get("/a", "Accept-Language", language), vary);
                fixture.write(fill, language.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .complete();
                fixture.awaitIdle();
            }
            assertThat(fixture.lookup("/a").variants()).hasSize(2);
            awaitTrue(() -> fixture.gauge("verge.cache.disk.entries") == 2);
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.lookup("/a").variants()).hasSize(2);
        }
    }

    @Test
    void keepsAtMostSixtyFourVariants() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (int i = 0; i < TieredCache.MAX_VARIANTS + 10; i++) {
                Fill fill = fixture.begin(fixture.lookup("/a"), get("/a", "X", "v" + i), "Vary", "X");
                fixture.write(fill, body(i, 10)).complete();
            }
            fixture.awaitIdle();
            List<StoredResponse> variants = fixture.lookup("/a").variants();
            assertThat(variants).hasSize(TieredCache.MAX_VARIANTS);
            assertThat(variants).anyMatch(variant -> variant.vary().matches(HttpFields.of("X", "v73")));
            assertThat(variants).noneMatch(variant -> variant.vary().matches(HttpFields.of("X", "v0")));
            awaitTrue(() -> fixture.gauge("verge.cache.disk.entries") == TieredCache.MAX_VARIANTS);
        }
    }

    @Test
    void freshenedHeadsAreServedAndSurviveARestart() throws Exception {
        byte[] body = body(1, 1000);
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body, "ETag", "\"1\"", "X", "old");
            Lookup lookup = fixture.lookup("/a");
            StoredResponse stored = lookup.variants().getFirst();
            var notModified = new ResponseHead(304, HttpFields.of("ETag", "\"1\"", "X", "new"));
            Instant now = Instant.now();
            fixture.cache.freshen(
                    lookup, Validation.freshened(get("/a"), stored, lookup.variants(), notModified, now, now));
            assertThat(fixture.lookup("/a")
                            .variants()
                            .getFirst()
                            .head()
                            .fields()
                            .first("X"))
                    .isEqualTo("new");
            assertThat(fixture.read("/a")).hasValue(body);
        }
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.lookup("/a")
                            .variants()
                            .getFirst()
                            .head()
                            .fields()
                            .first("X"))
                    .isEqualTo("new");
            assertThat(fixture.read("/a")).hasValue(body);
        }
    }

    @Test
    void invalidationRemovesAndOutlivesAFetchUnderWay() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100));
            Lookup before = fixture.lookup("/a");
            fixture.cache.invalidate(key("/a"));
            assertThat(fixture.read("/a")).isEmpty();
            assertThat(fixture.cache.outdated(before)).isTrue();
            fixture.write(fixture.begin(before, get("/a")), body(2, 100)).complete();
            fixture.awaitIdle();
            assertThat(fixture.read("/a")).isEmpty();
            fixture.store("/a", body(3, 100));
            assertThat(fixture.read("/a")).hasValue(body(3, 100));
        }
    }

    @Test
    void twoProcessesCannotShareAFolder() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertThatThrownBy(() -> CacheFixture.open(folder))
                    .isInstanceOf(CacheOpenException.class)
                    .hasMessage("data folder locked by another process: " + folder);
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        assertThatThrownBy(() -> CacheFixture.open(file.resolve("cache")))
                .isInstanceOf(CacheOpenException.class)
                .hasMessageContaining(file.resolve("cache").toString());
    }

    @Test
    void givesAllBuffersBack() throws Exception {
        CacheFixture fixture = CacheFixture.open(folder);
        try (fixture) {
            for (int i = 0; i < 50; i++) {
                fixture.store("/" + i % 20, body(i, 1 << (i % 22)));
                assertThat(fixture.read("/" + i % 20)).isPresent();
            }
            Fill open = fixture.begin("/open");
            await(open.write(Unpooled.wrappedBuffer(body(1, 100))));
        }
        assertThat(fixture.heldBuffers()).isZero();
    }

    /** Whatever the disk is at when it happens, what was dropped does not come back. */
    @Test
    void aDroppedResponseStaysAwayThoughItIsStillBeingWritten() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (int i = 0; i < 300; i++) {
                String path = "/dropped" + i;
                fixture.write(fixture.begin(path), CacheFixture.body(i, 10)).complete();
                Lookup lookup = fixture.lookup(path);
                fixture.cache.drop(CacheFixture.key(path), lookup.variants().getFirst());
            }
            fixture.awaitIdle();
            for (int i = 0; i < 300; i++) {
                assertThat(fixture.lookup("/dropped" + i).variants()).isEmpty();
            }
        }
    }

    @Test
    void anInvalidationDoesNotWaitForTheReadersOfWhatIsNotKept() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Lookup lookup = fixture.lookup("/long");
            Fill fill = fixture.cache.insert(lookup, CacheFixture.draft(CacheFixture.get("/long")), 10);
            BodyReader slow = fill.reader(0).orElseThrow();
            fixture.write(fill, CacheFixture.body(1, 20)).complete();

            await(fixture.cache.invalidateLastingly(CacheFixture.key("/long")));

            assertThat(fixture.lookup("/long").variants()).isEmpty();
            slow.close();
        }
    }
}
