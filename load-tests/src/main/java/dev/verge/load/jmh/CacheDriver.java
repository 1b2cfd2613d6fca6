package dev.verge.load.jmh;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;

/** A real cache and short words for what benchmarks do with it, from one thread. */
public final class CacheDriver implements AutoCloseable {
    /** Bytes handed to a fill at a time, as a socket would bring them. */
    private static final int PIECE_BYTES = 64 << 10;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TieredCache cache;
    private final Gauge fillsUnderWay;

    private CacheDriver(CacheSettings settings) throws CacheOpenException {
        cache = TieredCache.open(settings, registry);
        fillsUnderWay = registry.get("verge.cache.fills.active").gauge();
    }

    public static CacheDriver open(CacheSettings settings) throws CacheOpenException {
        return new CacheDriver(settings);
    }

    public TieredCache cache() {
        return cache;
    }

    /**
     * Takes in a body.
     *
     * @param body its readable bytes; the caller keeps it
     */
    public void put(Lookup lookup, StoredResponse draft, ByteBuf body) {
        Fill fill = cache.insert(lookup, draft, CacheOptions.DEFAULT.maxObjectBytes());
        for (int at = 0; at < body.readableBytes(); at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, body.readableBytes() - at);
            fill.write(body.retainedSlice(body.readerIndex() + at, length)).join();
        }
        fill.complete();
    }

    /** Returns when at most that many fills are not on disk yet; whoever writes them may need this core. */
    @SuppressWarnings("ThreadPriorityCheck") // parking would be measured too
    public void awaitFills(int underWay) {
        while (fillsUnderWay.value() > underWay) {
            Thread.yield();
        }
    }

    /** Reads a whole body. Returns how many bytes; −1 when it is not there. */
    public long read(CacheKey key) {
        Lookup lookup = cache.lookup(key).join();
        List<StoredResponse> variants = lookup.variants();
        if (variants.isEmpty()) {
            return -1;
        }
        Optional<BodyReader> opened = cache.open(lookup, variants.getFirst()).join();
        if (opened.isEmpty()) {
            return -1;
        }
        long sum = 0;
        try (BodyReader reader = opened.get()) {
            while (true) {
                ByteBuf piece = reader.next().join();
                int length = piece.readableBytes();
                piece.release();
                if (length == 0) {
                    return sum;
                }
                sum += length;
            }
        }
    }

    public double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    public double count(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).functionCounter().count();
    }

    @Override
    public void close() {
        cache.close();
    }
}
