package dev.verge.cache.serve;

import dev.verge.cache.decision.EntityTag;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a stored response answers a request: RFC 9110 §13 (conditions) and §14 (ranges). Heads carry the stored fields for clients,
 * without Age, Via and Cache-Status.
 */
public sealed interface Delivery {
    ResponseHead head();

    /** The stored response with its whole body (no body for HEAD). */
    record Whole(ResponseHead head) implements Delivery {}

    /**
     * 206 with a part of the body.
     *
     * @param first offset of its first byte
     * @param length bytes, at least 1
     */
    record Part(ResponseHead head, long first, long length) implements Delivery {}

    /** 304. */
    record NotModified(ResponseHead head) implements Delivery {}

    /** 416. */
    record Unsatisfiable(ResponseHead head) implements Delivery {}

    /** RFC 9110 §15.4.5: what a 304 must carry if the 200 would have; and what only describes the body is left out. */
    Set<String> DESCRIBES_BODY = Set.of("content-length", "content-encoding", "content-type", "content-range");

    /**
     * Chooses. Conditions and ranges count for a stored 200 only.
     *
     * @param now for dates with two-digit years
     */
    static Delivery choose(RequestHead request, StoredResponse stored, Instant now) {
        ResponseHead whole = new ResponseHead(stored.status(), stored.clientFields());
        if (stored.status() != 200) {
            return new Whole(whole);
        }
        HttpFields asked = request.fields();
        if (notModified(asked, stored, now)) {
            HttpFields fields =
                    stored.clientFields().without(name -> DESCRIBES_BODY.contains(name.toLowerCase(Locale.ROOT)));
            return new NotModified(new ResponseHead(304, fields));
        }
        @Nullable String range = asked.first("Range");
        boolean mayBePart = request.isGet() && range != null && stored.bodyBytes() >= 0 && ifRange(asked, stored, now);
        if (range == null || !mayBePart) {
            return new Whole(whole);
        }
        @Nullable ByteRange part = ByteRange.single(range, stored.bodyBytes());
        if (part == null) {
            return new Whole(whole);
        }
        return part.length() > 0 ? part(stored, part) : unsatisfiable(stored);
    }

    private static Delivery part(StoredResponse stored, ByteRange part) {
        HttpFields fields = stored.clientFields().toBuilder()
                .set("Content-Length", Long.toString(part.length()))
                .set("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + stored.bodyBytes())
                .build();
        return new Part(new ResponseHead(206, fields), part.first(), part.length());
    }

    private static Delivery unsatisfiable(StoredResponse stored) {
        HttpFields fields = HttpFields.of("Content-Range", "bytes */" + stored.bodyBytes(), "Content-Length", "0");
        return new Unsatisfiable(new ResponseHead(416, fields));
    }

    /** RFC 9110 §13.2.2: If-None-Match is decisive; If-Modified-Since counts only without it. RFC 9111 §4.3.2. */
    private static boolean notModified(HttpFields asked, StoredResponse stored, Instant now) {
        if (asked.contains("If-None-Match")) {
            @Nullable EntityTag etag = stored.etag();
            for (String member : FieldLists.members(asked, "If-None-Match")) {
                if (member.equals("*") || (etag != null && etag.weakEquals(EntityTag.parse(member)))) {
                    return true;
                }
            }
            return false;
        }
        @Nullable String since = asked.first("If-Modified-Since");
        @Nullable Instant threshold = since == null ? null : HttpDate.parse(FieldLists.trim(since), now);
        if (threshold == null) {
            return false;
        }
        // RFC 9111 §4.3.2: without Last-Modified, Date takes its place, and without that the time of reception.
        @Nullable Instant modified = date(stored.lastModified(), now);
        if (modified == null) {
            modified = date(stored.head().fields().first("Date"), now);
        }
        return !(modified == null ? stored.receivedAt() : modified).isAfter(threshold);
    }

    /** RFC 9110 §13.1.5: a strong tag, or exactly the stored Last-Modified; otherwise the whole is sent. */
    private static boolean ifRange(HttpFields asked, StoredResponse stored, Instant now) {
        @Nullable String condition = asked.first("If-Range");
        if (condition == null) {
            return true;
        }
        String value = FieldLists.trim(condition);
        if (value.startsWith("\"") || value.startsWith("W/")) {
            @Nullable EntityTag etag = stored.etag();
            return etag != null && etag.strongEquals(EntityTag.parse(value));
        }
        @Nullable Instant wanted = HttpDate.parse(value, now);
        @Nullable Instant modified = date(stored.lastModified(), now);
        return wanted != null && modified != null && wanted.equals(modified) && isStrong(modified, stored, now);
    }

    /** RFC 9110 §8.8.2.2: Last-Modified is strong when it is at least a second older than the response's Date. */
    private static boolean isStrong(Instant modified, StoredResponse stored, Instant now) {
        @Nullable Instant date = date(stored.head().fields().first("Date"), now);
        return date != null && modified.isBefore(date);
    }

    private static @Nullable Instant date(@Nullable String text, Instant now) {
        return text == null ? null : HttpDate.parse(FieldLists.trim(text), now);
    }
}
