package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.HttpFields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All variants of a key. Immutable but for a note; holds a reference to each body until {@link #dispose}. */
final class MemoryEntry {
    /**
     * Bytes of heap, fitted to what 100,000 entries took ({@code load-tests/cache-bench overhead}: within 1 % of that): the objects around a
     * key and around one variant.
     */
    private static final int KEY_OVERHEAD = 64;

    private static final int VARIANT_OVERHEAD = 780;
    /** The places of name and value in the lists for clients. */
    private static final int FIELD_OVERHEAD = 16;
    /** A name or a value as an object of its own. */
    private static final int TEXT_OVERHEAD = 44;
    /** A tag, a group or a name in Vary: they are kept apart from the field that lists them. */
    private static final int MEMBER_OVERHEAD = 72;

    private final List<Variant> variants;
    private final List<StoredResponse> responses;
    private final int weight;
    private final int headWeight;
    /** Up to this purge mark, the variants are known to be alive. */
    private volatile long checkedMark;

    private MemoryEntry(List<Variant> variants, long checkedMark, int weight, int headWeight) {
        this.variants = variants;
        this.responses = variants.size() == 1
                ? List.of(variants.getFirst().response())
                : variants.stream().map(Variant::response).toList();
        this.checkedMark = checkedMark;
        this.weight = weight;
        this.headWeight = headWeight;
    }

    private static long heads(CacheKey key, List<Variant> variants) {
        long sum = KEY_OVERHEAD + 2L * key.text().length();
        for (Variant variant : variants) {
            sum += headWeight(variant.response());
        }
        return sum;
    }

    private static long bodies(List<Variant> variants) {
        long sum = 0;
        for (Variant variant : variants) {
            Body body = variant.body();
            sum += body == null ? 0 : body.weight();
        }
        return sum;
    }

    private static long headWeight(StoredResponse response) {
        HttpFields fields = response.head().fields();
        HttpFields selecting = response.selecting();
        long members = (long) response.tags().size()
                + response.groups().size()
                + response.vary().names().size();
        return VARIANT_OVERHEAD
                + (long) FIELD_OVERHEAD * (fields.size() + selecting.size())
                + fields.ownBytes(TEXT_OVERHEAD)
                + selecting.ownBytes(TEXT_OVERHEAD)
                + MEMBER_OVERHEAD * members;
    }

    /**
     * Makes an entry, taking a reference to each body that is still there.
     *
     * @param maxBodyBytes bodies beyond this sum stay out of memory
     */
    static MemoryEntry of(CacheKey key, List<Variant> variants, long checkedMark, long maxBodyBytes) {
        List<Variant> held = new ArrayList<>(variants.size());
        long room = maxBodyBytes;
        for (Variant variant : variants.reversed()) {
            Body body = variant.body();
            boolean keeps = body != null && body.weight() <= room && body.tryRetain();
            held.addFirst(body == null || keeps ? variant : variant.withBody(null));
            room -= keeps && body != null ? body.weight() : 0;
        }
        long heads = heads(key, held);
        return new MemoryEntry(
                List.copyOf(held), checkedMark, (int) Math.min(Integer.MAX_VALUE, heads + bodies(held)), (int)
                        Math.min(Integer.MAX_VALUE, heads));
    }

    /** An entry of one variant that memory does not keep: its body is for whoever read it, and no reference is taken. */
    static MemoryEntry passing(Variant variant, long checkedMark) {
        return new MemoryEntry(List.of(variant), checkedMark, 0, 0);
    }

    void dispose() {
        for (Variant variant : variants) {
            Body body = variant.body();
            if (body != null) {
                body.release();
            }
        }
    }

    List<Variant> variants() {
        return variants;
    }

    List<StoredResponse> responses() {
        return responses;
    }

    @Nullable
    Variant find(long id) {
        for (int i = 0; i < variants.size(); i++) {
            Variant variant = variants.get(i);
            if (variant.response().id() == id) {
                return variant;
            }
        }
        return null;
    }

    int weight() {
        return weight;
    }

    /** What of it is heap: all but the bodies. */
    int headWeight() {
        return headWeight;
    }

    long checkedMark() {
        return checkedMark;
    }

    void checked(long mark) {
        checkedMark = mark;
    }
}
