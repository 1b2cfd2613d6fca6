package dev.verge.node.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time limits that are moved all the time pass when they are due, and only then. */
class DeadlineTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final CompletableFuture<Long> passed = new CompletableFuture<>();

    @AfterEach
    void stop() {
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Sets a limit on the loop, and then another; an empty one lifts it. Returns the time it took to pass, in milliseconds. */
    private long after(Duration... limits) throws Exception {
        long begun = System.nanoTime();
        loop.execute(() -> {
            Deadline deadline = new Deadline(loop, () -> passed.complete(System.nanoTime()));
            for (Duration limit : limits) {
                if (limit.isZero()) {
                    deadline.lift();
                } else {
                    deadline.in(limit.toNanos());
                }
            }
        });
        return (passed.get(10, TimeUnit.SECONDS) - begun) / 1_000_000;
    }

    @Test
    void aNearOnePasses() throws Exception {
        assertThat(after(Duration.ofMillis(20))).isGreaterThanOrEqualTo(20);
    }

    @Test
    void aFarOnePassesNotEarly() throws Exception {
        assertThat(after(Duration.ofMillis(450))).isGreaterThanOrEqualTo(450);
    }

    @Test
    void oneThatIsMovedBackPassesLater() throws Exception {
        assertThat(after(Duration.ofMillis(20), Duration.ofMillis(350))).isGreaterThanOrEqualTo(350);
    }

    @Test
    void oneThatIsMovedForwardPassesSooner() throws Exception {
        assertThat(after(Duration.ofMinutes(10), Duration.ofMillis(150), Duration.ofMillis(5)))
                .isBetween(5L, 60_000L);
    }

    @Test
    void oneThatWasLiftedNeverPasses() throws Exception {
        loop.submit(() -> {
                    Deadline lifted = new Deadline(loop, () -> passed.complete(-1L));
                    lifted.in(1_000_000);
                    lifted.lift();
                })
                .get(10, TimeUnit.SECONDS);
        CompletableFuture<Long> other = new CompletableFuture<>();
        loop.execute(() -> new Deadline(loop, () -> other.complete(0L)).in(30_000_000));
        assertThat(other.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(passed).isNotCompleted();
    }

    @Test
    void whatTheLoopDidNotGetToReadIsNotLate() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        loop.execute(() -> {
            Deadline deadline = new Deadline(loop, () -> first.complete("too late"));
            deadline.in(TimeUnit.MILLISECONDS.toNanos(30));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
            }
            loop.execute(() -> loop.execute(() -> {
                deadline.lift();
                first.complete("read");
            }));
        });
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("read");
    }
}
