package dev.verge.node.pipeline;

import dev.verge.node.exchange.Body;
import dev.verge.node.kv.KvNamespaces;
import dev.verge.node.kv.KvStore;
import dev.verge.node.kv.KvValue;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function's reading and changing of a namespace of its account. Reads come from this node's copy. Changes are the control plane's: they
 * are done when they stand in its log, and are read here some moments later.
 */
final class KvCalls {
    private final KvStore store;
    private final Loop loop;
    private final Clock clock;

    KvCalls(KvStore store, Loop loop, Clock clock) {
        this.store = store;
        this.loop = loop;
        this.clock = clock;
    }

    Future<SubrequestResponse> handle(String account, String namespace, Subrequest asked) {
        URI url = URI.create(asked.url());
        Map<String, String> query = query(url.getRawQuery());
        if ("/list".equals(url.getPath())) {
            return Future.succeededFuture(list(account, namespace, query));
        }
        String key = query.getOrDefault("key", "");
        String mistake = KvEntry.nameMistake(key);
        if (mistake != null) {
            throw new Fetches.Refused("the key " + mistake);
        }
        return switch (asked.method()) {
            case "GET" -> get(account, namespace, key, asked);
            case "PUT" ->
                done(new KvPut(
                                store,
                                new KvWrite(
                                        account,
                                        namespace,
                                        key,
                                        null,
                                        metadata(query.get("metadata")),
                                        expires(query.get("expires"))),
                                loop)
                        .from(asked.body(), asked.signal()));
            case "DELETE" -> done(loop.bring(store.write(new KvWrite(account, namespace, key, null, null, null))));
            default -> throw new Fetches.Refused("a namespace has no " + asked.method());
        };
    }

    private Future<SubrequestResponse> get(String account, String namespace, String key, Subrequest asked) {
        KvValue value = store.namespaces().get(account, namespace, key, clock.instant());
        if (value == null) {
            return Future.succeededFuture(answer(404, List.of(), null));
        }
        String metadata = value.metadata();
        List<HeaderField> headers =
                metadata == null ? List.of() : List.of(new HeaderField("metadata", encoded(metadata)));
        String sha256 = value.sha256();
        byte[] inline = value.inline();
        if (inline != null || sha256 == null) {
            Buffer bytes = inline == null ? Buffer.buffer() : Buffer.buffer(inline);
            return Future.succeededFuture(answer(200, headers, bytes));
        }
        return loop.bring(store.open(sha256))
                .map(reader -> {
                    Body body = new Body.Pulled(reader, reader.length());
                    ReadStream<Buffer> stream = body.streamed().stream();
                    asked.signal().onAbort(body::discard);
                    return new SubrequestResponse(200, "", false, headers, stream, reader.length());
                })
                .recover(unreadable -> Future.failedFuture(new Fetches.Refused("the value cannot be read now")));
    }

    /** As a script's {@code decodeURIComponent} reads it. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private SubrequestResponse list(String account, String namespace, Map<String, String> query) {
        int limit = Math.clamp(number(query.getOrDefault("limit", "1000")), 1, KvNamespaces.MAX_LISTED);
        KvNamespaces.Listed listed = store.namespaces()
                .list(
                        account,
                        namespace,
                        query.getOrDefault("prefix", ""),
                        query.getOrDefault("cursor", ""),
                        limit,
                        clock.instant());
        JsonArray keys = new JsonArray();
        for (KvNamespaces.Key key : listed.keys()) {
            JsonObject each = new JsonObject().put("name", key.name());
            Instant expires = key.expires();
            if (expires != null) {
                each.put("expiration", expires.getEpochSecond());
            }
            String metadata = key.metadata();
            if (metadata != null) {
                each.put("metadata", io.vertx.core.json.Json.decodeValue(metadata));
            }
            keys.add(each);
        }
        JsonObject answer = new JsonObject().put("keys", keys).put("list_complete", listed.next() == null);
        if (listed.next() != null) {
            answer.put("cursor", listed.next());
        }
        return answer(200, List.of(), answer.toBuffer());
    }

    /** The change with its value in base64. */
    static KvWrite with(KvWrite write, String value) {
        return new KvWrite(write.account(), write.namespace(), write.key(), value, write.metadata(), write.expires());
    }

    private static Future<SubrequestResponse> done(Future<Void> change) {
        return change.transform(done -> done.succeeded()
                ? Future.succeededFuture(answer(204, List.of(), null))
                : Future.failedFuture(
                        new Fetches.Refused(String.valueOf(done.cause().getMessage()))));
    }

    private static @Nullable String metadata(@Nullable String text) {
        if (text != null && KvEntry.tooLong(text)) {
            throw new Fetches.Refused("metadata is longer than " + KvEntry.MAX_METADATA_BYTES + " bytes of JSON text");
        }
        return text;
    }

    private static @Nullable Long expires(@Nullable String text) {
        return text == null ? null : (Long) number(text);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new Fetches.Refused("a number was expected");
        }
    }

    private static Map<String, String> query(@Nullable String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(
                            pair.substring(0, equals),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return query;
    }

    private static SubrequestResponse answer(int status, List<HeaderField> headers, @Nullable Buffer body) {
        return new SubrequestResponse(
                status, "", false, headers, body == null ? null : new Body.Whole(body).streamed().stream());
    }
}
