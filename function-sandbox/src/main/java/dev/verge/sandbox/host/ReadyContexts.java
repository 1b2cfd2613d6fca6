package dev.verge.sandbox.host;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Contexts with the web API in them, made ahead of the functions that will get them: a cold function waits for its own code only.
 *
 * <p>A thread of its own makes them, some time after one was taken, so that it does not compete with the function that took it.
 */
final class ReadyContexts {
    private static final int AHEAD = 2;
    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final ContextFactory contexts;
    private final ConcurrentLinkedQueue<Bindings> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger missing = new AtomicInteger();
    private final Thread maker =
            Thread.ofPlatform().name("context-maker").daemon().unstarted(this::make);

    ReadyContexts(ContextFactory contexts) {
        this.contexts = contexts;
    }

    /** From now on some are there. Before, each is made when it is asked for. */
    void start() {
        missing.set(AHEAD);
        maker.start();
    }

    /** One that is nobody's yet. */
    Bindings take() {
        Bindings one = ready.poll();
        if (one == null) {
            return new Bindings(contexts);
        }
        missing.incrementAndGet();
        LockSupport.unpark(maker);
        return one;
    }

    private void make() {
        while (true) {
            while (missing.get() == 0) {
                LockSupport.park();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            ready.add(new Bindings(contexts));
            missing.decrementAndGet();
        }
    }
}
