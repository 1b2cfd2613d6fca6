package dev.verge.control.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.control.TestStore;
import dev.verge.control.log.LogTable.Change;
import dev.verge.control.secret.SecretBox;
import dev.verge.control.signing.KeyChain;
import dev.verge.control.store.BlobDraft;
import dev.verge.control.store.BlobFolder;
import dev.verge.control.store.Database;
import dev.verge.control.store.Hash;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.server.LogSource;
import dev.verge.sync.server.Registration;
import dev.verge.sync.server.SnapshotReader;
import dev.verge.sync.trust.SignedCommit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(TestStore.class)
final class SqlLogSourceTest {
    private final TestStore kind;

    @TempDir
    private Path folder;

    private Vertx vertx;
    private Database database;
    private BlobFolder blobs;
    private SqlLogSource source;

    SqlLogSourceTest(TestStore kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        database = Database.open(kind.fresh(), null, folder);
        blobs = new BlobFolder(folder);
        KeyChain keys = new KeyChain(SecretBox.open(folder.resolve("secret-key"), null, database));
        database.write(session -> {
            keys.ensure(session, Instant.EPOCH);
            return true;
        });
        source = new SqlLogSource(vertx, database, blobs, keys);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        join(vertx.close());
    }

    @Test
    void readsOnInWholeCommitsInOrder() throws Exception {
        append(new Change("site/a/one", "1"));
        append(new Change("site/a/two", "2"), new Change("site/a/one", null));
        append(new Change("site/a/two", "3"));
        assertThat(join(source.head())).isEqualTo(3);
        List<SignedCommit> commits = ((LogSource.Commits) join(source.readSince(0, 2))).commits();
        assertThat(commits).extracting(SignedCommit::revision).containsExactly(1L, 2L);
        assertThat(commits.get(1).commit(List.of()).entries())
                .extracting(LogEntry::key)
                .containsExactly("site/a/two", "site/a/one");
        assertThat(commits.get(1).commit(List.of()).entries().get(1).value()).isNull();
        assertThat(((LogSource.Commits) join(source.readSince(2, 10))).commits())
                .hasSize(1);
        assertThat(((LogSource.Commits) join(source.readSince(3, 10))).commits())
                .isEmpty();
    }

    @Test
    void aSnapshotIsTheStateAtOneRevisionHoweverLongReadingItTakes() throws Exception {
        append(new Change("site/a/one", "1"));
        append(new Change("site/a/two", "2"));
        append(new Change("site/a/gone", "x"));
        append(new Change("site/a/gone", null));
        append(new Change("site/a/one", "1b"));
        SnapshotReader snapshot = join(source.snapshot());
        assertThat(snapshot.revision()).isEqualTo(5);
        assertThat(snapshot.entries()).isEqualTo(2);
        List<LogEntry> read = new ArrayList<>(join(snapshot.next(1)));
        append(new Change("site/a/two", "later"));
        append(new Change("site/a/three", "later"));
        for (List<LogEntry> page = join(snapshot.next(1)); !page.isEmpty(); page = join(snapshot.next(1))) {
            read.addAll(page);
        }
        snapshot.close();
        assertThat(read)
                .extracting(LogEntry::key, LogEntry::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("site/a/two", "2"),
                        org.assertj.core.groups.Tuple.tuple("site/a/one", "1b"));
    }

    @Test
    void manySnapshotsOneAfterTheOtherUseNoMoreConnectionsThanThereAre() throws Exception {
        append(new Change("site/a/one", "1"));
        for (int i = 0; i < 20; i++) {
            SnapshotReader snapshot = join(source.snapshot());
            assertThat(join(snapshot.next(10))).hasSize(1);
            snapshot.close();
            snapshot.close();
        }
    }

    @Test
    void compactionKeepsTheStateTheTailAndThePurgesOfTheTail() throws Exception {
        append(new Change("site/a/one", "1"));
        append(new Change("purge/p1", "{}"));
        append(new Change("site/a/one", "2"));
        append(new Change("site/a/old", "x"));
        append(new Change("site/a/old", null));
        append(new Change("purge/p2", "{}"));
        append(new Change("site/a/two", "3"));
        long floor = database.write(session -> LogTable.compact(session, 2));
        assertThat(floor).isEqualTo(5);
        assertThat(join(source.readSince(4, 10))).isInstanceOf(LogSource.Compacted.class);
        assertThat(((LogSource.Commits) join(source.readSince(5, 10))).commits())
                .extracting(SignedCommit::revision)
                .containsExactly(6L, 7L);
        SnapshotReader snapshot = join(source.snapshot());
        assertThat(snapshot.purgeFloor()).isEqualTo(5);
        assertThat(join(snapshot.next(10)))
                .extracting(LogEntry::key)
                .containsExactly("site/a/one", "purge/p2", "site/a/two");
        snapshot.close();
    }

    @Test
    void compactsOnlyWhenATenthMoreThanIsKeptHasCome() {
        for (int i = 0; i < 110; i++) {
            append(new Change("site/a/one", Integer.toString(i)));
        }
        assertThat(Compactor.compact(database, 100)).isZero();
        append(new Change("site/a/one", "last"));
        assertThat(Compactor.compact(database, 100)).isEqualTo(11);
    }

    @Test
    void blobsOfReplacedValuesAreNamedNoLongerAndSweptOnceTheyAreOld() {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String sha256 = blobs.put(new byte[1_000 + i]);
            hashes.add(sha256);
            append(Change.put(new KvEntry("a", "n", "k", null, sha256, 1_000 + i, "{\"sha256\":\"no\"}", null)));
        }
        assertThat(database.read(LogTable::blobs)).containsExactly(hashes.getLast());
        assertThat(blobs.keptBytes()).isEqualTo(3_003);
        try (BlobDraft underWay = blobs.draft()) {
            underWay.write(new byte[10]);
            assertThat(blobs.sweep(database.read(LogTable::blobs), Instant.now().minusSeconds(60)))
                    .as("the commit that names it may be about to come")
                    .isZero();
            assertThat(blobs.sweep(database.read(LogTable::blobs), Instant.now().plusSeconds(60)))
                    .isEqualTo(3);
        }
        assertThat(blobs.find(hashes.getFirst())).isEmpty();
        assertThat(blobs.find(hashes.getLast())).isPresent();
        append(Change.remove("kv/a/n/k"));
        assertThat(database.read(LogTable::blobs)).isEmpty();
    }

    @Test
    void aFailedTransactionGivesItsRevisionBack() throws Exception {
        append(new Change("site/a/one", "1"));
        try {
            database.write(session -> {
                LogTable.append(session, List.of(new Change("site/a/two", "2")));
                throw new IllegalStateException("on purpose");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("on purpose");
        }
        assertThat(append(new Change("site/a/three", "3"))).isEqualTo(2);
        assertThat(join(source.head())).isEqualTo(2);
    }

    @Test
    void tellsOfCommitsUntilTheTellingIsEnded() {
        List<Long> heard = new ArrayList<>();
        Registration registration = source.onCommit(heard::add);
        source.announce(7);
        registration.close();
        source.announce(8);
        assertThat(heard).containsExactly(7L);
    }

    @Test
    void streamsABlobAndKnowsNoOther() throws Exception {
        byte[] bytes = "code".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        String sha256 = Hash.of(bytes);
        assertThat(blobs.put(bytes)).isEqualTo(sha256);
        assertThat(blobs.put(bytes)).isEqualTo(sha256);
        LogSource.BlobBody body = join(source.blob(sha256)).orElseThrow();
        assertThat(body.length()).isEqualTo(bytes.length);
        Buffer read = Buffer.buffer();
        Promise<Void> end = Promise.promise();
        body.stream().handler(read::appendBuffer).endHandler(end::complete).exceptionHandler(end::fail);
        body.stream().resume();
        join(end.future());
        body.close().run();
        assertThat(read.getBytes()).isEqualTo(bytes);
        assertThat(join(source.blob("0".repeat(64)))).isEmpty();
        assertThat(join(source.blob("../../etc/passwd"))).isEmpty();
    }

    private long append(Change... changes) {
        return database.write(session -> LogTable.append(session, List.of(changes)));
    }

    private static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
