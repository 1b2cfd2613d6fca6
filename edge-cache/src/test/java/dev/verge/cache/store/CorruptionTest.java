package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CorruptionTest {
    private static final int LARGE = 9 << 20;
    private static final int KEYS = 40;

    @TempDir
    Path folder;

    @Test
    void aDamagedChunkIsAMissCountedAndRemoved() throws Exception {
        storeAndDamage(100, data -> flip(data, body(1, 100), 50));
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertGone(fixture);
        }
    }

    @Test
    void aLostFirstChunkIsAMiss() throws Exception {
        storeAndDamage(LARGE, data -> erase(data, body(1, LARGE), 0));
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertGone(fixture);
        }
    }

    @Test
    void aLostLaterChunkBreaksTheReadVisibly() throws Exception {
        storeAndDamage(LARGE, data -> erase(data, body(1, LARGE), LARGE / 2));
        try (var fixture = CacheFixture.open(folder)) {
            Lookup lookup = fixture.lookup("/a");
            StoredResponse stored = lookup.variants().getFirst();
            long read = 0;
            try (BodyReader reader = await(fixture.cache.open(lookup, stored)).orElseThrow()) {
                var next = reader.next();
                while (!failed(next)) {
                    ByteBuf piece = await(next);
                    assertThat(piece.isReadable()).isTrue();
                    read += piece.readableBytes();
                    piece.release();
                    next = reader.next();
                }
            }
            assertThat(read).isPositive().isLessThan(LARGE);
            assertGone(fixture);
        }
    }

    @Test
    void aDamagedHeadIsAMissCountedAndRemoved() throws Exception {
        storeAndDamage(100, data -> flip(data, "shop.example".getBytes(StandardCharsets.US_ASCII), 3));
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.lookup("/a").variants()).isEmpty();
            assertGone(fixture);
        }
    }

    @Test
    void aFolderOfSomethingElseIsEmptiedAndUsed() throws Exception {
        Files.writeString(folder.resolve("CURRENT"), "nonsense");
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, 100));
            assertThat(fixture.read("/a")).hasValue(body(1, 100));
        }
    }

    /** What may happen to a file behind the cache's back. */
    enum Damage {
        FLIPPED {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                for (int at = bytes.length / 3; at < bytes.length; at += 1_000) {
                    bytes[at] ^= 0x55;
                }
                Files.write(file, bytes);
            }
        },
        CUT {
            @Override
            void to(Path file) throws IOException {
                try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(cut.length() / 2);
                }
            }
        },
        TAIL_LOST {
            @Override
            void to(Path file) throws IOException {
                try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
                    cut.setLength(Math.max(0, cut.length() - 7));
                }
            }
        },
        JUNK {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, body(7, (int) Math.min(1 << 20, Files.size(file))));
            }
        },
        GONE {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void whateverHappensToAFileTheCacheOpensServesNothingWrongAndGoesOn(Damage damage) throws Exception {
        List<String> kinds = List.of("bodies", "CURRENT", "MANIFEST", ".log", ".sst");
        for (String kind : kinds) {
            Path own = folder.resolve(damage + kind);
            fill(own);
            Path file = fileOf(own, kind);
            damage.to(file);
            try (var fixture = new CacheFixture(CacheSettings.of(own, 16 << 20, 64 << 20))) {
                for (int i = 0; i < KEYS; i++) {
                    Optional<byte[]> found = fixture.read("/" + i);
                    if (found.isPresent()) {
                        assertThat(found.get()).as("%s %s /%d", damage, file, i).isEqualTo(body(i, length(i)));
                    }
                }
                fixture.store("/after", body(99, 1_000));
                assertThat(fixture.read("/after")).hasValue(body(99, 1_000));
            }
            try (var fixture = new CacheFixture(CacheSettings.of(own, 16 << 20, 64 << 20))) {
                assertThat(fixture.read("/after")).as("%s %s", damage, file).hasValue(body(99, 1_000));
            }
        }
    }

    private static int length(int name) {
        return name % 10 == 0 ? 400_000 : 500 + 700 * name;
    }

    /** Leaves rows both in a table file and in the log. */
    private static void fill(Path folder) throws CacheOpenException {
        for (int half = 0; half < 2; half++) {
            try (var fixture = new CacheFixture(CacheSettings.of(folder, 1 << 20, 64 << 20))) {
                for (int i = half; i < KEYS; i += 2) {
                    fixture.write(fixture.begin("/" + i), body(i, length(i))).complete();
                }
                fixture.awaitIdle();
            }
        }
    }

    private static Path fileOf(Path folder, String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(kind)
                            && !file.getFileName().toString().contains(".old"))
                    .max((first, second) -> Long.compare(
                            first.toFile().length(), second.toFile().length()))
                    .orElseThrow(() -> new AssertionError("no file like " + kind));
        }
    }

    private static boolean failed(java.util.concurrent.CompletableFuture<ByteBuf> next) {
        awaitTrue(next::isDone);
        return next.isCompletedExceptionally();
    }

    private static void assertGone(CacheFixture fixture) {
        assertThat(fixture.count("verge.cache.disk.errors", "kind", "corrupt")).isEqualTo(1);
        awaitTrue(() -> fixture.gauge("verge.cache.disk.live.bytes") == 0);
        assertThat(fixture.read("/a")).isEmpty();
        fixture.store("/a", body(2, 100));
        assertThat(fixture.read("/a")).hasValue(body(2, 100));
    }

    private interface Change {
        void to(byte[] data);
    }

    private void storeAndDamage(int length, Change change) throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, length));
        }
        Path data = folder.resolve("bodies");
        byte[] bytes = Files.readAllBytes(data);
        change.to(bytes);
        Files.write(data, bytes);
    }

    private static void flip(byte[] data, byte[] sought, int offset) {
        data[find(data, sought, 0, sought.length) + offset] ^= 1;
    }

    private static void erase(byte[] data, byte[] sought, int offset) {
        int at = find(data, sought, offset, 64);
        Arrays.fill(data, at, at + 4096, (byte) 0);
    }

    private static int find(byte[] data, byte[] sought, int offset, int length) {
        for (int at = 0; at + length <= data.length; at++) {
            if (Arrays.equals(data, at, at + length, sought, offset, offset + length)) {
                return at;
            }
        }
        throw new AssertionError("these bytes are not in the data file");
    }
}
