package dev.verge.sandbox.host;

import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The timers of a context. Owner thread only. */
final class Timers {
    /** Timers a call may have at a time. */
    static final int MAX_OF_A_CALL = 10_000;

    /**
     * A timer that fires.
     *
     * @param timer its number in the script
     */
    record Due(HostCall call, int timer, long atNanos, long order) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(atNanos - other.atNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Set<Integer> alive = new HashSet<>();
    private long order;

    /** Arms a timer; false when the call has too many. */
    boolean set(HostCall call, int timer, long delayMillis) {
        if (call.pending >= MAX_OF_A_CALL) {
            return false;
        }
        alive.add(timer);
        call.pending++;
        queue.add(new Due(call, timer, System.nanoTime() + delayMillis * 1_000_000, order++));
        return true;
    }

    void clear(HostCall call, int timer) {
        if (alive.remove(timer)) {
            call.pending--;
        }
    }

    /** Forgets those of a call that is over. */
    void drop(HostCall call) {
        queue.removeIf(due -> {
            boolean its = due.call().id == call.id;
            if (its) {
                alive.remove(due.timer());
            }
            return its;
        });
    }

    /** Until the next one, 0 when it is due, Long.MAX_VALUE when there is none. */
    long nanosToNext() {
        while (!queue.isEmpty() && !alive.contains(queue.element().timer())) {
            queue.remove();
        }
        Due next = queue.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, next.atNanos() - System.nanoTime());
    }

    /** Takes the next one when it is due. */
    @Nullable
    Due next() {
        if (nanosToNext() > 0) {
            return null;
        }
        Due due = queue.remove();
        alive.remove(due.timer());
        due.call().pending--;
        return due;
    }
}
