package dev.verge.node.kv;

import dev.verge.sync.log.KvEntry;
import io.vertx.core.Vertx;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the blobs of long values to this node, one after the other and beside the log: neither configuration nor a purge waits for them.
 * Of a key that is written again meanwhile only the newest value is brought. Thread-safe.
 */
public final class KvFetches {
    private static final Logger LOG = LoggerFactory.getLogger(KvFetches.class);

    /** Between tries: most often the control plane is away. */
    private static final long PAUSE_MILLIS = 1_000;

    private final KvNamespaces namespaces;
    private final Vertx vertx;
    private final Map<String, KvEntry> waiting = new LinkedHashMap<>();
    private @Nullable Function<String, CompletableFuture<?>> source;
    private boolean busy;

    /** Brings nothing before it is told from where. */
    public KvFetches(KvNamespaces namespaces, Vertx vertx) {
        this.namespaces = namespaces;
        this.vertx = vertx;
    }

    /** An entry stands in the namespaces whose blob may not be here. */
    public void expect(KvEntry entry) {
        synchronized (this) {
            if (!namespaces.awaits(entry)) {
                return;
            }
            waiting.put(entry.key(), entry);
        }
        next();
    }

    /** Begins to bring blobs, by their hash; completes when one is verified on the disk. */
    public void start(Function<String, CompletableFuture<?>> from) {
        synchronized (this) {
            source = from;
        }
        next();
    }

    /** Brings no more. */
    public synchronized void stop() {
        source = null;
        waiting.clear();
    }

    /** Values whose blob is not here yet. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private void next() {
        @Nullable Function<String, CompletableFuture<?>> from;
        @Nullable KvEntry wanted;
        synchronized (this) {
            from = source;
            wanted = busy || from == null ? null : oldest();
            if (from == null || wanted == null) {
                return;
            }
            busy = true;
        }
        KvEntry entry = wanted;
        var _ = from.apply(String.valueOf(entry.sha256())).whenComplete((here, failure) -> ended(entry, failure));
    }

    /** The one that waits longest; those that were replaced or removed meanwhile are forgotten on the way to it. */
    private @Nullable KvEntry oldest() {
        Iterator<KvEntry> all = waiting.values().iterator();
        while (all.hasNext()) {
            KvEntry next = all.next();
            if (namespaces.awaits(next)) {
                return next;
            }
            all.remove();
        }
        return null;
    }

    private void ended(KvEntry entry, @Nullable Throwable failure) {
        if (failure == null) {
            namespaces.arrived(entry);
        } else {
            LOG.info("a value of {} is not here yet: {}", entry.namespace(), failure.getMessage());
        }
        synchronized (this) {
            busy = false;
            if (waiting.remove(entry.key(), entry) && failure != null) {
                waiting.put(entry.key(), entry);
            }
        }
        if (failure == null) {
            next();
        } else {
            vertx.setTimer(PAUSE_MILLIS, ignored -> next());
        }
    }
}
