package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryWatchTest {
    @ParameterizedTest
    @CsvSource({
        "50, 0, 99, false", // only garbage
        "91, 0, 95, true",
        "91, 0, 80, false", // a collection that has not been told of yet
        "50, 45, 95, true", // tunnels took it since
        "91, -20, 95, false", // tunnels gave it back
    })
    void theHeapIsShortByWhatStaysInUse(long survived, long heldSince, long used, boolean expected) {
        assertThat(MemoryWatch.isShort(survived, heldSince, used, 90)).isEqualTo(expected);
    }

    /** A node that turned everybody away collected nothing more, and went on doing so with a heap of garbage. */
    @Test
    void aHeapThatSeemsShortIsCollectedAsAWholeOnce() throws InterruptedException {
        Semaphore collected = new Semaphore(0);
        try (MemoryWatch watch = new MemoryWatch(0, () -> 0, new SimpleMeterRegistry(), collected::release)) {
            long end = System.nanoTime() + 20_000_000_000L;
            while (!collected.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                assertThat(System.nanoTime()).isLessThan(end);
                System.gc(); // what survives is told by the collector's own thread
                watch.look();
            }
            assertThat(watch.sheds()).isTrue();
            for (int i = 0; i < 10; i++) {
                watch.look();
            }
            assertThat(collected.availablePermits()).isZero();
        }
    }
}
