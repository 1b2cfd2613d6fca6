package dev.verge.node.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.server.watch.LoopWatch.Watched;
import io.netty.channel.DefaultEventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopWatchTest {
    @Test
    void aFaultOfOneTakesNoTimeLimitFromTheOthers() throws InterruptedException {
        DefaultEventLoop loop = new DefaultEventLoop();
        CountDownLatch looks = new CountDownLatch(3);
        try {
            loop.execute(() -> {
                LoopWatch watch = LoopWatch.of(loop);
                watch.add(new Watched() {
                    @Override
                    protected void look(long nanos) {
                        looks.countDown();
                    }
                });
                watch.add(new Watched() {
                    @Override
                    protected void look(long nanos) {
                        throw new IllegalStateException("a fault");
                    }
                });
            });
            assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
