package dev.verge.cache.serve;

import dev.verge.cache.decision.EntityTag;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpDate;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's conditions held against a stored response, in the order of RFC 9110 §13.2.2. */
enum Preconditions {
    /** None fails, or there is none. */
    MET,
    /** The client has it already: 304. */
    NOT_MODIFIED,
    /** The client wants another state of the resource than this one: 412. */
    FAILED;

    static Preconditions of(RequestHead request, StoredResponse stored, Instant now) {
        HttpFields asked = request.fields();
        if (asked.contains("If-Match")) {
            if (!ifMatch(asked, stored)) {
                return FAILED;
            }
        } else if (changedSince(asked, stored, now)) {
            return FAILED;
        }
        boolean read = request.isGet() || request.isHead();
        if (asked.contains("If-None-Match")) {
            // §13.1.2: decisive also where it is false; If-Modified-Since then does not count.
            return !ifNoneMatchFails(asked, stored) ? MET : read ? NOT_MODIFIED : FAILED;
        }
        return read && unchangedSince(asked, stored, now) ? NOT_MODIFIED : MET;
    }

    /** §13.1.1: strong comparison. */
    private static boolean ifMatch(HttpFields asked, StoredResponse stored) {
        @Nullable EntityTag etag = stored.etag();
        for (String member : FieldLists.members(asked, "If-Match")) {
            if (member.equals("*") || (etag != null && etag.strongEquals(EntityTag.parse(member)))) {
                return true;
            }
        }
        return false;
    }

    /** §13.1.2: weak comparison. */
    private static boolean ifNoneMatchFails(HttpFields asked, StoredResponse stored) {
        @Nullable EntityTag etag = stored.etag();
        for (String member : FieldLists.members(asked, "If-None-Match")) {
            if (member.equals("*") || (etag != null && etag.weakEquals(EntityTag.parse(member)))) {
                return true;
            }
        }
        return false;
    }

    /** §13.1.4: ignored without a date on either side. */
    private static boolean changedSince(HttpFields asked, StoredResponse stored, Instant now) {
        @Nullable Instant threshold = date(asked, "If-Unmodified-Since", now);
        @Nullable Instant modified = threshold == null ? null : lastModified(stored, now);
        return modified != null && modified.isAfter(threshold);
    }

    /** §13.1.3; RFC 9111 §4.3.2: without Last-Modified, Date takes its place, and without that the time of reception. */
    private static boolean unchangedSince(HttpFields asked, StoredResponse stored, Instant now) {
        @Nullable Instant threshold = date(asked, "If-Modified-Since", now);
        if (threshold == null) {
            return false;
        }
        @Nullable Instant modified = lastModified(stored, now);
        if (modified == null) {
            modified = storedDate(stored, now);
        }
        return !(modified == null ? stored.receivedAt() : modified).isAfter(threshold);
    }

    /**
     * Whether a Range counts: without If-Range, or with one that holds (§13.1.5): a strong tag, or exactly the stored
     * Last-Modified; otherwise the whole is sent.
     */
    static boolean rangeCounts(HttpFields asked, StoredResponse stored, Instant now) {
        @Nullable String condition = asked.first("If-Range");
        if (condition == null) {
            return true;
        }
        String value = FieldLists.trim(condition);
        if (value.startsWith("\"") || value.startsWith("W/")) {
            @Nullable EntityTag etag = stored.etag();
            return etag != null && etag.strongEquals(EntityTag.parse(value));
        }
        @Nullable Instant wanted = date(asked, "If-Range", now);
        @Nullable Instant modified = lastModified(stored, now);
        return wanted != null && modified != null && wanted.equals(modified) && isStrong(modified, stored, now);
    }

    /** §8.8.2.2: Last-Modified is strong when it is at least a second older than the response's Date. */
    private static boolean isStrong(Instant modified, StoredResponse stored, Instant now) {
        @Nullable Instant date = storedDate(stored, now);
        return date != null && modified.isBefore(date);
    }

    private static @Nullable Instant lastModified(StoredResponse stored, Instant now) {
        @Nullable String text = stored.lastModified();
        return text == null ? null : HttpDate.parse(text, now);
    }

    private static @Nullable Instant storedDate(StoredResponse stored, Instant now) {
        @Nullable String text = stored.head().fields().first("Date");
        return text == null ? null : HttpDate.parse(FieldLists.trim(text), now);
    }

    /** The date in a request field; null when there is none, or more than one value (§13.1.3, §13.1.4). */
    private static @Nullable Instant date(HttpFields asked, String name, Instant now) {
        List<String> lines = asked.all(name);
        return lines.size() == 1 ? HttpDate.parse(FieldLists.trim(lines.getFirst()), now) : null;
    }
}
