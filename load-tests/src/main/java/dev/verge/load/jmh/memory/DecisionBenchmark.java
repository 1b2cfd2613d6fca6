package dev.verge.load.jmh.memory;

import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.load.jmh.SampleSite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The decision tables, one outcome each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecisionBenchmark {
    private static final int LANGUAGES = 8;

    private Instant now = SampleSite.NOW;
    private Instant tooLate = now.plus(Duration.ofDays(1));
    private RequestHead request = SampleSite.request(7);
    private ResponseHead response = SampleSite.response(1024);
    private ResponseHead refused = SampleSite.response(1024, "Cache-Control", "private");
    private List<StoredResponse> one = List.of(SampleSite.draft(request, response));
    private List<StoredResponse> encoded =
            List.of(SampleSite.draft(request, SampleSite.response(1024, "Vary", "Accept-Encoding")));
    private List<StoredResponse> varying = varying();

    private List<StoredResponse> varying() {
        List<StoredResponse> variants = new ArrayList<>();
        ResponseHead varies = SampleSite.response(1024, "Vary", "Accept-Language");
        for (int i = 1; i < LANGUAGES; i++) {
            HttpFields fields = request.fields().without("Accept-Language").with("Accept-Language", "x-" + i);
            variants.add(SampleSite.draft(request.withFields(fields), varies));
        }
        variants.add(SampleSite.draft(request, varies));
        return List.copyOf(variants);
    }

    @Benchmark
    public CacheDecision reuseFresh() {
        return CacheDecision.decide(request, one, now, CacheOptions.DEFAULT);
    }

    @Benchmark
    public CacheDecision reuseStaleByAsking() {
        return CacheDecision.decide(request, one, tooLate, CacheOptions.DEFAULT);
    }

    /** What most pages are: stored once for each coding, and asked for with the same one. */
    @Benchmark
    public CacheDecision reuseFreshVaryingOnEncoding() {
        return CacheDecision.decide(request, encoded, now, CacheOptions.DEFAULT);
    }

    @Benchmark
    public CacheDecision reuseOneOfEightVariants() {
        return CacheDecision.decide(request, varying, now, CacheOptions.DEFAULT);
    }

    @Benchmark
    public CacheDecision reuseNothingThere() {
        return CacheDecision.decide(request, List.of(), now, CacheOptions.DEFAULT);
    }

    @Benchmark
    public StoreDecision store() {
        return StoreDecision.decide(request, response, now, now, CacheOptions.DEFAULT);
    }

    @Benchmark
    public StoreDecision storeRefusedAsPrivate() {
        return StoreDecision.decide(request, refused, now, now, CacheOptions.DEFAULT);
    }
}
