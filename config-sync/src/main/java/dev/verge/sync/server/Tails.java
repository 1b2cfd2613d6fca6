package dev.verge.sync.server;

import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.report.NodeReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who watches which function live, over all connected nodes. Safe for use from any thread. */
public final class Tails {

    /** Most functions that may be watched at a time. */
    public static final int MAX_FUNCTIONS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Tails.class);

    private final Object lock = new Object();
    private final Map<String, List<Consumer<Seen>>> watchers = new HashMap<>();
    private final Runnable changed;

    /** What a watcher is told. */
    public sealed interface Seen {

        /** A run, as the node's JSON text. */
        record Run(String node, String json) implements Seen {}

        /** The node had more runs of watched functions than it could hand on. */
        record Dropped(String node, long records) implements Seen {}
    }

    /**
     * Nobody watches yet.
     *
     * @param changed told whenever another set of functions is watched; must not block
     */
    Tails(Runnable changed) {
        this.changed = changed;
    }

    /**
     * Watches a function until the registration is closed.
     *
     * @param watcher called on the nodes' streams: it must not block
     * @throws IllegalStateException when {@link #MAX_FUNCTIONS} others are watched already
     */
    public Registration watch(String account, String function, Consumer<Seen> watcher) {
        String name = LiveRecord.name(account, function);
        boolean first;
        synchronized (lock) {
            first = !watchers.containsKey(name);
            if (first && watchers.size() >= MAX_FUNCTIONS) {
                throw new IllegalStateException(MAX_FUNCTIONS + " functions are watched already");
            }
            watchers.computeIfAbsent(name, key -> new ArrayList<>()).add(watcher);
        }
        if (first) {
            changed.run();
        }
        return () -> leave(name, watcher);
    }

    /** How many watch what is an account's; what the platform watches for itself takes nobody's place. */
    public int watchers() {
        synchronized (lock) {
            return watchers.entrySet().stream()
                    .filter(each -> !each.getKey().startsWith(NodeReport.PLATFORM))
                    .mapToInt(each -> each.getValue().size())
                    .sum();
        }
    }

    private void leave(String name, Consumer<Seen> watcher) {
        boolean last = false;
        synchronized (lock) {
            List<Consumer<Seen>> left = watchers.get(name);
            if (left != null && left.remove(watcher) && left.isEmpty()) {
                watchers.remove(name);
                last = true;
            }
        }
        if (last) {
            changed.run();
        }
    }

    /** Whether anybody watches a name. */
    public boolean watches(String account, String function) {
        synchronized (lock) {
            return watchers.containsKey(LiveRecord.name(account, function));
        }
    }

    List<String> watched() {
        synchronized (lock) {
            return List.copyOf(watchers.keySet());
        }
    }

    /** Tells the watchers of a name something that this control plane made itself. */
    public void tell(LiveRecord record) {
        seen("", 0, List.of(record));
    }

    void seen(String node, long dropped, List<LiveRecord> records) {
        if (dropped > 0) {
            all().forEach(watcher -> tell(watcher, new Seen.Dropped(node, dropped)));
        }
        for (LiveRecord each : records) {
            List<Consumer<Seen>> those;
            synchronized (lock) {
                those = List.copyOf(watchers.getOrDefault(LiveRecord.name(each.account(), each.function()), List.of()));
            }
            those.forEach(watcher -> tell(watcher, new Seen.Run(node, each.json())));
        }
    }

    private List<Consumer<Seen>> all() {
        synchronized (lock) {
            return watchers.values().stream().flatMap(List::stream).toList();
        }
    }

    private static void tell(Consumer<Seen> watcher, Seen seen) {
        try {
            watcher.accept(seen);
        } catch (RuntimeException bug) {
            LOG.error("a watcher of a function failed", bug);
        }
    }
}
