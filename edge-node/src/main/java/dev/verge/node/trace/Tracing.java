package dev.verge.node.trace;

import dev.verge.node.config.TracingConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.FastThreadLocal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recording of traces in one node; nothing of it is made where no collector is configured. Thread-safe. */
public final class Tracing implements AutoCloseable {
    private static final String SCOPE = "dev.verge.node";
    private static final int MOST_ATTRIBUTES = 48;
    private static final int LONGEST_ATTRIBUTE = 1024;

    private final @Nullable SdkTracerProvider provider;
    private final SpanQueue queue;
    private final double rate;
    private final FastThreadLocal<LoopTracing> ofLoop = new FastThreadLocal<>();

    private Tracing(@Nullable SdkTracerProvider provider, SpanQueue queue, double rate) {
        this.provider = provider;
        this.queue = queue;
        this.rate = rate;
    }

    /**
     * Ready to record.
     *
     * @param node name of the node
     * @param region of the node; null for none
     */
    public static Tracing by(TracingConfig config, String node, @Nullable String region, MeterRegistry registry) {
        String endpoint = config.collector();
        if (endpoint == null) {
            return new Tracing(null, SpanQueue.off(registry), 0);
        }
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setTimeout(config.timeout())
                .setConnectTimeout(config.timeout())
                .setCompression("gzip");
        config.headers().forEach(exporter::addHeader);
        SpanQueue queue = SpanQueue.to(exporter.build(), config.queueSpans(), config.timeout(), registry);
        SdkTracerProvider provider = SdkTracerProvider.builder()
                // Who records was decided before.
                .setSampler(Sampler.alwaysOn())
                .setResource(resource(config.resource(), node, region))
                .setSpanLimits(SpanLimits.builder()
                        .setMaxNumberOfAttributes(MOST_ATTRIBUTES)
                        .setMaxAttributeValueLength(LONGEST_ATTRIBUTE)
                        .build())
                .addSpanProcessor(queue)
                .build();
        return new Tracing(provider, queue, config.sample());
    }

    private static Resource resource(Map<String, String> more, String node, @Nullable String region) {
        AttributesBuilder attributes = Attributes.builder()
                .put(AttributeKey.stringKey("service.name"), "verge")
                .put(AttributeKey.stringKey("service.instance.id"), node)
                .put(AttributeKey.stringKey("telemetry.sdk.name"), "opentelemetry")
                .put(AttributeKey.stringKey("telemetry.sdk.language"), "java");
        if (region != null) {
            attributes.put(AttributeKey.stringKey("cloud.region"), region);
        }
        more.forEach((name, value) -> attributes.put(AttributeKey.stringKey(name), value));
        return Resource.create(attributes.build());
    }

    /** For the event loop that calls: one for each, whoever asks. */
    public LoopTracing forLoop() {
        LoopTracing present = ofLoop.get();
        if (present != null) {
            return present;
        }
        LoopTracing made = new LoopTracing(provider == null ? null : provider.get(SCOPE), rate);
        ofLoop.set(made);
        return made;
    }

    /** Sends what is queued, for two seconds at most. Blocks. */
    @Override
    public void close() {
        queue.close();
    }
}
