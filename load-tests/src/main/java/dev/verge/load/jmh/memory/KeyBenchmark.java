package dev.verge.load.jmh.memory;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.options.CacheOptions.QueryOptions;
import dev.verge.load.jmh.SampleSite;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Making the key of a request, beside joining the same parts with nothing between them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyBenchmark {
    private static final KeyOptions RICH =
            new KeyOptions(QueryOptions.DEFAULT, List.of("theme"), List.of("Accept-Language"), true);

    private RequestHead plain = SampleSite.request(7);
    private RequestHead query = SampleSite.request(7, "sort=price&page=3&colour=blue");

    @Benchmark
    public CacheKey key() {
        return CacheKey.of(SampleSite.SCOPE, plain, KeyOptions.DEFAULT);
    }

    @Benchmark
    public CacheKey keyWithQueryOfThree() {
        return CacheKey.of(SampleSite.SCOPE, query, KeyOptions.DEFAULT);
    }

    @Benchmark
    public CacheKey keyWithCookieHeaderAndDevice() {
        return CacheKey.of(SampleSite.SCOPE, plain, RICH);
    }

    @Benchmark
    public int peerJoinedText() {
        return (SampleSite.SCOPE + plain.scheme() + plain.host() + plain.path()).hashCode();
    }
}
