package dev.verge.load.jmh.traces;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.store.CacheOpenException;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.Lookup;
import dev.verge.load.jmh.CacheDriver;
import dev.verge.load.jmh.SampleSite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The real memory tier: a cache without a disk, asked and filled as a node does it. */
final class MemoryPolicy implements Policy {
    private final CacheDriver driver;
    private final Sizes sizes;
    private final CacheKey[] keys;
    private final @Nullable StoredResponse[] drafts;
    private final ByteBuf body = Unpooled.directBuffer(64 << 10).writeZero(64 << 10);

    MemoryPolicy(long bound, Sizes sizes, int objects) throws CacheOpenException {
        this.driver = CacheDriver.open(CacheSettings.of(Path.of("none"), bound, 0));
        this.sizes = sizes;
        this.keys = new CacheKey[objects];
        for (int i = 0; i < objects; i++) {
            keys[i] = SampleSite.key(i);
        }
        this.drafts = new StoredResponse[objects];
    }

    /** What the tier counts for each object: asked of a tier with nothing else in it. */
    static long[] weights(Sizes sizes, int objects) throws CacheOpenException {
        long[] weights = new long[objects];
        try (var alone = new MemoryPolicy(4L << 20, sizes, objects)) {
            for (int i = 0; i < objects; i++) {
                alone.access(i);
                weights[i] = (long) alone.driver.gauge("verge.cache.memory.bytes");
                if (weights[i] < sizes.bodyBytes(i)) {
                    throw new IllegalStateException("object " + i + " does not stay in memory");
                }
                alone.driver.cache().invalidate(alone.keys[i]);
            }
        }
        return weights;
    }

    @Override
    public boolean access(int object) {
        CacheKey key = keys[object];
        Lookup lookup = driver.cache().lookupNow(key);
        if (lookup != null && !lookup.variants().isEmpty()) {
            return true;
        }
        StoredResponse draft = drafts[object];
        int length = sizes.bodyBytes(object);
        if (draft == null) {
            RequestHead request = SampleSite.bareRequest(object);
            draft = SampleSite.draft(request, SampleSite.response(length));
            drafts[object] = draft;
        }
        driver.put(driver.cache().lookup(key).join(), draft, body.slice(0, length));
        return false;
    }

    @Override
    public void close() {
        driver.close();
        body.release();
    }
}
