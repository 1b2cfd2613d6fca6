package dev.verge.cache.partial;

import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import java.util.Locale;

/** What is stored of a part, made from the draft of the complete response that {@code StoreDecision} allowed. */
public final class PartDraft {
    private static final int PARTIAL = 206;

    private PartDraft() {}

    /** Head and length of an object whose bytes are stored in slices. */
    public static StoredResponse outline(StoredResponse whole) {
        HttpFields fields = whole.head().fields().toBuilder()
                .remove("Content-Length")
                .set("Content-Range", ContentRange.nothingOf(whole.bodyBytes()).toString())
                .build();
        return draft(whole, fields, 0);
    }

    /** A part with its bytes: a slice, or one that stands alone. */
    public static StoredResponse part(StoredResponse whole, ContentRange range) {
        HttpFields fields = whole.head().fields().toBuilder()
                .set("Content-Length", Long.toString(range.length()))
                .set("Content-Range", range.toString())
                .build();
        return draft(whole, fields, range.length());
    }

    /**
     * The head of a stored part and of the answer that completes it, as one (RFC 9111 §3.4): the new fields replace the stored ones of
     * their names.
     */
    public static ResponseHead combined(StoredResponse held, ResponseHead arrived) {
        HttpFields fields = arrived.fields();
        HttpFields.Builder all = held
                .head()
                .fields()
                .without(name -> fields.contains(name)
                        || name.toLowerCase(Locale.ROOT).equals("age")
                        || name.toLowerCase(Locale.ROOT).equals("content-range"))
                .toBuilder();
        fields.forEach(all::add);
        return new ResponseHead(arrived.status(), all.build());
    }

    private static StoredResponse draft(StoredResponse whole, HttpFields fields, long bodyBytes) {
        return new StoredResponse(
                0,
                new ResponseHead(PARTIAL, fields),
                whole.selecting(),
                whole.requestedAt(),
                whole.receivedAt(),
                bodyBytes,
                false);
    }
}
