package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.log.LogTable;
import dev.verge.control.store.BlobFolder;
import dev.verge.control.store.Blobs;
import dev.verge.control.store.Database;
import dev.verge.sync.log.KvEntry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class BlobSweepTest {
    private static final int BLOB_BYTES = 1_000;
    private static final Duration DAYS = Duration.ofDays(2);

    private final TestStore kind;

    @TempDir
    private Path folder;

    private Vertx vertx;
    private Database database;
    private BlobFolder files;
    private Blobs blobs;

    BlobSweepTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        database = Database.open(kind.fresh(), null, folder);
        files = new BlobFolder(folder);
        blobs = BlobSweep.open(database, files);
    }

    @AfterEach
    void close() {
        database.close();
        RunningControlPlane.join(vertx.close());
    }

    @Test
    void removesOldBlobsThatNothingNamesOnceManyBytesHaveCome() throws IOException {
        try (BlobSweep sweep = BlobSweep.start(vertx, database, files, blobs, 3 * BLOB_BYTES)) {
            String named = blob(1);
            database.write(session -> LogTable.append(
                    session,
                    List.of(LogTable.Change.put(new KvEntry("a", "n", "k", null, named, BLOB_BYTES, null, null)))));
            String unnamed = blob(2);
            age(named);
            age(unnamed);

            sweep.look();
            assertThat(blobs.find(unnamed)).as("little has come yet").isPresent();

            String young = blob(3);
            sweep.look();
            assertThat(blobs.find(unnamed)).isEmpty();
            assertThat(blobs.find(named)).isPresent();
            assertThat(blobs.find(young))
                    .as("the commit that names it may be about to come")
                    .isPresent();

            age(young);
            sweep.look();
            assertThat(blobs.find(young)).as("nothing has come since").isPresent();
        }
    }

    private String blob(int content) {
        byte[] bytes = new byte[BLOB_BYTES];
        bytes[0] = (byte) content;
        return blobs.put(bytes);
    }

    /** As if it had been written long ago, wherever it is. */
    private void age(String sha256) throws IOException {
        Instant then = Instant.now().minus(DAYS);
        Files.setLastModifiedTime(files.find(sha256).orElseThrow(), FileTime.from(then));
        if (database.shared()) {
            database.relay(session -> session.update("UPDATE blob SET created_at = ? WHERE sha256 = ?", then, sha256));
        }
    }
}
