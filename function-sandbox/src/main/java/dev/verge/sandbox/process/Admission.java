package dev.verge.sandbox.process;

import com.sun.management.OperatingSystemMXBean;
import dev.verge.sandbox.AccountLimits;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.NoHostException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * Lets calls in: as many of an account at a time as its limits allow; the others wait for their turn, not too many and not too long.
 *
 * <p>While the machine's processors are all busy and functions of several accounts run, none of these gets more than its share of half of
 * the processors for long; the other half is for what all functions need, the node and the hosts' own work. An account above its share is
 * let in only as its use of the last half second fades, and has only as many calls in its host as make up a tenth of a second of CPU time
 * there, so that what is already let in cannot hold the processors. Otherwise nobody is held back. Thread-safe.
 */
final class Admission {
    private static final double FADE_NANOS = Duration.ofMillis(500).toNanos();
    private static final double AHEAD_NANOS = Duration.ofMillis(100).toNanos();
    private static final long ACTIVE_NANOS = Duration.ofSeconds(1).toNanos();

    /** Part of the processors that accounts share when all are busy. */
    private static final double SHARED = 0.5;

    /** Busy part of the processors from which all count as busy. */
    private static final double FULL = 0.9;

    /** Weight of the newest look at the processors. */
    private static final double LATEST = 0.2;

    /** Part of one processor from which an account counts among those that share them. */
    private static final double SHARING = 0.02;

    /** Average CPU time of calls from which they are long. */
    private static final double LONG_NANOS = Duration.ofMillis(1).toNanos();

    /** Weight of the newest call in the average CPU time of an account's calls: what is heavy is believed soon. */
    private static final double UP = 0.5;

    private static final double DOWN = 0.05;

    /** A call that waits. */
    private record Waiting(String function, long untilNanos, Runnable go, Consumer<NoHostException> refuse) {}

    /** An account's calls. Guarded by itself. */
    private static final class Gate {
        final Map<String, Integer> running = new HashMap<>();
        final Deque<Waiting> waiting = new ArrayDeque<>();
        int calls;
        double averageNanos;
        double usedNanos;
        long fadedNanos;
        long lastNanos;
        boolean gone;

        Gate(long now) {
            fadedNanos = now;
            lastNanos = now;
        }

        void fade(long now) {
            usedNanos *= Math.exp(-(now - fadedNanos) / FADE_NANOS);
            fadedNanos = now;
        }
    }

    private final AccountLimits limits;
    private final double cores;
    private final DoubleSupplier load;
    /** Of all processors, smoothed; only {@link #tick} touches it. */
    private double busyPart;

    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private volatile int sharing = 1;

    /** Without calls, by the processors that this process may use and by how busy they are. */
    static Admission ofThisMachine(AccountLimits limits) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Admission(limits, Runtime.getRuntime().availableProcessors(), machine::getCpuLoad);
    }

    /**
     * Without calls.
     *
     * @param load busy part of all processors since it was asked last, 0 to 1; less than 0 when it is not known, which counts as all
     */
    Admission(AccountLimits limits, int cores, DoubleSupplier load) {
        this.limits = limits;
        this.cores = cores;
        this.load = load;
    }

    /**
     * Lets a call in at once or when it is its turn; each one let in must {@link #leave}.
     *
     * @param inner whether another call of the account waits for it: if it waited for such a place too, all could wait for each other. It
     *     is let in at once, up to twice the account's calls
     * @param go called when it may run; by this very call or by a later one of another thread
     * @param refuse called instead when there is no room, or not in time
     */
    void enter(
            String account, String function, boolean inner, long now, Runnable go, Consumer<NoHostException> refuse) {
        Gate gate = gates.computeIfAbsent(account, name -> new Gate(now));
        boolean in;
        boolean full = false;
        synchronized (gate) {
            if (gate.gone) {
                gates.remove(account, gate);
                enter(account, function, inner, now, go, refuse);
                return;
            }
            gate.lastNanos = now;
            in = inner ? gate.calls < 2L * limits.calls() : gate.waiting.isEmpty() && mayEnter(gate, function, now);
            if (in) {
                count(gate, function, 1);
            } else if (inner || gate.waiting.size() >= limits.waiting()) {
                full = true;
            } else {
                gate.waiting.add(new Waiting(function, now + limits.patience().toNanos(), go, refuse));
            }
        }
        if (in) {
            go.run();
        } else if (full) {
            refuse.accept(NoHostException.busy("the account has too many calls"));
        }
    }

    private boolean mayEnter(Gate gate, String function, long now) {
        if (gate.calls >= limits.calls() || gate.running.getOrDefault(function, 0) >= limits.callsOfAFunction()) {
            return false;
        }
        if (sharing < 2) {
            return true;
        }
        gate.fade(now);
        return gate.usedNanos <= SHARED * cores / sharing * FADE_NANOS && gate.calls * gate.averageNanos <= AHEAD_NANOS;
    }

    private static void count(Gate gate, String function, int change) {
        gate.calls += change;
        gate.running.merge(function, change, (a, b) -> a + b == 0 ? null : Integer.valueOf(a + b));
    }

    /** A call that was let in is over; lets others in. */
    void leave(String account, String function, long cpuNanos, long now) {
        Gate gate = gates.get(account);
        if (gate == null) {
            return;
        }
        synchronized (gate) {
            gate.lastNanos = now;
            count(gate, function, -1);
            gate.fade(now);
            gate.usedNanos += cpuNanos;
            gate.averageNanos += (cpuNanos > gate.averageNanos ? UP : DOWN) * (cpuNanos - gate.averageNanos);
        }
        letIn(gate, now);
    }

    void leave(String account, String function, InvocationRecord record) {
        leave(account, function, record.cpu().toNanos(), System.nanoTime());
    }

    private void letIn(Gate gate, long now) {
        while (true) {
            Waiting next = null;
            synchronized (gate) {
                for (Iterator<Waiting> each = gate.waiting.iterator(); each.hasNext() && next == null; ) {
                    Waiting one = each.next();
                    if (mayEnter(gate, one.function, now)) {
                        next = one;
                        each.remove();
                        count(gate, one.function, 1);
                    } else if (gate.calls >= limits.calls()) {
                        break;
                    }
                }
            }
            if (next == null) {
                return;
            }
            next.go.run();
        }
    }

    /**
     * To be called a few times a second: refuses those who waited too long, lets in whose account's use has faded.
     *
     * @return accounts whose calls are long while accounts share the processors: short calls of others should not wait for theirs
     */
    Set<String> tick(long now) {
        int busy = 0;
        Set<String> slow = new HashSet<>();
        for (Map.Entry<String, Gate> entry : List.copyOf(gates.entrySet())) {
            Gate gate = entry.getValue();
            List<Waiting> late = new ArrayList<>();
            synchronized (gate) {
                gate.fade(now);
                if (gate.usedNanos > SHARING * FADE_NANOS) {
                    busy++;
                    if (gate.averageNanos > LONG_NANOS) {
                        slow.add(entry.getKey());
                    }
                }
                if (gate.calls == 0 && now - gate.lastNanos > ACTIVE_NANOS && gate.waiting.isEmpty()) {
                    gate.gone = true;
                    gates.remove(entry.getKey(), gate);
                }
                while (!gate.waiting.isEmpty() && now - gate.waiting.element().untilNanos > 0) {
                    late.add(gate.waiting.remove());
                }
            }
            late.forEach(one -> one.refuse.accept(NoHostException.busy("the account's other calls left no room for "
                    + limits.patience().toMillis() + " ms")));
        }
        sharing = busy > 1 && full() ? busy : 1;
        gates.values().forEach(gate -> letIn(gate, now));
        return sharing > 1 ? slow : Set.of();
    }

    private boolean full() {
        double now = load.getAsDouble();
        busyPart += LATEST * ((now < 0 ? 1 : now) - busyPart);
        return busyPart >= FULL;
    }

    /** Calls that wait for their turn, of all accounts. */
    int waiting() {
        int sum = 0;
        for (Gate gate : gates.values()) {
            synchronized (gate) {
                sum += gate.waiting.size();
            }
        }
        return sum;
    }
}
