package dev.verge.cache.partial;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RangeSpec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What part of a representation the origin is asked for. */
public sealed interface Portion {
    /** All of it. */
    Portion WHOLE = new Whole();

    /** The fields that ask for it: Range, and If-Range where it helps. */
    HttpFields fields();

    /** All of it: no Range is sent. */
    record Whole() implements Portion {
        @Override
        public HttpFields fields() {
            return HttpFields.EMPTY;
        }
    }

    /** What the client asks for, in its own words; nothing of it is stored. */
    record AsItCame() implements Portion {
        @Override
        public HttpFields fields() {
            return HttpFields.EMPTY;
        }
    }

    /** One slice of an object that nothing is known of: its answer makes the outline. */
    record FirstSlice(long index) implements Portion {
        @Override
        public HttpFields fields() {
            return bytes(Slices.first(index) + "-" + Slices.last(index));
        }
    }

    /** The last bytes of an object of unknown length, which cannot be cut into slices yet. */
    record Tail(RangeSpec.Suffix suffix) implements Portion {
        @Override
        public HttpFields fields() {
            return bytes("-" + suffix.length());
        }
    }

    /**
     * The one gap that a stored part leaves.
     *
     * @param held the stored part: beginning or end of the representation
     * @param gap where the missing bytes are
     */
    record Rest(StoredResponse held, ContentRange gap) implements Portion {
        @Override
        public HttpFields fields() {
            HttpFields range = bytes(gap.first() + "-" + (gap.reachesEnd() ? "" : gap.last()));
            @Nullable StrongValidator validator = StrongValidator.of(held.head().fields(), held.receivedAt());
            // §13.1.5: never with a validator that is not strong.
            return validator == null ? range : range.with("If-Range", validator.text());
        }
    }

    /**
     * Bytes out of one slice of an object whose outline is stored.
     *
     * @param main key of the outline
     * @param outline the object's, which the answer must agree with
     * @param first offset of the first byte wanted, in the object
     * @param length bytes wanted from there, all within the slice
     */
    record Slice(CacheKey main, StoredResponse outline, long index, long first, long length) implements Portion {
        /**
         * The part of a range that lies in the slice of its first byte.
         */
        public static Slice of(CacheKey main, StoredResponse outline, long first, long length) {
            long index = Slices.index(first);
            long left = Slices.first(index) + Slices.BYTES - first;
            return new Slice(main, outline, index, first, Math.min(length, left));
        }

        /** Under which the slice is stored. */
        public CacheKey key() {
            return main.slice(outline.id(), index);
        }

        /** The place of the slice in the object. */
        public ContentRange range() {
            ContentRange object = outline.range();
            return Slices.range(index, object == null ? 0 : object.complete());
        }

        @Override
        public HttpFields fields() {
            return bytes(range().first() + "-" + range().last());
        }

        /** Whether an answer's bytes belong to the object. */
        public boolean agrees(ContentRange range, HttpFields fields, Instant now) {
            @Nullable StrongValidator known = StrongValidator.of(outline.head().fields(), outline.receivedAt());
            return range.equals(range()) && known != null && known.equals(StrongValidator.of(fields, now));
        }
    }

    private static HttpFields bytes(String range) {
        return HttpFields.of("Range", "bytes=" + range);
    }
}
