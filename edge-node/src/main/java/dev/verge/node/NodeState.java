package dev.verge.node;

import dev.verge.balancer.PoolStatus;
import dev.verge.balancer.UpstreamPools;
import dev.verge.cache.store.CacheHealth;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.admin.NodeView;
import dev.verge.node.config.NodeConfig;
import dev.verge.node.observe.CertificateMeters;
import dev.verge.node.observe.MemoryWatch;
import dev.verge.node.site.Routing;
import dev.verge.node.sync.ConfigApplier;
import dev.verge.sandbox.FunctionRuntime;
import dev.verge.sandbox.RuntimeStatus;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.client.SyncClient;
import dev.verge.sync.client.SyncStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the node stands: for operators, for probes, and for the request path where it must know. Thread-safe. */
final class NodeState implements NodeView {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);

    private final NodeConfig config;
    private final PrometheusMeterRegistry registry;
    private final ConfigApplier applier;
    private final FunctionRuntime functions;
    private final UpstreamPools pools;
    private final TieredCache cache;
    private final MemoryWatch memory;
    private final CertificateMeters certificates;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Runnable toldToDrain = () -> {};
    private volatile @Nullable SyncClient sync;
    private volatile boolean serving;
    private volatile boolean practised;
    private volatile long currentAtNanos;
    private volatile boolean wasCurrent;
    private volatile boolean ordered;
    private volatile boolean closing;
    private volatile boolean asked;
    private volatile boolean succeeded;

    NodeState(
            NodeConfig config,
            PrometheusMeterRegistry registry,
            ConfigApplier applier,
            FunctionRuntime functions,
            UpstreamPools pools,
            TieredCache cache,
            MemoryWatch memory,
            CertificateMeters certificates) {
        this.certificates = certificates;
        this.memory = memory;
        this.cache = cache;
        this.config = config;
        this.registry = registry;
        this.applier = applier;
        this.functions = functions;
        this.pools = pools;
        gauges();
    }

    private void gauges() {
        Gauge.builder("verge.sync.revision", this, node -> node.status().revision())
                .description("Last revision of the configuration log in force")
                .register(registry);
        Gauge.builder("verge.sync.head", this, node -> node.status().head())
                .description("Newest revision heard of")
                .register(registry);
        Gauge.builder("verge.sync.connected", this, node -> node.status().connected() ? 1 : 0)
                .description("Whether a stream to the control plane stands")
                .register(registry);
        Gauge.builder("verge.sync.behind", this, node -> node.isBehind() ? 1 : 0)
                .description("Whether the node may lack configuration or purges")
                .register(registry);
        Gauge.builder(
                        "verge.sync.refused",
                        this,
                        node -> node.status().refused().size())
                .description("Keys whose newest value this node refuses")
                .register(registry);
        Gauge.builder("verge.kv.uploads", this, NodeState::uploads)
                .description("Long values of functions on their way to the control plane")
                .register(registry);
        Gauge.builder("verge.kv.arriving", applier, each -> each.values().waiting())
                .description("Long values whose content is not here yet")
                .register(registry);
        Gauge.builder("verge.sites", applier, each -> each.routing().sites())
                .description("Sites served")
                .register(registry);
        Gauge.builder("verge.functions", applier, each -> each.routing().functions())
                .description("Functions known")
                .register(registry);
        Gauge.builder("verge.functions.lowered", applier, each -> each.routing().lowered())
                .description("Functions with a limit lowered to this node's ceiling")
                .register(registry);
        Gauge.builder("verge.functions.spares", functions, each -> each.status().spares())
                .description("Function hosts ready for an account")
                .register(registry);
        Gauge.builder(
                        "verge.functions.optimised",
                        functions,
                        each -> each.status().optimised() ? 1 : 0)
                .description("Whether function hosts compile JavaScript")
                .register(registry);
        FunctionCounter.builder(
                        "verge.sync.distrusted", this, each -> each.status().distrusted())
                .description("Messages of the log that the control plane had not signed; nothing of them was taken in")
                .register(registry);
        Gauge.builder("verge.draining", draining, each -> each.get() ? 1 : 0)
                .description("Whether the node is going out of service")
                .register(registry);
    }

    void follow(SyncClient client) {
        sync = client;
        look();
    }

    /** @param practice when it is over, however it went, the node is ready */
    void serving(Future<?> practice) {
        serving = true;
        practice.onComplete(over -> practised = true).onFailure(failure -> {
            if (!(failure instanceof TimeoutException)) {
                LOG.warn("the node could not practise, so its first answers take longer", failure);
            }
        });
    }

    /** Looks whether the node is current; called twice a second, so that a short break is known from a long one. */
    void look() {
        SyncStatus status = status();
        if (config.controlPlane().urls().isEmpty() || (status.connected() && status.caughtUp())) {
            wasCurrent = true;
            currentAtNanos = System.nanoTime();
        }
    }

    /** Whether purges or configuration may be missing for longer than the grace. */
    boolean isBehind() {
        look();
        return !wasCurrent
                || System.nanoTime() - currentAtNanos > config.sync().grace().toNanos();
    }

    boolean mayServeFromCache() {
        return !succeeded && (!config.sync().strictPurge() || !isBehind());
    }

    AtomicBoolean draining() {
        return draining;
    }

    /** The control plane's order. */
    void ordered(boolean drain) {
        ordered = drain;
        update();
    }

    void closing() {
        closing = true;
        update();
    }

    /** Another process serves and hears of purges now: what is cached here is of no use, and every connection ends soon. */
    void succeeded() {
        succeeded = true;
        closing();
    }

    @Override
    public void drain() {
        asked = true;
        update();
    }

    @Override
    public void undrain() {
        asked = false;
        update();
    }

    /** What to do when the node goes out of service and is not about to end: connections that stand are told then. */
    void whenDraining(Runnable action) {
        toldToDrain = action;
    }

    private void update() {
        boolean now = ordered || closing || asked;
        if (!draining.getAndSet(now) && now && !closing) {
            toldToDrain.run();
        }
    }

    private int uploads() {
        SyncClient client = sync;
        return client == null ? 0 : client.uploads();
    }

    private SyncStatus status() {
        SyncClient client = sync;
        return client == null ? NOT_YET : client.status();
    }

    private static final SyncStatus NOT_YET =
            new SyncStatus(false, false, 0, 0, java.time.Instant.EPOCH, java.util.Map.of(), 0);

    @Override
    public boolean ready() {
        boolean configured = config.controlPlane().urls().isEmpty() || status().revision() > 0 || wasCurrent;
        return serving && practised && !draining.get() && configured;
    }

    @Override
    public JsonObject readiness() {
        SyncStatus status = status();
        RuntimeStatus hosts = functions.status();
        JsonObject refused = new JsonObject();
        status.refused().forEach((key, refusal) -> refused.put(key, refusal.reason()));
        return new JsonObject()
                .put("node", config.node())
                .put("ready", ready())
                .put("warm", practised)
                .put("sync", isBehind() ? "behind" : "current")
                .put("connected", status.connected())
                .put("revision", status.revision())
                .put("head", status.head())
                .put("refused", refused)
                .put("sites", applier.routing().sites())
                .put("memory", memory.summary())
                .put("disk", disk(cache.health()))
                .put("functions", hosts.summary())
                .put("geo", geo())
                .put("functionsLowered", applier.routing().lowered())
                .put("engine", hosts.engine())
                .put("optimised", hosts.optimised())
                .put("lockdown", hosts.lockdown().summary())
                .put("certificates", certificates.summary(applier.routing()))
                .put("draining", draining.get());
    }

    private String geo() {
        Routing routing = applier.routing();
        String known = routing.countries().summary();
        int asking = routing.askingForCountry();
        return known.equals("none") && asking > 0
                ? "none, though rules of " + asking + " sites ask for a country: set geo.database"
                : known;
    }

    private static String disk(CacheHealth health) {
        String word = health.disk().name().toLowerCase(Locale.ROOT);
        return health.problem() == null ? word : word + " since " + health.since() + ": " + health.problem();
    }

    @Override
    public String metrics() {
        certificates.look(applier.routing());
        return registry.scrape();
    }

    @Override
    public JsonObject config() {
        JsonObject settings = new JsonObject(RecordJson.write(config).toString());
        JsonObject link = settings.getJsonObject("controlPlane");
        if (link != null && link.containsKey("token")) {
            link.put("token", "***");
        }
        JsonObject collector = settings.getJsonObject("tracing");
        if (collector != null && collector.getJsonObject("headers") != null) {
            collector.getJsonObject("headers").getMap().replaceAll((name, value) -> "***");
        }
        Routing routing = applier.routing();
        JsonArray sites = new JsonArray();
        routing.all()
                .forEach(site -> sites.add(new JsonObject()
                        .put("site", site.scope())
                        .put("version", site.version())
                        .put("incarnation", site.incarnation())));
        JsonArray origins = new JsonArray();
        for (PoolStatus pool : pools.status()) {
            pool.origins()
                    .forEach(origin -> origins.add(new JsonObject()
                            .put("site", pool.scope())
                            .put("pool", pool.name())
                            .put("origin", origin.url())
                            .put("usable", origin.usable())
                            .put("down", origin.down())
                            .put("ejected", origin.ejected())));
        }
        return new JsonObject()
                .put("settings", settings)
                .put("revision", status().revision())
                .put("sites", sites)
                .put("origins", origins);
    }
}
