package dev.verge.node.sync;

import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.store.PurgeMark;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.site.Site;
import dev.verge.sync.document.HostPattern;
import dev.verge.sync.log.PurgeEntry;
import dev.verge.sync.log.PurgeTarget;
import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns purges of the log into marks of the cache. */
public final class PurgeRunner {
    private final TieredCache cache;

    public PurgeRunner(TieredCache cache) {
        this.cache = cache;
    }

    /** Completes when the purge is in effect and on disk. A purge meant for another life of the site strikes nothing of this one. */
    Future<Void> run(PurgeEntry purge, @Nullable Site site) {
        String scope = Site.cacheScope(purge.account(), purge.site(), purge.incarnation());
        return Future.fromCompletionStage(cache.purge(marks(purge, scope, site)));
    }

    /** Drops what is stored for the sites: purges may have been missed. */
    Future<Void> everything(Collection<Site> sites) {
        List<PurgeMark> marks = sites.stream()
                .flatMap(site -> Stream.of(site.cacheScope(), Site.functionCacheScope(site.account())))
                .distinct()
                .map(scope -> PurgeMark.everything(scope, false))
                .toList();
        return marks.isEmpty() ? Future.succeededFuture() : Future.fromCompletionStage(cache.purge(marks));
    }

    /** Drops what is stored for sites that left this node: later purges would not know how they made their keys. */
    Future<Void> left(Collection<Site> sites) {
        List<PurgeMark> marks = sites.stream()
                .map(site -> PurgeMark.everything(site.cacheScope(), false))
                .toList();
        return marks.isEmpty() ? Future.succeededFuture() : Future.fromCompletionStage(cache.purge(marks));
    }

    private static List<PurgeMark> marks(PurgeEntry purge, String scope, @Nullable Site site) {
        boolean soft = purge.soft();
        // What functions keep belongs to the account: whoever purges one of its sites must not meet old content there.
        String kept = Site.functionCacheScope(purge.account());
        List<PurgeMark> marks = new ArrayList<>();
        switch (purge.target()) {
            case PurgeTarget.Everything everything -> {
                marks.add(PurgeMark.everything(scope, soft));
                marks.add(PurgeMark.everything(kept, soft));
            }
            case PurgeTarget.Hosts hosts ->
                hosts.hosts().forEach(host -> marks.add(PurgeMark.host(scope, HostPattern.canonical(host), soft)));
            case PurgeTarget.Tags tags ->
                tags.tags().forEach(tag -> {
                    marks.add(PurgeMark.tag(scope, tag, soft));
                    marks.add(PurgeMark.tag(kept, tag, soft));
                });
            case PurgeTarget.Prefixes prefixes ->
                prefixes.prefixes().forEach(prefix -> {
                    Place place = Place.of(prefix);
                    marks.add(PurgeMark.prefix(scope, place.host(), place.pathAndQuery(), soft));
                });
            case PurgeTarget.Urls urls -> {
                Set<KeyOptions> policies = site == null
                        ? Set.of(KeyOptions.DEFAULT)
                        : site.rules().keyPolicies().all();
                urls.urls().forEach(url -> {
                    Place place = Place.of(url);
                    marks.addAll(PurgeMark.url(scope, place.host(), place.path(), place.query(), policies, soft));
                });
            }
        }
        return marks;
    }

    /** A URL, or a path that stands for every host of the site. */
    private record Place(
            @Nullable String host, String path, @Nullable String query) {
        static Place of(String text) {
            if (text.startsWith("/")) {
                int question = text.indexOf('?');
                return question < 0
                        ? new Place(null, text, null)
                        : new Place(null, text.substring(0, question), text.substring(question + 1));
            }
            URI uri = URI.create(text);
            String authority = uri.getRawAuthority();
            String path = uri.getRawPath();
            return new Place(
                    authority == null ? null : HostPattern.ofAuthority(authority),
                    path == null || path.isEmpty() ? "/" : path,
                    uri.getRawQuery());
        }

        String pathAndQuery() {
            return query == null ? path : path + "?" + query;
        }
    }
}
