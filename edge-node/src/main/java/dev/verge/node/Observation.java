package dev.verge.node;

import dev.verge.node.config.NodeConfig;
import dev.verge.node.observe.AccessLog;
import dev.verge.node.observe.NodeMetrics;
import dev.verge.node.trace.Tracing;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What tells of a node's work: log, meters, traces. */
record Observation(AccessLog log, PrometheusMeterRegistry registry, NodeMetrics metrics, Tracing tracing) {

    /** @param practice whether nobody is to read the log */
    static Observation begin(NodeConfig config, boolean practice, Ending ending) {
        AccessLog log = new AccessLog(config.accessLog().format(), practice);
        ending.add("access log", log);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ending.add("meters", registry::close);
        Tracing tracing = Tracing.by(config.tracing(), config.node(), config.region(), registry);
        ending.add("traces", tracing);
        return new Observation(log, registry, new NodeMetrics(registry, log), tracing);
    }
}
