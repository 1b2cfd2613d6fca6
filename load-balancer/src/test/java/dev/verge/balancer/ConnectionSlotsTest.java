package dev.verge.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionSlotsTest {
    private final List<String> granted = new ArrayList<>();

    @Test
    void thoseWhoWaitGetSlotsInTheirOrder() {
        ConnectionSlots slots = new ConnectionSlots(2);
        assertThat(slots.tryAcquire()).isTrue();
        assertThat(slots.tryAcquire()).isTrue();
        assertThat(slots.tryAcquire()).isFalse();
        slots.await(() -> granted.add("first"));
        slots.await(() -> granted.add("second"));
        assertThat(slots.waiting()).isEqualTo(2);

        slots.release();
        assertThat(granted).containsExactly("first");
        slots.release();
        assertThat(granted).containsExactly("first", "second");
        assertThat(slots.used()).isEqualTo(2);
    }

    @Test
    void nobodyOvertakesTheQueue() {
        ConnectionSlots slots = new ConnectionSlots(1);
        assertThat(slots.tryAcquire()).isTrue();
        slots.await(() -> granted.add("first"));
        slots.release();
        assertThat(granted).containsExactly("first");
        slots.await(() -> granted.add("second"));
        assertThat(slots.tryAcquire()).isFalse();
    }

    @Test
    void whoLeavesGetsNoSlotUnlessItIsTheirsAlready() {
        ConnectionSlots slots = new ConnectionSlots(1);
        assertThat(slots.tryAcquire()).isTrue();
        ConnectionSlots.Ticket gone = slots.await(() -> granted.add("gone"));
        ConnectionSlots.Ticket next = slots.await(() -> granted.add("next"));
        assertThat(slots.leave(gone)).isTrue();
        slots.release();
        assertThat(granted).containsExactly("next");
        assertThat(slots.leave(next)).isFalse();
        assertThat(slots.waiting()).isZero();
    }

    @Test
    void whoKeepsUnusedConnectionsIsAskedToSpareOne() {
        ConnectionSlots slots = new ConnectionSlots(1);
        assertThat(slots.tryAcquire()).isTrue();
        ConnectionSlots.Holder holder = most -> slots.release();
        slots.join(holder);
        slots.await(() -> granted.add("first"));
        assertThat(granted).containsExactly("first");
        slots.leave(holder);
        slots.await(() -> granted.add("second"));
        assertThat(granted).containsExactly("first");
    }

    @Test
    void aLargerLimitLetsThoseInWhoWait() {
        ConnectionSlots slots = new ConnectionSlots(1);
        assertThat(slots.tryAcquire()).isTrue();
        slots.await(() -> granted.add("first"));
        slots.resize(2);
        assertThat(granted).containsExactly("first");
        slots.resize(1);
        slots.await(() -> granted.add("second"));
        slots.release();
        assertThat(granted).containsExactly("first");
        slots.release();
        assertThat(granted).containsExactly("first", "second");
    }

    @Test
    void underManyThreadsTheLimitHoldsAndNobodyIsForgotten() throws Exception {
        int max = 3;
        int threads = 8;
        int rounds = 4_000;
        ConnectionSlots slots = new ConnectionSlots(max);
        AtomicInteger inUse = new AtomicInteger();
        AtomicInteger worst = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(threads * rounds);
        Runnable use = () -> {
            worst.accumulateAndGet(inUse.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            inUse.decrementAndGet();
            slots.release();
            done.countDown();
        };
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().start(() -> {
                for (int round = 0; round < rounds; round++) {
                    if (slots.tryAcquire()) {
                        use.run();
                    } else {
                        ConnectionSlots.Ticket ticket =
                                slots.await(() -> Thread.ofVirtual().start(use));
                        if (ThreadLocalRandom.current().nextInt(4) == 0 && slots.leave(ticket)) {
                            done.countDown();
                        }
                    }
                }
            });
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(worst).hasValueLessThanOrEqualTo(max);
        assertThat(slots.used()).isZero();
        assertThat(slots.waiting()).isZero();
    }
}
