package dev.verge.node.sync;

import dev.verge.balancer.UpstreamPools;
import dev.verge.node.geo.Countries;
import dev.verge.node.kv.KvFetches;
import dev.verge.node.kv.KvNamespaces;
import dev.verge.node.quota.Quotas;
import dev.verge.node.site.DeployedFunction;
import dev.verge.node.site.FunctionRules;
import dev.verge.node.site.NextRouting;
import dev.verge.node.site.Routing;
import dev.verge.node.site.Site;
import dev.verge.node.tls.TlsContexts;
import dev.verge.sync.client.Applier;
import dev.verge.sync.log.ApplyResult;
import dev.verge.sync.log.Commit;
import dev.verge.sync.log.Keys;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.log.Snapshot;
import dev.verge.sync.log.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the log into force: compile all, refuse with reasons what cannot be compiled, swap the routing by one reference, purge. Called one
 * at a time; {@link #routing()} may be read from any thread.
 */
public final class ConfigApplier implements Applier {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigApplier.class);

    private final Vertx vertx;
    private final UpstreamPools pools;
    private final PurgeRunner purges;
    private final KvNamespaces kv;
    private final KvFetches values;
    private final Quotas quotas;
    private final FunctionRules rules;
    private final TlsContexts tls;
    private final Consumer<Boolean> drainOrder;
    private final String ownOrderKey;

    private volatile Routing routing;
    private volatile List<String> groups = List.of();

    /**
     * Nothing is in force yet.
     *
     * @param node name of this node: orders for others are not for it
     * @param rules which functions run here, and what they may use
     * @param countries where clients are
     * @param drainOrder told when the control plane orders this node out of service, or back
     */
    public ConfigApplier(
            Vertx vertx,
            String node,
            UpstreamPools pools,
            PurgeRunner purges,
            KvNamespaces kv,
            Quotas quotas,
            FunctionRules rules,
            Countries countries,
            TlsContexts tls,
            Consumer<Boolean> drainOrder) {
        this.vertx = vertx;
        this.pools = pools;
        this.purges = purges;
        this.kv = kv;
        this.values = new KvFetches(kv, vertx);
        this.quotas = quotas;
        this.tls = tls;
        this.rules = rules;
        this.routing = Routing.empty(countries);
        this.drainOrder = drainOrder;
        this.ownOrderKey = Keys.order(node);
    }

    /** Brings what long values of namespaces consist of. */
    public KvFetches values() {
        return values;
    }

    /** What is in force now. */
    public Routing routing() {
        return routing;
    }

    @Override
    public void belongs(List<String> now) {
        groups = now;
    }

    @Override
    public Future<ApplyResult> restore(State state) {
        return inBackground(() -> {
            Batch batch = compile(state.entries());
            // Their blobs are here, or are brought when they are read.
            batch.compiled.forEach(each -> {
                if (each instanceof Compiled.OfKv value) {
                    kv.put(value.entry());
                }
            });
            replaceAll(batch, Set.of());
            return result(batch);
        });
    }

    @Override
    public Future<ApplyResult> apply(Commit commit) {
        return this.<Batch>inBackground(() -> withRoom(compile(commit.entries())))
                .compose(batch -> {
                    if (!batch.refused.isEmpty()) {
                        return Future.succeededFuture(result(batch));
                    }
                    List<Site> leaving = leaving(batch);
                    return inBackground(() -> {
                                putIntoForce(batch);
                                return result(batch);
                            })
                            .compose(result -> purges.left(leaving)
                                    .compose(left -> purge(batch))
                                    .map(result));
                });
    }

    @Override
    public Future<ApplyResult> applySnapshot(Snapshot snapshot, boolean missedPurges) {
        return inBackground(() -> {
                    Batch batch = compile(snapshot.entries());
                    replaceAll(batch, batch.refused.keySet());
                    return batch;
                })
                .compose(batch -> (missedPurges ? purges.everything(routing.all()) : Future.<Void>succeededFuture())
                        .compose(dropped -> purge(batch))
                        .map(purged -> result(batch)));
    }

    /** What a list of entries compiled to. */
    private record Batch(List<Compiled> compiled, Map<String, String> refused) {}

    /** On all processors: a node may begin with a hundred thousand sites, and serves nothing before they are compiled. */
    private Batch compile(List<LogEntry> entries) {
        List<Compiled> compiled = new ArrayList<>(entries.size());
        Map<String, String> refused = new HashMap<>();
        for (Compilation each : entries.parallelStream().map(this::compile).toList()) {
            switch (each) {
                case Compilation.Done done -> compiled.add(done.compiled());
                case Compilation.Refused no -> {
                    LOG.warn("{} is refused: {}", no.key(), no.reason());
                    refused.put(no.key(), no.reason());
                }
            }
        }
        return new Batch(compiled, refused);
    }

    /** How the compiling of one entry ended. */
    private sealed interface Compilation {
        record Done(Compiled compiled) implements Compilation {}

        record Refused(String key, String reason) implements Compilation {}
    }

    private Compilation compile(LogEntry entry) {
        try {
            return new Compilation.Done(Compiled.of(entry, rules, groups));
        } catch (IllegalArgumentException reason) {
            return new Compilation.Refused(entry.key(), String.valueOf(reason.getMessage()));
        }
    }

    /** A commit comes into force whole or not at all: pairs that there is no room for are refused before. */
    private Batch withRoom(Batch batch) {
        long more = 0;
        for (Compiled each : batch.compiled) {
            if (each instanceof Compiled.OfKv value) {
                more += KvNamespaces.weight(value.entry());
                if (!kv.admits(more)) {
                    batch.refused.put(value.entry().key(), kv.full());
                }
            }
        }
        return batch;
    }

    /** Sites that are served here no longer. One that comes back, by its placement, begins with nothing cached. */
    private synchronized List<Site> leaving(Batch batch) {
        List<Site> leaving = new ArrayList<>();
        for (Compiled each : batch.compiled) {
            Site site = each instanceof Compiled.Gone gone ? routing.site(gone.key()) : null;
            if (site != null) {
                leaving.add(site);
            }
        }
        return leaving;
    }

    private static ApplyResult result(Batch batch) {
        return batch.refused.isEmpty() ? ApplyResult.applied() : new ApplyResult.Refused(batch.refused);
    }

    /** Everything that is neither in the batch nor kept goes away. */
    private synchronized void replaceAll(Batch batch, Set<String> kept) {
        Set<String> present = new HashSet<>(kept);
        for (Compiled each : batch.compiled) {
            present.add(key(each));
        }
        kv.retain(present);
        quotas.retain(present);
        List<Compiled> changes = new ArrayList<>();
        routing.keys().filter(key -> !present.contains(key)).forEach(key -> changes.add(new Compiled.Gone(key)));
        changes.addAll(batch.compiled);
        putIntoForce(new Batch(changes, batch.refused));
        if (!present.contains(ownOrderKey)) {
            drainOrder.accept(false);
        }
    }

    private synchronized void putIntoForce(Batch batch) {
        NextRouting next = routing.next();
        List<String> goneScopes = new ArrayList<>();
        for (Compiled change : batch.compiled) {
            switch (change) {
                case Compiled.OfSite site -> next.put(site(site));
                case Compiled.OfFunction function -> {
                    tellLowered(function.function());
                    next.put(function.function());
                }
                case Compiled.OfCertificate certificate -> next.put(certificate.entry(), certificate.certificate());
                case Compiled.OfChallenge challenge -> next.put(challenge.entry());
                case Compiled.OfKv value -> {
                    String problem = kv.expect(value.entry());
                    if (problem != null) {
                        batch.refused.put(value.entry().key(), problem);
                    } else {
                        values.expect(value.entry());
                    }
                }
                case Compiled.OfAccount account -> {
                    quotas.put(account.entry());
                    next.notOnlySites(); // what was got ready did not know of this quota
                }
                case Compiled.OfOrder order -> {
                    if (order.entry().key().equals(ownOrderKey)) {
                        drainOrder.accept(order.entry().drain());
                    }
                }
                case Compiled.Gone gone -> gone(gone.key(), next, goneScopes);
                case Compiled.OfPurge purge -> {}
                case Compiled.OfSigningKey key -> {}
            }
        }
        Routing before = routing;
        Routing after = next.build();
        boolean otherTerms = !after.terms().equals(before.terms());
        if (otherTerms) {
            tls.prepare(after.terms());
        }
        routing = after;
        if (otherTerms) {
            tls.retain(after.terms());
        }
        goneScopes.forEach(pools::remove);
    }

    private void gone(String key, NextRouting next, List<String> scopes) {
        if (key.startsWith(Keys.KV_PREFIX)) {
            kv.remove(key);
        } else if (key.startsWith(Keys.ACCOUNT_PREFIX)) {
            quotas.remove(key);
            next.notOnlySites();
        } else if (key.equals(ownOrderKey)) {
            drainOrder.accept(false);
        } else {
            Site removed = next.remove(key);
            if (removed != null) {
                scopes.add(removed.scope());
            }
        }
    }

    private static void tellLowered(DeployedFunction function) {
        for (DeployedFunction.Share share : function.shares()) {
            if (!share.lowered().isEmpty()) {
                LOG.info(
                        "{} runs with less than it asks for, by functions.ceilings: {}",
                        share.version(),
                        share.lowered());
            }
        }
    }

    private Site site(Compiled.OfSite compiled) {
        var entry = compiled.entry();
        String scope = entry.account() + "/" + entry.site();
        return new Site(
                entry.account(),
                entry.site(),
                entry.incarnation(),
                entry.version(),
                compiled.document(),
                compiled.rules(),
                pools.update(scope, compiled.document().pools()));
    }

    private Future<Void> purge(Batch batch) {
        Future<Void> done = Future.succeededFuture();
        for (Compiled each : batch.compiled) {
            if (each instanceof Compiled.OfPurge purge) {
                Site site = routing.site(
                        Keys.site(purge.entry().account(), purge.entry().site()));
                done = done.compose(before -> purges.run(purge.entry(), site));
            }
        }
        return done;
    }

    private static String key(Compiled compiled) {
        return switch (compiled) {
            case Compiled.OfSite site -> site.entry().key();
            case Compiled.OfFunction function -> function.entry().key();
            case Compiled.OfPurge purge -> purge.entry().key();
            case Compiled.OfOrder order -> order.entry().key();
            case Compiled.OfKv value -> value.entry().key();
            case Compiled.OfCertificate certificate -> certificate.entry().key();
            case Compiled.OfAccount account -> account.entry().key();
            case Compiled.OfChallenge challenge -> challenge.entry().key();
            case Compiled.OfSigningKey key -> key.entry().key();
            case Compiled.Gone gone -> gone.key();
        };
    }

    /** Compiling thousands of sites takes a while: not on an event loop. */
    private <T> Future<T> inBackground(Supplier<T> work) {
        return vertx.<T>executeBlocking(work::get, true).map(Objects::requireNonNull);
    }
}
