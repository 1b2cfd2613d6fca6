package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the body of a variant: in memory, in the fill that still writes it, or on disk. */
final class Bodies {
    private final StoreParts parts;
    private final @Nullable Promotion promotion;

    Bodies(StoreParts parts, @Nullable Promotion promotion) {
        this.parts = parts;
        this.promotion = promotion;
    }

    /** The whole body as one direct buffer that the caller releases; null when it is not one piece in memory. */
    @Nullable
    ByteBuf whole(Lookup lookup, StoredResponse response) {
        Variant variant = lookup.find(response);
        Body body = variant == null ? null : variant.body();
        if (variant == null || body == null || body.pieces() != 1 || !body.tryRetain()) {
            return null;
        }
        try {
            touch(variant);
            return body.wholeSlice();
        } finally {
            body.release();
        }
    }

    /** The whole body, if it is in memory; empty otherwise. The caller releases each piece. */
    List<ByteBuf> pieces(Lookup lookup, StoredResponse response) {
        Variant variant = lookup.find(response);
        Body body = variant == null ? null : variant.body();
        if (body == null || !body.tryRetain()) {
            return List.of();
        }
        try {
            return body.slices();
        } finally {
            body.release();
        }
    }

    void used(Lookup lookup, StoredResponse response) {
        Variant variant = lookup.find(response);
        if (variant != null) {
            touch(variant);
        }
    }

    /**
     * A part of a body; empty when it has vanished: then treat the request as a miss.
     *
     * @param offset 0 to the length of the body
     * @param length so many bytes from there, all within the body
     */
    CompletableFuture<Optional<BodyReader>> open(Lookup lookup, StoredResponse response, long offset, long length) {
        if (offset < 0 || length < 0 || offset + length > response.bodyBytes()) {
            throw new IllegalArgumentException("offset, length: " + offset + " + " + length + " is outside a body of "
                    + response.bodyBytes() + " bytes");
        }
        Variant asked = lookup.find(response);
        MemoryEntry current = parts.memory().get(lookup.key());
        Variant latest = current == null ? null : current.find(response.id());
        for (Variant variant : new @Nullable Variant[] {asked, latest}) {
            BodyReader reader = variant == null ? null : inMemory(variant, offset, length);
            if (reader != null) {
                return CompletableFuture.completedFuture(Optional.of(reader));
            }
        }
        DiskTier tier = parts.disk();
        Variant variant = latest != null ? latest : asked;
        Slot slot = variant == null ? null : variant.slot();
        if (variant == null || tier == null || slot == null || !tier.index().pin(slot)) {
            forget(lookup.key(), response.id());
            return CompletableFuture.completedFuture(Optional.empty());
        }
        Promotion reading = promotion;
        Body now = reading == null ? null : reading.bodyNow(variant);
        if (now != null) {
            tier.unpin(slot);
            slot.touch();
            return CompletableFuture.completedFuture(Optional.of(promoted(now, lookup.key(), variant, offset, length)));
        }
        CompletableFuture<Optional<BodyReader>> answer = new CompletableFuture<>();
        boolean running = parts.runOnDisk(() -> {
            Optional<BodyReader> found = Optional.empty();
            try {
                found = fromDisk(tier, lookup.key(), variant, slot, offset, length);
            } finally {
                answer.complete(found);
            }
        });
        if (!running) {
            tier.unpin(slot);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return answer;
    }

    private @Nullable BodyReader inMemory(Variant variant, long offset, long length) {
        Body body = variant.body();
        if (body != null && body.tryRetain()) {
            touch(variant);
            return new MemoryReader(body, offset, length);
        }
        Fill fill = variant.fill();
        return fill == null ? null : fill.reader(offset, length).orElse(null);
    }

    /** The disk's policy must see what memory answers, or what is hottest would look cold to it. */
    private static void touch(Variant variant) {
        Slot slot = variant.slot();
        if (slot != null) {
            slot.touch();
        }
    }

    /** On the disk executor, with the slot pinned. */
    private Optional<BodyReader> fromDisk(
            DiskTier tier, CacheKey key, Variant variant, Slot slot, long offset, long length) {
        slot.touch();
        if (variant.response().bodyBytes() <= parts.memoryObjectBytes()) {
            Body body = wholeBody(tier, variant, slot);
            tier.unpin(slot);
            if (body == null) {
                forget(key, variant.response().id());
                return Optional.empty();
            }
            return Optional.of(promoted(body, key, variant, offset, length));
        }
        var reader = new DiskReader(parts, tier, slot, variant, offset, length);
        if (length > 0 && !reader.prefetch()) {
            reader.close();
            forget(key, variant.response().id());
            return Optional.empty();
        }
        return Optional.of(reader);
    }

    /** Takes over a reference to the body, which memory gets another one of. */
    private BodyReader promoted(Body body, CacheKey key, Variant variant, long offset, long length) {
        parts.memory()
                .update(
                        key,
                        parts.marks().latest(),
                        current -> withBody(current, variant.response().id(), body));
        return new MemoryReader(body, offset, length);
    }

    private static @Nullable Body wholeBody(DiskTier tier, Variant variant, Slot slot) {
        long bytes = variant.response().bodyBytes();
        int count = variant.chunks().count(bytes);
        List<ByteBuf> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuf piece =
                    tier.readChunk(slot, variant.chunks(), i, variant.chunks().length(i, bytes));
            if (piece == null) {
                pieces.forEach(ByteBuf::release);
                return null;
            }
            pieces.add(piece);
        }
        return new Body(pieces);
    }

    private static List<Variant> withBody(List<Variant> current, long id, Body body) {
        return current.stream()
                .map(variant -> variant.response().id() == id ? variant.withBody(body) : variant)
                .toList();
    }

    void touch(Lookup lookup, StoredResponse response) {
        MemoryEntry current = parts.memory().get(lookup.key());
        Variant latest = current == null ? null : current.find(response.id());
        Variant variant = latest != null ? latest : lookup.find(response);
        if (variant != null) {
            touch(variant);
        }
    }

    void drop(CacheKey key, StoredResponse response) {
        forget(key, response.id());
        DiskTier tier = parts.disk();
        if (tier != null) {
            tier.find(key).stream().filter(slot -> slot.id == response.id()).forEach(parts::removeFromDisk);
        }
    }

    /** A variant whose body is gone is gone. */
    private void forget(CacheKey key, long id) {
        parts.memory().update(key, parts.marks().latest(), current -> {
            List<Variant> rest = new ArrayList<>(current);
            boolean found = rest.removeIf(variant -> variant.response().id() == id);
            return found ? rest : current;
        });
    }
}
