package dev.verge.cache.serve;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.http.ResponseHead;
import java.time.Instant;
import java.util.List;
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

    /**
     * 206 with several parts of the body (RFC 9110 §15.3.7.2).
     *
     * @param head without Content-Type and Content-Length, which {@link #head(Multipart)} adds
     * @param ranges at least two that do not touch, in the order to send
     * @param contentType of the stored response
     * @param total length of the whole body
     */
    record Parts(
            ResponseHead head,
            List<ByteRange> ranges,
            @Nullable String contentType,
            long total) implements Delivery {

        public Multipart multipart(String boundary) {
            return new Multipart(boundary, ranges, contentType, total);
        }

        public ResponseHead head(Multipart multipart) {
            return head.withFields(head.fields().toBuilder()
                    .add("Content-Type", multipart.type())
                    .add("Content-Length", Long.toString(multipart.length()))
                    .build());
        }

        /** Whether every part lies behind the one before: then one pass over the body is enough. */
        public boolean ascending() {
            for (int i = 1; i < ranges.size(); i++) {
                if (ranges.get(i).first() < ranges.get(i - 1).first()) {
                    return false;
                }
            }
            return true;
        }
    }

    /** 304. */
    record NotModified(ResponseHead head) implements Delivery {}

    /** 412: If-Match or If-Unmodified-Since does not hold for this response. */
    record PreconditionFailed(ResponseHead head) implements Delivery {}

    /** 416. */
    record Unsatisfiable(ResponseHead head) implements Delivery {}

    /**
     * RFC 9110 §15.4.5: a 304 leaves out what only describes the body; what guides the update of other caches stays, and so does
     * what is not about the representation at all (CORS needs its fields here too).
     */
    Set<String> DESCRIBES_BODY = Set.of(
            "content-length",
            "content-encoding",
            "content-language",
            "content-type",
            "content-range",
            "content-digest",
            "content-md5",
            "repr-digest");

    /** Parts up to this many are sent also where the whole would be shorter than all of them with their heads. */
    int MAX_COSTLY_PARTS = 8;

    /** Stands for a boundary where only its length counts. */
    String ANY_BOUNDARY = "0".repeat(32);

    /**
     * Chooses. Conditions and ranges count for a stored 200 only (RFC 9111 §4.3.2, RFC 9110 §14.2).
     *
     * @param now for dates with two-digit years
     */
    static Delivery choose(RequestHead request, StoredResponse stored, Instant now) {
        if (stored.status() != 200) {
            return whole(stored);
        }
        return switch (Preconditions.of(request, stored, now)) {
            case FAILED -> new PreconditionFailed(refusal(stored, 412));
            case NOT_MODIFIED -> {
                HttpFields fields =
                        stored.clientFields().without(name -> DESCRIBES_BODY.contains(name.toLowerCase(Locale.ROOT)));
                yield new NotModified(new ResponseHead(304, fields));
            }
            case MET -> {
                // §14.2: Range is defined for GET alone.
                boolean mayBePart = request.isGet()
                        && stored.bodyBytes() >= 0
                        && request.fields().contains("Range")
                        && Preconditions.rangeCounts(request.fields(), stored, now);
                yield mayBePart ? ranges(request.fields(), stored) : whole(stored);
            }
        };
    }

    private static Delivery whole(StoredResponse stored) {
        return new Whole(new ResponseHead(stored.status(), stored.clientFields()));
    }

    private static Delivery ranges(HttpFields asked, StoredResponse stored) {
        return switch (RangeSet.of(asked, stored.bodyBytes())) {
            case RangeSet.Ignored ignored -> whole(stored);
            case RangeSet.Unsatisfiable none -> new Unsatisfiable(refusal(stored, 416));
            case RangeSet.Ranges some
            when some.ranges().size() == 1 -> part(stored, some.ranges().getFirst());
            case RangeSet.Ranges some -> parts(stored, some.ranges());
        };
    }

    private static Delivery part(StoredResponse stored, ByteRange part) {
        HttpFields fields = stored.clientFields().toBuilder()
                .set("Content-Length", Long.toString(part.length()))
                .set("Content-Range", part.contentRange(stored.bodyBytes()))
                .build();
        return new Part(new ResponseHead(206, fields), part.first(), part.length());
    }

    /** §15.3.7.2: Content-Range stands in the parts alone. */
    private static Delivery parts(StoredResponse stored, List<ByteRange> ranges) {
        HttpFields fields = stored.clientFields();
        HttpFields kept = fields.without(name -> name.equalsIgnoreCase("Content-Type")
                || name.equalsIgnoreCase("Content-Length")
                || name.equalsIgnoreCase("Content-Range"));
        var parts = new Parts(new ResponseHead(206, kept), ranges, fields.first("Content-Type"), stored.bodyBytes());
        // §14.2, §17.15: many small ranges cost everybody more than the whole would.
        boolean flood = ranges.size() > MAX_COSTLY_PARTS
                && parts.multipart(ANY_BOUNDARY).length() >= stored.bodyBytes();
        return flood ? whole(stored) : parts;
    }

    /**
     * 412 and 416 say nothing of the stored response but its length (§14.4): its lifetime must not become theirs. What lets a page
     * of another origin see the answer stays.
     */
    private static ResponseHead refusal(StoredResponse stored, int status) {
        HttpFields.Builder fields = stored
                .clientFields()
                .without(name -> !name.equalsIgnoreCase("Vary")
                        && !name.toLowerCase(Locale.ROOT).startsWith("access-control-"))
                .toBuilder();
        if (status == 416) {
            fields.add("Content-Range", "bytes */" + stored.bodyBytes());
        }
        return new ResponseHead(status, fields.add("Content-Length", "0").build());
    }
}
