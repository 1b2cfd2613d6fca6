package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static dev.verge.cache.store.CacheFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel has in memory is read on the thread that asks; everything here was written a moment ago, so it has it. */
class PageCacheReadTest {
    private static final int LENGTH = 60_000;
    private static final int MANY = 60;
    private static final byte[] A = body(1, LENGTH);
    private static final byte[] B = body(2, LENGTH);

    @TempDir
    Path folder;

    @BeforeEach
    void storesTwo() throws Exception {
        Path probe = Files.write(folder.resolve("probe"), new byte[1]);
        try (PageCacheFile file = PageCacheFile.open(probe)) {
            assumeTrue(file.read(ByteBuffer.allocateDirect(1), 0), "the file system cannot say what is in memory");
        }
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", A, "Content-Length", Integer.toString(LENGTH));
            fixture.store("/b", B, "Content-Length", Integer.toString(LENGTH));
            fixture.store("/large", body(3, 4 * LENGTH));
        }
    }

    /** The first one to wait for the disk opens the file for all. */
    private static void warm(CacheFixture fixture) {
        assertThat(fixture.read("/a")).hasValue(A);
    }

    @Test
    void aLookAtTheDiskIsCompleteAtOnceWithTheBodyAndCountsOnceAnswered() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.cache.peek(key("/b"))).isNull();
            warm(fixture);
            Lookup lookup = seen(fixture, "/b");
            assertThat(bytes(fixture, lookup)).isEqualTo(B);
            assertThat(fixture.count("verge.cache.lookups", "tier", "disk")).isEqualTo(1);
            fixture.cache.answered(lookup, only(lookup));
            assertThat(fixture.count("verge.cache.lookups", "tier", "disk")).isEqualTo(2);
            lookup.letGo();
            assertThat(fixture.cache.lookupNow(key("/b"))).isNotNull();
        }
    }

    @Test
    void aLookupIsCompleteAtOnceAndALargeBodyIsLeftToItsReader() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            warm(fixture);
            CompletableFuture<Lookup> found = fixture.cache.lookup(key("/large"));
            assertThat(found).isCompleted();
            assertThat(bytes(fixture, found.join())).isNull();
            assertThat(fixture.read("/large")).hasValue(body(3, 4 * LENGTH));
        }
    }

    @Test
    void aBodyThatMemoryHasNoPlaceForLastsUntilItIsLetGo() throws Exception {
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 256 << 20))) {
            warm(fixture);
            for (int i = 0; i < 50; i++) {
                Lookup lookup = seen(fixture, i % 2 == 0 ? "/b" : "/a");
                assertThat(bytes(fixture, lookup)).isEqualTo(i % 2 == 0 ? B : A);
                lookup.letGo();
            }
        }
    }

    @Test
    void memoryThatIsFullTakesInOnlyWhatIsReadAgainSoon() throws Exception {
        storeMany();
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 256 << 20))) {
            warm(fixture);
            for (int turn = 0; turn < 3; turn++) {
                answerMany(fixture);
            }
            // Without a doorkeeper each of the 180 reads, but for the first ones, would push something out.
            assertThat(fixture.count("verge.cache.evictions", "tier", "memory")).isBetween(1.0, MANY / 2.0);
            assertThat(fixture.cache.lookupNow(key("/0"))).isNull();
            for (int again = 0; again < 4; again++) {
                answer(fixture, "/0");
            }
            assertThat(fixture.cache.lookupNow(key("/0"))).isNotNull();
        }
    }

    @Test
    void whatMemoryDoesNotTakeInIsPurgedLikeAnythingElse() throws Exception {
        storeMany();
        try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 256 << 20))) {
            warm(fixture);
            answerMany(fixture);
            answerMany(fixture);
            Lookup passing = seen(fixture, "/0");
            assertThat(fixture.cache.lookupNow(key("/0"))).isNull();
            fixture.cache.invalidate(key("/0"));
            assertThat(bytes(fixture, passing)).isEqualTo(A);
            passing.letGo();
            assertThat(bytes(fixture, passing)).isNull();
            assertThat(fixture.cache.peek(key("/0"))).isNull();
        }
    }

    /** Several times what a memory of 1 MiB holds. */
    private void storeMany() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (int i = 0; i < MANY; i++) {
                fixture.store("/" + i, A, "Content-Length", Integer.toString(LENGTH));
            }
        }
    }

    private static void answerMany(CacheFixture fixture) {
        for (int i = 0; i < MANY; i++) {
            answer(fixture, "/" + i);
        }
    }

    private static void answer(CacheFixture fixture, String path) {
        Lookup lookup = seen(fixture, path);
        assertThat(bytes(fixture, lookup)).isEqualTo(A);
        fixture.cache.answered(lookup, only(lookup));
        lookup.letGo();
    }

    @Test
    void aDamagedBodyIsNeverServedAndIsRemoved() throws Exception {
        Path data = folder.resolve("bodies");
        byte[] all = Files.readAllBytes(data);
        int at = 0;
        while (!Arrays.equals(all, at, at + 64, B, 1_000, 1_064)) {
            at++;
        }
        all[at] ^= 1;
        Files.write(data, all);
        try (var fixture = CacheFixture.open(folder)) {
            warm(fixture);
            Lookup lookup = seen(fixture, "/b");
            assertThat(bytes(fixture, lookup)).isNull();
            lookup.letGo();
            assertThat(fixture.read("/b")).isEmpty();
            awaitTrue(() -> fixture.count("verge.cache.disk.errors", "kind", "corrupt") == 1);
            assertThat(fixture.lookup("/b").variants()).isEmpty();
        }
    }

    @Test
    void whatWasInvalidatedOrReplacedIsNotReadAgain() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            warm(fixture);
            fixture.cache.invalidate(key("/b"));
            assertThat(fixture.cache.peek(key("/b"))).isNull();
            fixture.store("/b", A, "Content-Length", Integer.toString(LENGTH));
            Lookup lookup = seen(fixture, "/b");
            assertThat(bytes(fixture, lookup)).isEqualTo(A);
            lookup.letGo();
        }
    }

    private static Lookup seen(CacheFixture fixture, String path) {
        Lookup lookup = fixture.cache.peek(key(path));
        if (lookup == null) {
            throw new AssertionError(path + " is not known at once");
        }
        return lookup;
    }

    private static StoredResponse only(Lookup lookup) {
        assertThat(lookup.variants()).hasSize(1);
        return lookup.variants().getFirst();
    }

    private static byte @Nullable [] bytes(CacheFixture fixture, Lookup lookup) {
        ByteBuf whole = fixture.cache.bodyNow(lookup, only(lookup));
        if (whole == null) {
            return null;
        }
        byte[] bytes = new byte[whole.readableBytes()];
        whole.readBytes(bytes).release();
        return bytes;
    }
}
