package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds the running turns to their limits. One thread, which looks every 2 ms while anything runs and sleeps otherwise.
 *
 * <p>Allocation is what can be measured per thread, and retained memory is never more than what was allocated; so an invocation may
 * allocate its {@code memoryBytes} at once, and {@code allocatedBytes} more for each second of CPU time it used.
 */
final class Watchdog {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PULSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long WALL_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /**
     * CPU time that a script may go on for after it was told to end. Time on the clock would blame it for a busy machine. The second is for
     * a host that does everything for the first time.
     */
    private static final long STOP_CPU_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long COLD_STOP_CPU_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<Isolate> isolates = new CopyOnWriteArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("watchdog").daemon().unstarted(this::run);
    private volatile Collection<CallRoute> calls = List.of();
    private volatile Outbox pulses = frames -> {};
    private volatile boolean asleep;

    void start() {
        thread.start();
    }

    /** From now on the node is told that the watchdog lives, while there are calls. */
    void serve(Collection<CallRoute> running, Outbox out) {
        calls = running;
        pulses = out;
    }

    /** Those that live; a live view for any thread. */
    List<Isolate> isolates() {
        return Collections.unmodifiableList(isolates);
    }

    /** The calls that are not over; a live view for any thread. */
    Collection<CallRoute> calls() {
        return calls;
    }

    void watch(Isolate isolate) {
        isolates.add(isolate);
        wake();
    }

    void forget(Isolate isolate) {
        isolates.remove(isolate);
    }

    /** There is a call. */
    void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        long lastPulse = System.nanoTime();
        long lastWall = lastPulse;
        while (true) {
            if (calls.isEmpty() && isolates.stream().allMatch(isolate -> isolate.turn() == null)) {
                asleep = true;
                // Bounded, so that a call that came between the look and the sleep is not missed.
                LockSupport.parkNanos(25 * PERIOD_NANOS);
                asleep = false;
            } else {
                LockSupport.parkNanos(PERIOD_NANOS);
            }
            isolates.forEach(Watchdog::look);
            long now = System.nanoTime();
            if (now - lastWall >= WALL_PERIOD_NANOS) {
                lastWall = now;
                calls.forEach(route -> lookAtWall(route, now));
            }
            if (now - lastPulse >= PULSE_NANOS && !calls.isEmpty()) {
                lastPulse = now;
                pulses.send(new FrameWriter().frame(FrameType.PULSE, 0).take());
            }
        }
    }

    private static void look(Isolate isolate) {
        Turn turn = isolate.turn();
        if (turn == null) {
            return;
        }
        if (isolate.overstayedCpuNanos() > (FunctionHost.warm() ? STOP_CPU_NANOS : COLD_STOP_CPU_NANOS)) {
            FunctionHost.die("a function could not be stopped");
        }
        isolate.flush();
        HostCall call = turn.call();
        FunctionLimits limits = isolate.function().limits;
        long ownerCpu = isolate.ownerCpuNanos();
        long cpu = ownerCpu - turn.cpuNanos() + (call == null ? 0 : call.cpuNanos);
        long allocated =
                isolate.ownerAllocatedBytes() - turn.allocatedBytes() + (call == null ? 0 : call.allocatedBytes);
        long cpuLimit = call == null ? limits.startup().toNanos() : call.cpuLimitNanos();
        double allocationLimit = limits.memoryBytes() + limits.allocatedBytes() * (Math.max(cpu, 0) / 1e9);
        if (turn != isolate.turn()) {
            return;
        }
        if (cpu > cpuLimit) {
            if (call != null) {
                call.hadNanos = cpuLimit - limits.cpu().toNanos();
            }
            isolate.stop(new Doom(FunctionOutcome.OVER_CPU, call));
        } else if (turn.confirms(allocated > allocationLimit, ownerCpu)) {
            isolate.stop(new Doom(FunctionOutcome.OVER_MEMORY, call));
        }
    }

    private static void lookAtWall(CallRoute route, long now) {
        HostCall call = route.call();
        if (call.finished || now - call.startNanos < call.limits.wall().toNanos()) {
            return;
        }
        Isolate isolate = route.isolate();
        Turn turn = isolate.turn();
        if (turn != null && turn.call() == call) {
            isolate.stop(new Doom(FunctionOutcome.OVER_WALL, call));
        } else {
            isolate.post(() -> isolate.abandon(
                    call,
                    FunctionOutcome.OVER_WALL,
                    "Took longer than limits.wall (" + call.limits.wall().toMillis() + " ms)."));
        }
    }
}
