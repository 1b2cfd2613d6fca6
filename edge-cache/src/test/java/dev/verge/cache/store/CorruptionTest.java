package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.await;
import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class CorruptionTest {
    private static final int LARGE = 9 << 20;

    @TempDir
    Path folder;

    @Test
    void aDamagedChunkIsAMissCountedAndRemoved() throws Exception {
        storeAndDamage(100, rows -> rows.flip("body", 0));
        try (var fixture = CacheFixture.open(folder)) {
            Lookup lookup = fixture.lookup("/a");
            assertThat(lookup.variants()).hasSize(1);
            assertThat(fixture.read(lookup, lookup.variants().getFirst())).isEmpty();
            assertGone(fixture);
        }
    }

    @Test
    void aMissingFirstChunkIsAMiss() throws Exception {
        storeAndDamage(LARGE, rows -> rows.delete("body", 0));
        try (var fixture = CacheFixture.open(folder)) {
            assertThat(fixture.read("/a")).isEmpty();
            assertGone(fixture);
        }
    }

    @Test
    void aMissingLaterChunkBreaksTheReadVisibly() throws Exception {
        storeAndDamage(LARGE, rows -> rows.delete("body", 30));
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
    void damagedHeadsAreAMissCountedAndRemoved() throws Exception {
        storeAndDamage(100, rows -> rows.flip("meta", 0));
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

    private interface Damage {
        void to(Rows rows) throws RocksDBException;
    }

    private void storeAndDamage(int length, Damage damage) throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/a", body(1, length));
        }
        try (var rows = new Rows(folder)) {
            damage.to(rows);
        }
    }

    /** The folder's rows, opened without the cache. */
    private static final class Rows implements AutoCloseable {
        private static final List<String> FAMILIES = List.of("default", "index", "meta", "body", "marks");

        private final DBOptions options = new DBOptions();
        private final List<ColumnFamilyHandle> handles = new ArrayList<>();
        private final RocksDB db;

        Rows(Path folder) throws RocksDBException {
            List<ColumnFamilyDescriptor> families = FAMILIES.stream()
                    .map(name -> new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII)))
                    .toList();
            db = RocksDB.open(options, folder.toString(), families, handles);
        }

        void flip(String family, int row) throws RocksDBException {
            byte[] key = key(family, row);
            byte[] value = db.get(handle(family), key);
            value[value.length / 2] ^= 1;
            db.put(handle(family), key, value);
        }

        void delete(String family, int row) throws RocksDBException {
            db.delete(handle(family), key(family, row));
        }

        private byte[] key(String family, int row) {
            try (var rows = db.newIterator(handle(family))) {
                rows.seekToFirst();
                for (int i = 0; i < row; i++) {
                    rows.next();
                }
                return ByteBuffer.wrap(rows.key()).array();
            }
        }

        private ColumnFamilyHandle handle(String family) {
            return handles.get(FAMILIES.indexOf(family));
        }

        @Override
        public void close() {
            handles.forEach(ColumnFamilyHandle::close);
            db.close();
            options.close();
        }
    }
}
