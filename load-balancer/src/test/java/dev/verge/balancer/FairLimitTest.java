package dev.verge.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody is blamed for the time in which this process did not look. */
class FairLimitTest {
    private static final Duration LIMIT = Duration.ofMillis(60);
    private static final Duration STALL = Duration.ofMillis(400);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final CompletableFuture<Long> passed = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void pass() {
        passed.complete(System.nanoTime());
    }

    /** Keeps the loop from everything else, as a busy machine does. */
    private static void stall() {
        long end = System.nanoTime() + STALL.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void passesOnceAndNotBeforeItsTime() throws Exception {
        long begun = System.nanoTime();
        loop.runOnContext(ignored -> FairLimit.in(vertx, LIMIT, this::pass));
        assertThat(passed.get(10, TimeUnit.SECONDS) - begun).isGreaterThanOrEqualTo(LIMIT.toNanos());
    }

    @Test
    void afterAStallItWaitsAgainBeforeItPasses() throws Exception {
        CompletableFuture<Long> stalled = new CompletableFuture<>();
        loop.runOnContext(ignored -> {
            FairLimit.in(vertx, LIMIT, this::pass);
            stall();
            stalled.complete(System.nanoTime());
        });
        assertThat(passed.get(10, TimeUnit.SECONDS) - stalled.get(10, TimeUnit.SECONDS))
                .isGreaterThanOrEqualTo(LIMIT.toNanos());
    }

    @Test
    void whatCameDuringAStallIsInTime() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        loop.runOnContext(ignored -> {
            FairLimit limit = FairLimit.in(vertx, LIMIT, () -> first.complete("too late"));
            stall();
            // The timer is due, and stands before this in the queue: its answer was only not read yet.
            loop.runOnContext(read -> {
                limit.lift();
                first.complete("answered");
            });
        });
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("answered");
    }

    @Test
    void aLoopThatIsAlwaysLateComesToAnEnd() throws Exception {
        CompletableFuture<Integer> turns = new CompletableFuture<>();
        loop.runOnContext(ignored -> {
            int[] count = {0};
            FairLimit.in(vertx, LIMIT, () -> turns.complete(count[0]));
            again(count, turns);
        });
        assertThat(turns.get(20, TimeUnit.SECONDS)).isLessThanOrEqualTo(FairLimit.MOST_MOVES + 2);
    }

    private void again(int[] count, CompletableFuture<Integer> turns) {
        count[0]++;
        stall();
        if (!turns.isDone()) {
            vertx.setTimer(1, next -> again(count, turns));
        }
    }
}
