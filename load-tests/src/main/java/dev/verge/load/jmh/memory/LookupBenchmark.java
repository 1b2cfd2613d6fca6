package dev.verge.load.jmh.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.store.CacheSettings;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.load.jmh.CacheDriver;
import dev.verge.load.jmh.SampleSite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A hit in memory, from the key to the body, beside what a bare map costs with the same keys. Keys are asked for at random. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class LookupBenchmark {
    private static final int BODY_BYTES = 1024;
    /** Questions asked before they repeat; a power of two. */
    private static final int QUESTIONS = 1 << 17;

    @Param({"1000", "100000"})
    int keys = 1000;

    private CacheDriver driver;
    private TieredCache cache;
    private Cache<CacheKey, Object> caffeine;
    private final Map<CacheKey, Object> map = new ConcurrentHashMap<>();
    private CacheKey[] asked;
    private RequestHead request;
    private Instant now;
    private int cursor;

    @Setup
    public void prepare() throws Exception {
        // Four times what is stored, so that nothing is evicted.
        long bound = Math.max(64L << 20, keys * 4L * (BODY_BYTES + 2048));
        driver = CacheDriver.open(CacheSettings.of(Path.of("none"), bound, 0));
        cache = driver.cache();
        caffeine = Caffeine.newBuilder()
                .maximumWeight(bound)
                .weigher((CacheKey key, Object value) -> BODY_BYTES)
                .executor(Runnable::run)
                .build();
        now = SampleSite.NOW;
        ByteBuf body = Unpooled.directBuffer(BODY_BYTES).writeZero(BODY_BYTES);
        ResponseHead response = SampleSite.response(BODY_BYTES);
        for (int i = 0; i < keys; i++) {
            RequestHead stored = SampleSite.bareRequest(i);
            CacheKey key = SampleSite.key(i);
            driver.put(cache.lookup(key).join(), SampleSite.draft(stored, response), body);
            caffeine.put(key, response);
            map.put(key, response);
        }
        body.release();
        // Equal to the stored keys and not the same objects, as the keys of requests are.
        CacheKey[] fresh = new CacheKey[keys];
        for (int i = 0; i < keys; i++) {
            fresh[i] = SampleSite.key(i);
        }
        var random = new SplittableRandom(1);
        asked = new CacheKey[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            asked[i] = fresh[random.nextInt(keys)];
        }
        request = SampleSite.request(0);
    }

    @TearDown
    public void close() {
        driver.close();
    }

    private CacheKey next() {
        return asked[cursor++ & (QUESTIONS - 1)];
    }

    @Benchmark
    public @Nullable Lookup lookupNow() {
        return cache.lookupNow(next());
    }

    @Benchmark
    public @Nullable Object lookupAndDecide() {
        Lookup lookup = cache.lookupNow(next());
        return lookup == null ? null : CacheDecision.decide(request, lookup.variants(), now, CacheOptions.DEFAULT);
    }

    /** All that a hit asks of the cache. */
    @Benchmark
    public int lookupDecideAndTakeBody() {
        Lookup lookup = cache.lookupNow(next());
        if (lookup != null
                && CacheDecision.decide(request, lookup.variants(), now, CacheOptions.DEFAULT)
                        instanceof CacheDecision.ServeFresh fresh) {
            StoredResponse stored = fresh.stored();
            ByteBuf body = cache.bodyNow(lookup, stored);
            if (body != null) {
                int length = body.readableBytes();
                body.release();
                return length;
            }
        }
        throw new IllegalStateException("every key is a fresh hit in memory");
    }

    @Benchmark
    public @Nullable Object peerCaffeine() {
        return caffeine.getIfPresent(next());
    }

    @Benchmark
    public @Nullable Object peerConcurrentHashMap() {
        return map.get(next());
    }
}
