package dev.verge.node.pipeline;

import dev.verge.balancer.health.ClientKeys;
import dev.verge.cache.collapse.Collapser;
import dev.verge.cache.partial.RangeMemory;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.compress.Compression;
import dev.verge.node.config.Limits;
import dev.verge.node.kv.KvStore;
import dev.verge.node.observe.AccessLog;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.origin.Addresses;
import dev.verge.node.origin.OriginClient;
import dev.verge.node.quota.Quotas;
import dev.verge.node.rules.RateLimiter;
import dev.verge.node.site.FunctionRules;
import dev.verge.node.site.Routing;
import dev.verge.node.trace.Tracing;
import dev.verge.node.usage.UsageMeter;
import dev.verge.sandbox.FunctionRuntime;
import io.vertx.core.net.KeyCertOptions;
import java.time.Clock;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pipelines of all event loops share; every part is thread-safe.
 *
 * @param routing what is served now
 * @param cacheIsCurrent whether stored responses may be served
 * @param tracing which requests are recorded
 * @param encoders one permit for each encoder that may be at work
 * @param originAddresses where origins may be
 * @param functionRules which functions run here, and what they may use
 * @param purges the way of purges to the control plane
 * @param kv key-value pairs that functions read and change
 * @param egressAddresses where functions may fetch from
 */
public record NodeParts(
        NodeIdentity identity,
        Supplier<Routing> routing,
        TieredCache cache,
        Collapser collapser,
        RangeMemory ranges,
        BooleanSupplier cacheIsCurrent,
        Addresses originAddresses,
        Addresses egressAddresses,
        FunctionRuntime functions,
        FunctionCode code,
        FunctionRules functionRules,
        KvStore kv,
        PurgeCall.Door purges,
        RateLimiter rateLimiter,
        AccessLog log,
        NodeMetrics metrics,
        Tracing tracing,
        UsageMeter usage,
        Quotas quotas,
        Semaphore encoders,
        Limits limits,
        Clock clock) {

    OriginClient originClient(Loop loop) {
        return new OriginClient(loop.vertx(), originAddresses, this::clientKeys);
    }

    private @Nullable KeyCertOptions clientKeys(String scope, String name) {
        return routing.get().clientKeys(scope, name);
    }

    Compression compression(Loop loop) {
        return new Compression(loop.vertx(), encoders, metrics::compressed);
    }

    OriginClient egressClient(Loop loop) {
        return new OriginClient(loop.vertx(), egressAddresses, ClientKeys.NONE);
    }
}
