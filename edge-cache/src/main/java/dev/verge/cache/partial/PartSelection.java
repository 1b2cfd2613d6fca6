package dev.verge.cache.partial;

import dev.verge.cache.decision.CacheControl;
import dev.verge.cache.decision.StoredResponse;
import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.RangeSpec;
import dev.verge.cache.http.RequestHead;
import dev.verge.cache.partial.RangeMemory.Way;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which stored responses may answer a request, parts and outlines considered, and what the origin is asked for when none does.
 *
 * @param candidates what {@code CacheDecision} shall decide about: complete responses, or the one part or outline that can answer
 * @param missing what to ask for
 */
public record PartSelection(List<StoredResponse> candidates, Portion missing) {

    /**
     * Selects. A complete response answers before a part; a part or an outline never answers a request for more than one range or for
     * the whole.
     *
     * @param variants everything stored under the request's key
     * @param way what is known of asking for ranges under this key
     */
    public static PartSelection of(RequestHead request, List<StoredResponse> variants, Way way) {
        @Nullable RangeSpec wanted = request.isGet() ? RangeSpec.of(request.fields()) : null;
        if (wanted == null && allComplete(variants)) {
            return new PartSelection(variants, Portion.WHOLE);
        }
        HttpFields asked = request.fields();
        List<StoredResponse> complete =
                variants.stream().filter(StoredResponse::isComplete).toList();
        if (complete.stream().anyMatch(each -> each.vary().matches(asked))) {
            return new PartSelection(complete, Portion.WHOLE);
        }
        List<StoredResponse> parts = variants.stream()
                .filter(each -> each.range() != null && each.vary().matches(asked))
                .toList();
        if (wanted == null) {
            return new PartSelection(complete, request.isGet() ? completion(parts) : Portion.WHOLE);
        }
        @Nullable StoredResponse usable = usable(parts, wanted);
        Portion missing = missing(request, parts, wanted, way);
        return new PartSelection(usable == null ? complete : List.of(usable), missing);
    }

    private static boolean allComplete(List<StoredResponse> variants) {
        for (int i = 0; i < variants.size(); i++) {
            if (!variants.get(i).isComplete()) {
                return false;
            }
        }
        return true;
    }

    /** A part that holds what is wanted, else an outline; of several the one received last. */
    private static @Nullable StoredResponse usable(List<StoredResponse> parts, RangeSpec wanted) {
        @Nullable StoredResponse best = null;
        for (StoredResponse part : parts) {
            ContentRange range = part.range();
            boolean usable = range != null && (part.isOutline() || holds(range, wanted));
            boolean better = best == null
                    || (best.isOutline() && !part.isOutline())
                    || (best.isOutline() == part.isOutline()
                            && !part.receivedAt().isBefore(best.receivedAt()));
            best = usable && better ? part : best;
        }
        return best;
    }

    /** Whether the range covers what is wanted of a representation of its length, or shows that there is no such thing. */
    static boolean holds(ContentRange held, RangeSpec wanted) {
        long first = wanted.firstIn(held.complete());
        return first >= held.complete() || (first >= held.first() && wanted.lastIn(held.complete()) <= held.last());
    }

    private static Portion missing(RequestHead request, List<StoredResponse> parts, RangeSpec wanted, Way way) {
        if (way == Way.AS_IT_CAME || CacheControl.of(request.fields()).noStore()) {
            return new Portion.AsItCame();
        }
        if (way == Way.WHOLE) {
            return Portion.WHOLE;
        }
        return switch (wanted) {
            case RangeSpec.Interval interval -> new Portion.FirstSlice(Slices.index(interval.first()));
            case RangeSpec.Suffix suffix -> {
                // Where the length is known, the last bytes have a place.
                for (StoredResponse part : parts) {
                    ContentRange range = part.range();
                    if (range != null && suffix.firstIn(range.complete()) < range.complete()) {
                        yield new Portion.FirstSlice(Slices.index(suffix.firstIn(range.complete())));
                    }
                }
                yield new Portion.Tail(suffix);
            }
        };
    }

    /**
     * What completes a stored part. Without a strong validator nothing can be put together (RFC 9111 §3.4), but an origin that is
     * asked for what follows the beginning may still answer with the whole at no more cost.
     */
    private static Portion completion(List<StoredResponse> parts) {
        for (StoredResponse part : parts) {
            ContentRange held = part.range();
            if (held == null || part.isOutline()) {
                continue;
            }
            boolean strong = StrongValidator.of(part.head().fields(), part.receivedAt()) != null;
            if (held.first() == 0) {
                long gap = held.complete() - held.length();
                return new Portion.Rest(part, ContentRange.part(held.length(), gap, held.complete()));
            }
            if (held.reachesEnd() && strong) {
                return new Portion.Rest(part, ContentRange.part(0, held.first(), held.complete()));
            }
        }
        return Portion.WHOLE;
    }
}
