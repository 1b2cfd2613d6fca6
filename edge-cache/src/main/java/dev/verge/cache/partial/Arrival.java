package dev.verge.cache.partial;

import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an origin's answer to a request for a part is. Each head with bytes is that of the complete response: 200, whole length. */
public sealed interface Arrival {

    /** No 206: the answer stands for itself. */
    record Other() implements Arrival {}

    /** 416: it says something of the range, and nothing of the representation. */
    record Unsatisfiable() implements Arrival {}

    /** The 206 carries all bytes, so it is as good as a 200 (RFC 9110 §15.3.7.3). */
    record Everything(ResponseHead whole) implements Arrival {}

    /** A part whose place is clear. */
    record Part(ContentRange range, ResponseHead whole) implements Arrival {}

    /**
     * A part that claims to reach the end, but its message is complete with fewer bytes. The bytes that came are counted: the
     * representation is taken to end with them. Nothing else may be put together with it.
     */
    record Curtailed(ContentRange range, ResponseHead whole) implements Arrival {}

    /** A part of a representation whose length the origin does not know. */
    record Unmeasured() implements Arrival {}

    /** A 206 that contradicts itself, or several ranges in one message, which were not asked for. */
    record Nonsense() implements Arrival {}

    /**
     * Judges.
     *
     * @param bodyBytes length of the message's content; negative when only its end tells
     * @param receivedAt when it arrived
     */
    static Arrival of(ResponseHead head, long bodyBytes, Instant receivedAt) {
        if (head.status() != 206) {
            return head.status() == 416 ? new Unsatisfiable() : new Other();
        }
        @Nullable ContentRange range = ContentRange.of(head.fields());
        if (range == null || !range.hasBytes()) {
            return new Nonsense();
        }
        if (bodyBytes >= 0 && bodyBytes != range.length()) {
            boolean endsEarly = range.reachesEnd() && range.first() > 0 && bodyBytes > 0 && bodyBytes < range.length();
            return endsEarly && StrongValidator.of(head.fields(), receivedAt) == null
                    ? shortened(head, ContentRange.part(range.first(), bodyBytes, range.first() + bodyBytes))
                    : new Nonsense();
        }
        if (range.complete() < 0) {
            return new Unmeasured();
        }
        ResponseHead whole = whole(head, range.complete());
        return range.isWhole() ? new Everything(whole) : new Part(range, whole);
    }

    private static Arrival shortened(ResponseHead head, ContentRange counted) {
        return new Curtailed(counted, whole(head, counted.complete()));
    }

    private static ResponseHead whole(ResponseHead head, long complete) {
        HttpFields fields = head.fields().toBuilder()
                .remove("Content-Range")
                .set("Content-Length", Long.toString(complete))
                .build();
        return new ResponseHead(200, fields);
    }
}
