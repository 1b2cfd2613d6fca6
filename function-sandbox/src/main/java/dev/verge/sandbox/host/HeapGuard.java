package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionOutcome;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Holds the heap that functions keep to their {@code memoryBytes}.
 *
 * <p>The engine cannot tell what a context holds, but the heap of this process is one account's alone: what is in its old generation
 * after a collection, beyond what was there before the account came, is held by the account's contexts. Looking costs a collection, so
 * it is done only when the old generation has grown past the smallest limit of the functions that are here. When they hold too much,
 * contexts that nobody uses go first, the longest unused first; what is left belongs to the functions with calls, and the one that
 * allocated most since the last look is over its memory. With one function active that is exact. What contexts that are ending hold is
 * waited for first.
 */
final class HeapGuard {
    /** Contexts at a time, however little they hold: each has a thread. */
    static final int MAX_CONTEXTS = 256;

    /** What a context of a small function holds, about. */
    private static final long CONTEXT_BYTES = 512L << 10;

    private static final long PERIOD_NANOS = Duration.ofMillis(10).toNanos();
    private static final long MIN_BETWEEN_LOOKS_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofMillis(300).toNanos();

    /** Without calls for that long, memory that nothing is in goes back to the machine. */
    private static final long IDLE_NANOS = Duration.ofSeconds(2).toNanos();

    /** Less than that is not worth a collection. */
    private static final long WORTH_TRIMMING_BYTES = 48L << 20;

    /** Growth after which another look is worth a collection at once. */
    private static final long STEP_BYTES = 16L << 20;

    private final Watchdog watchdog;
    private final MemoryPoolMXBean old;
    private final Map<LoadedFunction, Long> allocatedBefore = new HashMap<>();
    private volatile long baseline;
    private long heldAfterLook;
    private long lookedNanos;
    private long busyNanos = System.nanoTime();
    private boolean trimmed;

    HeapGuard(Watchdog watchdog) {
        this.watchdog = watchdog;
        this.old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool ->
                        !pool.getName().contains("Eden") && !pool.getName().contains("Survivor"))
                .findFirst()
                .orElseThrow();
    }

    /** What is held now is the platform's own; without effect when functions are here already. */
    void setBaseline() {
        long begun = System.nanoTime();
        while (!watchdog.isolates().isEmpty() && System.nanoTime() - begun < PATIENCE_NANOS) {
            LockSupport.parkNanos(PERIOD_NANOS / 10);
        }
        if (watchdog.isolates().isEmpty()) {
            System.gc();
            baseline = used();
        }
    }

    void start() {
        Thread.ofPlatform().name("heap-guard").daemon().start(() -> {
            while (true) {
                LockSupport.parkNanos(PERIOD_NANOS);
                look();
                trim();
            }
        });
    }

    private long used() {
        return old.getUsage().getUsed();
    }

    private void look() {
        List<Isolate> contexts = watchdog.isolates();
        if (contexts.size() > MAX_CONTEXTS) {
            evict(unused(contexts), contexts.size() - MAX_CONTEXTS + MAX_CONTEXTS / 8);
        }
        if (contexts.isEmpty()) {
            return;
        }
        long limit = contexts.stream()
                .mapToLong(context -> context.function().limits.memoryBytes())
                .min()
                .orElseThrow();
        long held = used() - baseline;
        long now = System.nanoTime();
        boolean grown = held > heldAfterLook + STEP_BYTES || now - lookedNanos > MIN_BETWEEN_LOOKS_NANOS;
        if (held > limit && grown) {
            thin(contexts, limit);
            collect(contexts);
            relieve(limit);
        }
    }

    /** Once in an idle period: a full collection hands back what the old generation has grown to and does not need. */
    private void trim() {
        long now = System.nanoTime();
        if (!watchdog.calls().isEmpty()) {
            busyNanos = now;
            trimmed = false;
        } else if (!trimmed && now - busyNanos > IDLE_NANOS) {
            trimmed = true;
            if (old.getUsage().getCommitted() - baseline > WORTH_TRIMMING_BYTES) {
                System.gc();
            }
        }
    }

    /**
     * Where contexts alone hold most of the limit, two thirds of those that nobody uses go ahead of the collection: else it would find too much,
     * and have to be done again, and both again after few more first calls.
     */
    private void thin(Collection<Isolate> contexts, long limit) {
        if (contexts.size() * CONTEXT_BYTES > limit / 4 * 3) {
            List<Isolate> unused = unused(contexts);
            evict(unused, unused.size() * 2 / 3);
        }
    }

    /** What is held for certain. */
    private void collect(Collection<Isolate> contexts) {
        System.gc();
        heldAfterLook = Math.max(0, used() - baseline);
        lookedNanos = System.nanoTime();
        List<LoadedFunction> functions =
                contexts.stream().map(Isolate::function).distinct().toList();
        if (functions.size() == 1) {
            watchdog.calls().forEach(route -> route.call().held(heldAfterLook));
        }
    }

    private void relieve(long limit) {
        while (heldAfterLook > limit) {
            List<Isolate> ending =
                    watchdog.isolates().stream().filter(Isolate::ending).toList();
            if (!ending.isEmpty()) {
                if (!awaitEnds(ending)) {
                    break;
                }
                collect(watchdog.isolates());
                continue;
            }
            List<Isolate> unused = unused(watchdog.isolates());
            if (unused.isEmpty()) {
                LoadedFunction culprit = culprit(watchdog.isolates());
                if (culprit != null && heldAfterLook > culprit.limits.memoryBytes()) {
                    stop(culprit);
                }
                break;
            }
            evict(unused, Math.max(1, unused.size() / 2));
            collect(watchdog.isolates());
        }
        allocatedBefore.clear();
        watchdog.isolates()
                .forEach(
                        context -> allocatedBefore.merge(context.function(), context.ownerAllocatedBytes(), Long::sum));
    }

    /** Contexts without calls, the longest unused first. */
    private static List<Isolate> unused(Collection<Isolate> contexts) {
        List<Isolate> unused = new ArrayList<>(contexts);
        unused.removeIf(context -> context.load() > 0 || context.turn() != null || context.ending());
        unused.sort(Comparator.comparingLong(Isolate::usedNanos));
        return unused;
    }

    /** Ends contexts and waits a moment for them. */
    private void evict(List<Isolate> unused, int count) {
        List<Isolate> leaving = unused.subList(0, Math.min(count, unused.size()));
        for (Isolate context : leaving) {
            context.function().remove(context);
            context.retire();
        }
        awaitEnds(leaving);
    }

    /** Whether all of them have ended within a moment. */
    private boolean awaitEnds(List<Isolate> leaving) {
        long begun = System.nanoTime();
        while (watchdog.isolates().stream().anyMatch(leaving::contains)) {
            if (System.nanoTime() - begun > PATIENCE_NANOS) {
                return false;
            }
            LockSupport.parkNanos(PERIOD_NANOS / 10);
        }
        return true;
    }

    /** The function with calls that allocated most since the last look. */
    private @Nullable LoadedFunction culprit(Collection<Isolate> contexts) {
        Map<LoadedFunction, Long> allocated = new HashMap<>();
        for (Isolate context : contexts) {
            if (context.load() > 0 && !context.ending()) {
                allocated.merge(context.function(), context.ownerAllocatedBytes(), Long::sum);
            }
        }
        return allocated.entrySet().stream()
                .max(Comparator.comparingLong(
                        entry -> entry.getValue() - allocatedBefore.getOrDefault(entry.getKey(), 0L)))
                .map(Map.Entry::getKey)
                .orElse(null);
    }

    /** Ends all contexts of a function; in each, the call that runs or else the one that allocated most is to blame. */
    private void stop(LoadedFunction function) {
        for (Isolate context : watchdog.isolates()) {
            if (context.function() == function) {
                Turn turn = context.turn();
                HostCall running = turn == null ? null : turn.call();
                HostCall culprit = running != null
                        ? running
                        : watchdog.calls().stream()
                                .filter(route -> route.isolate() == context)
                                .map(CallRoute::call)
                                .max(Comparator.comparingLong(call -> call.allocatedBytes))
                                .orElse(null);
                if (culprit != null) {
                    culprit.held(heldAfterLook);
                }
                context.stop(new Doom(FunctionOutcome.OVER_MEMORY, culprit));
            }
        }
    }
}
