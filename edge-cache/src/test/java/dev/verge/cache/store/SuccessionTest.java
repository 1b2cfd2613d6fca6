package dev.verge.cache.store;

import static dev.verge.cache.store.CacheFixture.awaitTrue;
import static dev.verge.cache.store.CacheFixture.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.store.CacheHealth.Disk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One folder goes from one cache to another while both serve. */
class SuccessionTest {
    @TempDir
    private Path folder;

    /** Memory for one of these at a time, so that the others are read from the folder. */
    private CacheFixture open() throws CacheOpenException {
        return new CacheFixture(CacheSettings.of(folder, 1 << 20, 64 << 20));
    }

    @Test
    void theOneThatLeavesTheFolderServesOnAndTheOtherHasEverything() throws Exception {
        try (var old = open()) {
            for (int i = 0; i < 8; i++) {
                old.store("/" + i, body(i, 400_000));
            }
            old.cache.leaveDisk();
            assertThat(old.cache.health().disk()).isEqualTo(Disk.AWAY);
            try (var successor = open()) {
                for (int i = 0; i < 8; i++) {
                    assertThat(successor.read("/" + i))
                            .as("/%d in the successor", i)
                            .hasValue(body(i, 400_000));
                    assertThat(old.read("/" + i)).as("/%d in the old one", i).hasValue(body(i, 400_000));
                }
                old.write(old.begin("/late"), body(9, 1_000)).complete();
                assertThat(old.read("/late")).as("kept in memory").hasValue(body(9, 1_000));
                assertThat(successor.read("/late")).as("not on disk").isEmpty();
                successor.store("/new", body(10, 400_000));
                assertThat(successor.read("/new")).hasValue(body(10, 400_000));
            }
        }
        try (var next = open()) {
            assertThat(next.read("/new")).as("what the successor stored").hasValue(body(10, 400_000));
        }
    }

    @Test
    void theOneThatGetsTheFolderBackUsesItAgain() throws Exception {
        try (var old = open()) {
            old.store("/before", body(1, 400_000));
            old.cache.leaveDisk();
            try (var successor = open()) {
                successor.store("/between", body(2, 400_000));
            }
            old.cache.takeDiskBack();
            awaitTrue(() -> old.cache.health().disk() == Disk.WORKING);
            assertThat(old.read("/before")).hasValue(body(1, 400_000));
            old.store("/after", body(3, 400_000));
        }
        try (var next = open()) {
            assertThat(next.read("/before")).hasValue(body(1, 400_000));
            assertThat(next.read("/after")).hasValue(body(3, 400_000));
        }
    }
}
