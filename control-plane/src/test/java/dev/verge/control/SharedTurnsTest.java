package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.control.store.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writers that wait share a transaction, and none of them notices. */
final class SharedTurnsTest {
    private static final int WRITERS = 30;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(TestStore.class)
    void whatFailsTakesBackNothingButItsOwn(TestStore kind) throws Exception {
        try (Database database = Database.open(kind.fresh(), null, folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Future<Integer> first = threads.submit(() -> database.write(session -> {
                begun.countDown();
                await(go);
                return session.update("INSERT INTO counter (name, value) VALUES ('first', 0)");
            }));
            await(begun);
            Set<Thread> workers = ConcurrentHashMap.newKeySet();
            List<Thread> waiting = new CopyOnWriteArrayList<>();
            List<Future<Integer>> others = IntStream.range(0, WRITERS)
                    .mapToObj(i -> threads.submit(() -> {
                        waiting.add(Thread.currentThread());
                        return database.write(session -> {
                            workers.add(Thread.currentThread());
                            session.update("INSERT INTO counter (name, value) VALUES (?, ?)", "w" + i, i);
                            if (i % 3 == 1) {
                                throw new IllegalStateException("number " + i);
                            }
                            if (i % 3 == 2) {
                                // A mistake in SQL, after which PostgreSQL takes no more statements but that it be
                                // undone.
                                session.update("INSERT INTO counter (name, value) VALUES ('first', 1)");
                            }
                            return i;
                        });
                    }))
                    .toList();
            while (waiting.size() < WRITERS
                    || !waiting.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
                Thread.onSpinWait();
            }
            go.countDown();
            first.get();
            for (int i = 0; i < WRITERS; i++) {
                Future<Integer> each = others.get(i);
                if (i % 3 == 0) {
                    assertThat(each.get()).isEqualTo(i);
                } else {
                    assertThatThrownBy(each::get)
                            .isInstanceOf(ExecutionException.class)
                            .hasMessageContaining(i % 3 == 1 ? "number " + i : "the store failed");
                }
            }
            assertThat(workers).as("threads that did the work of all").hasSizeLessThan(WRITERS / 3);
            List<String> kept = database.read(session -> session.list(
                    "SELECT name FROM counter WHERE name LIKE 'w%' ORDER BY value", row -> row.text("name")));
            assertThat(kept)
                    .isEqualTo(IntStream.range(0, WRITERS)
                            .filter(i -> i % 3 == 0)
                            .mapToObj(i -> "w" + i)
                            .toList());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
