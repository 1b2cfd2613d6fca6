package dev.verge.node.server.watch;

import dev.verge.balancer.FairLimit;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A time limit that is set, moved and lifted with every request: all of that costs a field, until the time is near. Then a timer ends it to
 * the millisecond. Used on its event loop alone.
 */
public final class Deadline extends LoopWatch.Watched {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long NEAR_NANOS = 2 * LoopWatch.PERIOD.toNanos();
    private static final long LATE_NANOS = FairLimit.LATE.toNanos();

    private final EventLoop loop;
    private final Runnable passed;
    private long at = NEVER;
    private int moves;
    private long moveNanos;

    /** When the timer that is set goes off; later than {@link #at} never. */
    private long armedFor = NEVER;

    /** @param passed run when the time is over; lifts the limit first */
    public Deadline(EventLoop loop, Runnable passed) {
        this.loop = loop;
        this.passed = passed;
    }

    /** Sets or moves the limit. */
    public void in(long nanos) {
        at = System.nanoTime() + nanos;
        moves = 0;
        moveNanos = nanos;
        if (nanos < NEAR_NANOS) {
            arm(nanos);
        }
        LoopWatch.of(loop).add(this);
    }

    /** There is no limit any more. */
    public void lift() {
        at = NEVER;
        LoopWatch.of(loop).remove(this);
    }

    @Override
    protected void look(long nanos) {
        long left = at - nanos;
        if (at != NEVER && left < NEAR_NANOS) {
            arm(left);
        }
    }

    private void arm(long nanos) {
        if (at < armedFor) {
            armedFor = at;
            var _ = loop.schedule(this::fire, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        }
    }

    private void fire() {
        armedFor = NEVER;
        if (at == NEVER) {
            return;
        }
        long left = at - System.nanoTime();
        if (left > 0) {
            if (left < NEAR_NANOS) {
                arm(left);
            }
        } else if (-left > LATE_NANOS && moves++ < FairLimit.MOST_MOVES) {
            // This loop did not get to look; what is waited for may be there unread (as with FairLimit).
            long more =
                    Math.min(-left, FairLimit.move(Duration.ofNanos(moveNanos)).toNanos());
            at = System.nanoTime() + more;
            if (more < NEAR_NANOS) {
                arm(more);
            }
        } else {
            lift();
            passed.run();
        }
    }
}
