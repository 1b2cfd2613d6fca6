package dev.verge.cache.decision;

import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asking the origin about a stored response, and what its 304 changes (RFC 9111 §4.3). */
public final class Validation {
    private static final Set<String> CONDITIONS =
            Set.of("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range", "range");

    private Validation() {}

    /** §4.3.1: If-None-Match with the stored tag, If-Modified-Since with the stored date, whichever exist. */
    public static HttpFields conditions(StoredResponse stored) {
        HttpFields.Builder conditions = HttpFields.builder();
        @Nullable EntityTag etag = stored.etag();
        if (etag != null) {
            conditions.add("If-None-Match", etag.toString());
        }
        @Nullable String modified = stored.lastModified();
        if (modified != null) {
            conditions.add("If-Modified-Since", modified);
        }
        return conditions.build();
    }

    /**
     * The request for a fill: without the client's own conditions and range, which are answered from what is stored, and with the
     * given ones.
     */
    public static RequestHead forFill(RequestHead request, HttpFields conditions) {
        HttpFields kept = request.fields().without(name -> CONDITIONS.contains(name.toLowerCase(Locale.ROOT)));
        if (conditions.isEmpty()) {
            return request.withFields(kept);
        }
        HttpFields.Builder all = kept.toBuilder();
        conditions.forEach(all::add);
        return request.withFields(all.build());
    }

    /**
     * The stored responses that a 304 updates, updated (§4.3.4, §3.2). The one that was asked about comes first.
     *
     * @param request the request that the 304 answers
     * @param asked the response whose validators were sent
     * @param variants everything stored under the key
     * @return empty when the 304 is about something else: then it must not be used, and the origin be asked without conditions
     */
    public static List<StoredResponse> freshened(
            RequestHead request,
            StoredResponse asked,
            List<StoredResponse> variants,
            ResponseHead notModified,
            Instant requestedAt,
            Instant receivedAt) {
        @Nullable EntityTag current = EntityTag.of(notModified.fields());
        @Nullable EntityTag known = asked.etag();
        if (current != null && (known == null || !current.weakEquals(known))) {
            return List.of();
        }
        List<StoredResponse> updated = new ArrayList<>();
        updated.add(update(asked, request, notModified, requestedAt, receivedAt));
        if (current != null && !current.weak()) {
            // A strong validator selects every stored response that has it.
            for (StoredResponse other : variants) {
                @Nullable EntityTag tag = other.etag();
                if (other.id() != asked.id() && tag != null && tag.strongEquals(current)) {
                    updated.add(update(other, null, notModified, requestedAt, receivedAt));
                }
            }
        }
        return List.copyOf(updated);
    }

    /**
     * What a 200 answer to HEAD says of the stored responses that a GET could have got (§4.3.5): where validators and length are
     * those of the answer, its fields renew the stored ones; where not, the stored response is stale from now on.
     *
     * @param request the HEAD
     * @param variants everything stored under the key
     * @return those that change, renewed ones first; empty when the answer says nothing
     */
    public static List<StoredResponse> afterHead(
            RequestHead request,
            List<StoredResponse> variants,
            ResponseHead answer,
            Instant requestedAt,
            Instant receivedAt) {
        if (answer.status() != 200) {
            return List.of();
        }
        List<StoredResponse> changed = new ArrayList<>();
        for (StoredResponse stored : variants) {
            if (stored.status() != 200 || !stored.vary().matches(request.fields())) {
                continue;
            }
            if (describes(answer.fields(), stored)) {
                changed.addFirst(update(stored, request, answer, requestedAt, receivedAt));
            } else {
                changed.add(stored.softPurged());
            }
        }
        return List.copyOf(changed);
    }

    /** Every validator and the length that the answer carries are the stored ones. */
    private static boolean describes(HttpFields answer, StoredResponse stored) {
        @Nullable EntityTag tag = EntityTag.of(answer);
        @Nullable String modified = answer.first("Last-Modified");
        @Nullable String length = answer.first("Content-Length");
        return (tag == null || tag.equals(stored.etag()))
                && (modified == null || FieldLists.trim(modified).equals(stored.lastModified()))
                && (length == null || FieldLists.trim(length).equals(Long.toString(stored.bodyBytes())));
    }

    private static StoredResponse update(
            StoredResponse stored,
            @Nullable RequestHead request,
            ResponseHead notModified,
            Instant requestedAt,
            Instant receivedAt) {
        HttpFields fields = StoredFields.updated(stored.head().fields(), notModified.fields());
        HttpFields selecting = stored.selecting();
        if (request != null && notModified.fields().contains("Vary")) {
            HttpFields asked = request.fields();
            selecting = Vary.of(fields, asked).selecting(asked);
        }
        return new StoredResponse(
                stored.id(),
                stored.head().withFields(fields),
                selecting,
                requestedAt,
                receivedAt,
                stored.bodyBytes(),
                false);
    }
}
