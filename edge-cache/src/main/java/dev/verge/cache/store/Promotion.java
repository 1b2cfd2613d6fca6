package dev.verge.cache.store;

import dev.verge.cache.store.EntryCodec.Entry;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings what the disk has of a key into memory: heads, and the body of an only variant when it is one chunk. */
final class Promotion {
    /** With more variants than this, a lookup does not read on the thread that asks. */
    private static final int MOST_HEADS_NOW = 4;

    private final StoreParts parts;
    private final DiskTier tier;

    Promotion(StoreParts parts, DiskTier tier) {
        this.parts = parts;
        this.tier = tier;
    }

    /**
     * On the disk executor.
     *
     * @param nothing the lookup so far
     * @return may hold a body until {@link Lookup#letGo}
     */
    Lookup read(Lookup nothing, List<Slot> slots) {
        List<Variant> found = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            @Nullable Entry entry = tier.read(nothing.key(), slot);
            if (entry != null) {
                add(found, slot, entry);
            }
        }
        return promoted(nothing, found, found.size() == 1 ? body(found.getFirst()) : null);
    }

    /**
     * The same on any thread, without waiting for a device.
     *
     * @param bodyIsUsed whether who asks takes the body before {@link Lookup#letGo}: then memory need not have it
     * @return null when that cannot be
     */
    @Nullable
    Lookup readNow(Lookup nothing, List<Slot> slots, boolean bodyIsUsed) {
        if (slots.size() > MOST_HEADS_NOW) {
            return null;
        }
        List<Variant> found = new ArrayList<>(slots.size());
        for (Slot slot : slots) {
            @Nullable Entry entry = tier.readNow(nothing.key(), slot);
            if (entry == null) {
                return null;
            }
            add(found, slot, entry);
        }
        Body body = found.size() == 1 ? bodyNow(found.getFirst()) : null;
        return bodyIsUsed && body != null && !parts.memory().admits(slots.getFirst())
                ? passed(nothing, found, body)
                : promoted(nothing, found, body);
    }

    private void add(List<Variant> found, Slot slot, Entry entry) {
        slot.touch();
        var variant = new Variant(entry.response(), entry.epoch(), new Chunks(entry.firstChunk()), slot, null, null);
        // A crash may have kept a response beside the one that replaced it; the later one counts.
        parts.removeReplaced(found, variant);
        found.add(variant);
        parts.searches().found(entry.key(), variant.response());
    }

    /** The body of a variant that is one chunk, without waiting for a device; null when that cannot be. */
    @Nullable
    Body bodyNow(Variant variant) {
        Slot slot = variant.slot();
        return slot != null && isOneChunk(variant)
                ? only(tier.readChunkNow(slot, variant.chunks(), 0, length(variant)))
                : null;
    }

    private @Nullable Body body(Variant variant) {
        Slot slot = variant.slot();
        if (slot == null || !isOneChunk(variant) || !tier.index().pin(slot)) {
            return null;
        }
        try {
            return only(tier.readChunk(slot, variant.chunks(), 0, length(variant)));
        } finally {
            tier.unpin(slot);
        }
    }

    private boolean isOneChunk(Variant variant) {
        long bytes = variant.response().bodyBytes();
        return bytes > 0
                && bytes <= parts.memoryObjectBytes()
                && variant.chunks().count(bytes) == 1;
    }

    private static int length(Variant variant) {
        return variant.chunks().length(0, variant.response().bodyBytes());
    }

    private static @Nullable Body only(@Nullable ByteBuf chunk) {
        return chunk == null ? null : new Body(List.of(chunk));
    }

    /** Leaves memory as it is. Takes over the body. */
    private Lookup passed(Lookup nothing, List<Variant> found, Body body) {
        List<Variant> alive = parts.alive(nothing.key(), found);
        MemoryEntry entry =
                alive.isEmpty() ? null : MemoryEntry.passing(alive.getFirst().withBody(body), nothing.epoch());
        return nothing.readFromDisk(entry, body);
    }

    /** Takes over a reference to the body. */
    private Lookup promoted(Lookup nothing, List<Variant> found, @Nullable Body body) {
        // What came to memory meanwhile is newer. What was removed meanwhile stays so: that is looked at without the
        // body, as
        // with it an entry outlives its place on disk.
        @Nullable
        MemoryEntry entry = parts.memory().change(nothing.key(), nothing.epoch(), current -> {
            List<Variant> alive = current.isEmpty() ? parts.alive(nothing.key(), found) : current;
            return body == null || !current.isEmpty() || alive.size() != 1
                    ? alive
                    : List.of(alive.getFirst().withBody(body));
        });
        return nothing.readFromDisk(entry, body);
    }
}
