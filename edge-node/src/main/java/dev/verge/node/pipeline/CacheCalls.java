package dev.verge.node.pipeline;

import dev.verge.cache.decision.CacheDecision;
import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoreDecision;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.KeyOptions;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.Lookup;
import dev.verge.cache.store.TieredCache;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.FieldRules;
import dev.verge.node.site.Site;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sync.document.HostPattern;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code caches.default} and {@code caches.open(name)}: responses that functions of an account keep at this node. They have a scope of
 * their own in the node's cache, so no function can put anything where a site's own responses are looked up, nor read one from there.
 */
final class CacheCalls {
    /** What is never a stored response's own (RFC 9111 §3.1), and what would be another client's. */
    private static final Set<String> NOT_KEPT = Set.of("set-cookie", "set-cookie2", "content-length");

    private final TieredCache cache;
    private final Loop loop;
    private final Clock clock;

    CacheCalls(TieredCache cache, Loop loop, Clock clock) {
        this.cache = cache;
        this.loop = loop;
        this.clock = clock;
    }

    Future<SubrequestResponse> handle(String account, String name, Subrequest asked) {
        RequestHead head = head(asked);
        CacheKey key = CacheKey.of(Site.functionCacheScope(account), head, KeyOptions.DEFAULT, List.of(name));
        return switch (asked.method()) {
            case "GET" -> match(key, head, asked);
            case "PUT" -> put(key, head, asked);
            case "DELETE" -> delete(key, head);
            default -> throw new Fetches.Refused("a cache has no " + asked.method());
        };
    }

    private static RequestHead head(Subrequest asked) {
        URI url = URI.create(asked.url());
        String authority = url.getRawAuthority();
        if (authority == null) {
            throw new Fetches.Refused("the URL has no host");
        }
        HttpFields.Builder fields = HttpFields.builder();
        asked.headers().forEach(header -> fields.add(header.name(), header.value()));
        String path = url.getRawPath();
        return new RequestHead(
                "GET",
                url.getScheme(),
                // Here the port tells resources apart: there is no site that answers on all of its ports alike.
                HostPattern.ofAuthority(authority),
                (path == null || path.isEmpty() ? "/" : path) + (url.getPort() < 0 ? "" : "#" + url.getPort()),
                url.getRawQuery(),
                fields.build());
    }

    private @Nullable StoredResponse fresh(Lookup found, RequestHead head) {
        CacheDecision decision = CacheDecision.decide(head, found.variants(), clock.instant(), CacheOptions.DEFAULT);
        return decision instanceof CacheDecision.ServeFresh serve ? serve.stored() : null;
    }

    private Future<SubrequestResponse> match(CacheKey key, RequestHead head, Subrequest asked) {
        return loop.bring(cache.lookup(key)).compose(found -> {
            StoredResponse stored = fresh(found, head);
            if (stored == null) {
                return Future.succeededFuture(MISS);
            }
            List<HeaderField> headers = new ArrayList<>();
            stored.clientFields().forEach((name, value) -> headers.add(new HeaderField(name, value)));
            headers.add(new HeaderField("age", Long.toString(stored.ageSeconds(clock.instant()))));
            if (stored.bodyBytes() == 0) {
                cache.touch(found, stored);
                return Future.succeededFuture(
                        new SubrequestResponse(stored.status(), asked.url(), false, headers, null));
            }
            return loop.bring(cache.open(found, stored))
                    .map(opened -> opened.<SubrequestResponse>map(reader -> {
                                Body body = new Body.Pulled(reader, stored.bodyBytes());
                                ReadStream<Buffer> stream = body.streamed().stream();
                                asked.signal().onAbort(body::discard);
                                return new SubrequestResponse(
                                        stored.status(), asked.url(), false, headers, stream, stored.bodyBytes());
                            })
                            .orElse(MISS));
        });
    }

    private static final SubrequestResponse MISS = new SubrequestResponse(404, "", false, List.of(), null);

    private Future<SubrequestResponse> put(CacheKey key, RequestHead head, Subrequest asked) {
        ResponseHead response = response(asked.options());
        Instant now = clock.instant();
        ReadStream<Buffer> content = asked.body();
        StoreDecision decision = StoreDecision.decide(head, response, now, now, CacheOptions.DEFAULT);
        if (!(decision instanceof StoreDecision.Store(StoredResponse draft))) {
            return drained(content).map(MISS);
        }
        return loop.bring(cache.lookup(key)).compose(found -> {
            Fill fill = cache.insert(found, draft, CacheOptions.DEFAULT.maxObjectBytes());
            Promise<SubrequestResponse> done = Promise.promise();
            Body body = content == null ? Body.none() : new Body.Streamed(content, -1, () -> {});
            asked.signal().onAbort(() -> {
                fill.abort();
                done.tryFail(new Fetches.Refused("the response to be stored was not completed"));
            });
            fill.onEnd(() -> loop.context().runOnContext(ended -> done.tryComplete(MISS)));
            new FillDriver(loop, body, fill).start();
            return done.future();
        });
    }

    /** What cannot be kept is read to its end: to the function, a put of it is no mistake. */
    private static Future<Void> drained(@Nullable ReadStream<Buffer> content) {
        if (content == null) {
            return Future.succeededFuture();
        }
        Promise<Void> end = Promise.promise();
        content.exceptionHandler(broken -> end.tryComplete());
        content.endHandler(ended -> end.tryComplete());
        content.handler(dropped -> {});
        content.resume();
        return end.future();
    }

    private static ResponseHead response(String options) {
        JsonObject told = new JsonObject(options);
        int status = told.getInteger("status", 200);
        String[] lines = told.getString("lines", "").split("\n", -1);
        HttpFields.Builder fields = HttpFields.builder();
        for (int i = 0; i + 1 < lines.length; i += 2) {
            if (!NOT_KEPT.contains(lines[i].toLowerCase(java.util.Locale.ROOT))) {
                fields.add(lines[i], lines[i + 1]);
            }
        }
        return new ResponseHead(status, FieldRules.endToEnd(fields.build()));
    }

    private Future<SubrequestResponse> delete(CacheKey key, RequestHead head) {
        return loop.bring(cache.lookup(key)).map(found -> {
            boolean any = fresh(found, head) != null;
            cache.invalidate(key);
            return any ? new SubrequestResponse(204, "http://cache/", false, List.of(), null) : MISS;
        });
    }
}
