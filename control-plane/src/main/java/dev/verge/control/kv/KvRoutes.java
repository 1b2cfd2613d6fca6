package dev.verge.control.kv;

import dev.verge.control.api.ApiFailure;
import dev.verge.control.api.Call;
import dev.verge.control.api.MediaType;
import dev.verge.control.api.Outcome;
import dev.verge.control.api.Problems;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import dev.verge.control.resource.KvKey;
import dev.verge.control.resource.Names;
import dev.verge.control.resource.Scope;
import dev.verge.sync.log.KvEntry;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Key-value namespaces over the API. A namespace is there as soon as a key of it is. */
final class KvRoutes {
    private static final long SHORTEST_TTL_SECONDS = 60;

    private final KvStore store;

    KvRoutes(KvStore store) {
        this.store = store;
    }

    List<Route> routes() {
        String one = "/kv/{namespace}/{key}";
        return List.of(
                Route.get(
                                "/kv/{namespace}",
                                "listKvKeys",
                                Scope.READ,
                                "The keys of a namespace that begin with prefix, in order.",
                                Route.Answer.page(KvKey.class),
                                this::list)
                        .reading("prefix"),
                Route.get(
                        one,
                        "getKvValue",
                        Scope.READ,
                        "A value, byte for byte; its metadata stands in Verge-Metadata.",
                        Route.Answer.bytes(),
                        this::get),
                Route.put(
                                one,
                                "putKvValue",
                                Scope.KV_WRITE,
                                "Writes a value; functions that have the namespace read it from then on. One write a second to a key."
                                        + " With ttl=SECONDS, 60 at least, it goes away by itself. Verge-Metadata: JSON (1024 bytes at"
                                        + " most, ASCII, the rest as \\uXXXX) is kept beside it.",
                                new Route.Body.Stream(KvEntry.MAX_BYTES),
                                Route.Answer.of(200, KvKey.class),
                                this::put)
                        .reading("ttl")
                        .readingFields(Metadata.FIELD),
                Route.delete(one, "deleteKvValue", Scope.KV_WRITE, "Removes a key.", this::delete));
    }

    private Reply list(Call call) {
        String namespace = namespace(call);
        String prefix = call.query("prefix").orElse("");
        return call.page(
                KvKey::key,
                (session, paging) -> KvTable.list(
                        session, call.account(), namespace, prefix, paging.after(), call.now(), paging.rows()));
    }

    private Reply get(Call call) {
        KvTable.Place place = place(call);
        KvEntry entry =
                call.read(session -> KvStore.find(session, place, call.now())).orElseThrow(KvRoutes::noKey);
        String inline = entry.value();
        Reply reply = inline == null
                ? Reply.stored(MediaType.BYTES, store.file(String.valueOf(entry.sha256())))
                : Reply.bytes(MediaType.BYTES, Base64.getDecoder().decode(inline));
        String metadata = entry.metadata();
        return metadata == null ? reply : reply.with(Metadata.FIELD, Metadata.field(metadata));
    }

    private Reply put(Call call) {
        KvTable.Place place = place(call);
        @Nullable Instant expiresAt = expiresAt(call);
        @Nullable String metadata = Metadata.ofField(call.header(Metadata.FIELD).orElse(null));
        store.admit(place);
        try (Arrivals.Arrival value = store.arrival(place)) {
            call.pour(value::add);
            KvEntry entry = store.entry(place, value, metadata, expiresAt);
            return call.commit(session -> {
                KvStore.Written written = store.put(session, entry, call.now());
                // Nodes hear of it; the audit does not, or data that changes by the second would bury what people
                // changed.
                return new Outcome(Reply.json(written.made() ? 201 : 200, written.key()), written.revision(), null);
            });
        }
    }

    private Reply delete(Call call) {
        KvTable.Place place = place(call);
        store.admit(place);
        return call.commit(session -> {
            long revision = KvStore.delete(session, place).orElseThrow(KvRoutes::noKey);
            return new Outcome(Reply.empty(204).with("Verge-Revision", Long.toString(revision)), revision, null);
        });
    }

    private static @Nullable Instant expiresAt(Call call) {
        return call.query("ttl")
                .map(text -> {
                    if (!text.matches("[0-9]{1,10}") || Long.parseLong(text) < SHORTEST_TTL_SECONDS) {
                        throw Problems.malformed(
                                "ttl is \"" + text + "\"; write seconds, " + SHORTEST_TTL_SECONDS + " at least.");
                    }
                    return call.now().plusSeconds(Long.parseLong(text));
                })
                .orElse(null);
    }

    private static String namespace(Call call) {
        String namespace = call.parameter("namespace");
        if (!namespace.matches(Names.NAME)) {
            throw Problems.malformed("A namespace's name has lower-case letters, digits and hyphens, at most 63.");
        }
        return namespace;
    }

    private static KvTable.Place place(Call call) {
        String key = call.parameter("key");
        String mistake = KvEntry.nameMistake(key);
        if (mistake != null) {
            throw Problems.malformed(
                    "The key " + mistake + "; name it with 1 to " + KvEntry.MAX_KEY_BYTES + " bytes of UTF-8 text.");
        }
        return new KvTable.Place(call.account(), namespace(call), key);
    }

    private static ApiFailure noKey() {
        return Problems.notFound("such key");
    }
}
