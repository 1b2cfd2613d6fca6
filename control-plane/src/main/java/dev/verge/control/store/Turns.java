package dev.verge.control.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writers take turns, and those that wait meanwhile share the next one: one transaction, one wait for the disk. Whoever comes to it first
 * does the work of all.
 */
final class Turns {
    /** So many share a turn; a transaction stays short. */
    static final int MOST = 64;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final Deque<Write<?>> waiting = new ArrayDeque<>();
    private final Duration patience;
    private final Consumer<List<Write<?>>> together;

    /**
     * Nobody waits yet.
     *
     * @param patience so long a writer waits for its turn
     * @param together does some writes and settles each of them; what it throws is what became of those that are not settled
     */
    Turns(Duration patience, Consumer<List<Write<?>>> together) {
        this.patience = patience;
        this.together = together;
    }

    /** Work of one writer and what came of it. Everything but {@code work} is the turn's. */
    static final class Write<T> {
        private final Function<Session, T> work;
        private @Nullable Supplier<T> outcome;
        private boolean settled;

        Write(Function<Session, T> work) {
            this.work = work;
        }

        /** Does the work; what it answers counts once it is {@link #settle settled}. */
        void run(Session session) {
            T result = work.apply(session);
            outcome = () -> result;
        }

        /** It failed by itself: it alone is without effect. */
        void fail(Throwable cause) {
            outcome = () -> {
                if (cause instanceof Error error) {
                    throw error;
                }
                throw cause instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(cause);
            };
        }

        /** What came of it is final. */
        void settle() {
            settled = true;
        }

        private T outcome() {
            return Objects.requireNonNull(outcome, "it was done").get();
        }
    }

    /** Does a work in a turn; returns or throws what came of it. */
    <T> T write(Function<Session, T> work) {
        Write<T> mine = new Write<>(work);
        synchronized (waiting) {
            waiting.add(mine);
        }
        begin(mine);
        try {
            if (!mine.settled) {
                List<Write<?>> next = next(mine);
                try {
                    together.accept(next);
                } catch (RuntimeException | Error e) {
                    next.stream().filter(each -> !each.settled).forEach(each -> {
                        each.fail(e);
                        each.settle();
                    });
                }
            }
        } finally {
            turn.unlock();
        }
        return mine.outcome();
    }

    private void begin(Write<?> mine) {
        boolean begun = false;
        try {
            begun = turn.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (begun) {
            return;
        }
        synchronized (waiting) {
            if (waiting.remove(mine)) {
                throw new StoreException(
                        "the store is busy: others were writing for " + patience.toSeconds() + " s",
                        new TimeoutException("no turn"));
            }
        }
        // Somebody else does it at this moment: what comes of it is known when that turn ends.
        turn.lock();
    }

    /** Its own first, so that it is among them. */
    private List<Write<?>> next(Write<?> mine) {
        synchronized (waiting) {
            waiting.remove(mine);
            List<Write<?>> next = new ArrayList<>();
            next.add(mine);
            while (next.size() < MOST && !waiting.isEmpty()) {
                next.add(waiting.remove());
            }
            return next;
        }
    }
}
