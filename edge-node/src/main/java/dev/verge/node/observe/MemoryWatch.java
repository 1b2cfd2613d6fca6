package dev.verge.node.observe;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether so little memory is left that new requests must be turned away. Of the heap only what survived the last collection counts, and
 * what tunnels hold more than they did then: whatever else is in use in between says nothing. What survives may still be nobody's, as most
 * collections leave the old generation alone, and a node that turns everybody away makes too little work for another one: so the whole heap is
 * collected when it seems short, now and then. Thread-safe.
 */
public final class MemoryWatch implements AutoCloseable {
    /** Between two collections of the whole heap: one that brings nothing is not repeated at once. */
    private static final Duration BETWEEN = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);

    private final double share;
    private final Runnable collection;
    private final Set<String> heapPools;
    private final List<BufferPoolMXBean> buffers;
    private final NotificationListener listener = (notification, handback) -> collected(notification);
    private final LongSupplier held;
    private volatile long survived;
    private volatile long heldThen;
    private volatile boolean sheds;
    private long collectedNanos = System.nanoTime() - BETWEEN.toNanos();

    /**
     * Begins to watch.
     *
     * @param percent of either kind of memory that may be in use
     * @param held bytes that tunnels hold for slow peers
     */
    public MemoryWatch(int percent, LongSupplier held, MeterRegistry registry) {
        this(percent, held, registry, System::gc);
    }

    MemoryWatch(int percent, LongSupplier held, MeterRegistry registry, Runnable collection) {
        share = percent / 100.0;
        this.collection = collection;
        this.held = held;
        heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toUnmodifiableSet());
        buffers = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .toList();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(listener, null, null);
            }
        }
        Gauge.builder("verge.tunnel.held.bytes", held, LongSupplier::getAsLong)
                .description("Bytes that tunnels hold for peers that have not taken them")
                .register(registry);
        Gauge.builder("verge.memory.shedding", this, watch -> watch.sheds() ? 1 : 0)
                .description("Whether new requests are turned away because memory is short")
                .register(registry);
    }

    /** Whether new requests are to be turned away now. */
    public boolean sheds() {
        return sheds;
    }

    /** For people: {@code ok}, or that requests are turned away. */
    public String summary() {
        return sheds ? "short: new requests are turned away" : "ok";
    }

    /** Looks how things stand; to be called a few times a second, by one thread. */
    public void look() {
        Runtime heap = Runtime.getRuntime();
        long heapLimit = (long) (heap.maxMemory() * share);
        long used = heap.totalMemory() - heap.freeMemory();
        boolean heapIsShort = isShort(survived, held.getAsLong() - heldThen, used, heapLimit);
        if (heapIsShort && System.nanoTime() - collectedNanos >= BETWEEN.toNanos()) {
            collectedNanos = System.nanoTime();
            LOG.warn("the heap seems short, {} of {} MiB: all of it is collected", used >> 20, heap.maxMemory() >> 20);
            Thread.ofPlatform().daemon().name("memory-watch").start(collection);
        }
        sheds = heapIsShort || direct() > PlatformDependent.maxDirectMemory() * share;
    }

    /** Whether the heap is: by what survived and what tunnels have taken on since, unless all that is in use is less. */
    static boolean isShort(long survived, long heldSince, long used, long limit) {
        return used > limit && survived + heldSince > limit;
    }

    private long direct() {
        long used = PlatformDependent.usedDirectMemory();
        for (BufferPoolMXBean pool : buffers) {
            used = Math.max(used, pool.getMemoryUsed());
        }
        return used;
    }

    private void collected(Notification notification) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            Map<String, MemoryUsage> after =
                    GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc();
            long used = 0;
            for (Map.Entry<String, MemoryUsage> pool : after.entrySet()) {
                used += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
            }
            survived = used;
            heldThen = held.getAsLong();
        }
    }

    @Override
    public void close() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(listener);
                } catch (ListenerNotFoundException never) {
                    throw new IllegalStateException("it was added when this was made", never);
                }
            }
        }
    }
}
