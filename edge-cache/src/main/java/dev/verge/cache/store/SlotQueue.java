package dev.verge.cache.store;

import org.jspecify.annotations.Nullable;

/** A first-in-first-out queue of slots with removal from the middle. Guarded by the index's lock. */
final class SlotQueue {
    private @Nullable Slot head;
    private @Nullable Slot tail;
    private long bytes;

    void add(Slot slot) {
        slot.previous = tail;
        slot.next = null;
        if (tail == null) {
            head = slot;
        } else {
            tail.next = slot;
        }
        tail = slot;
        bytes += slot.bytes();
    }

    /** Adds one that is older than all others. */
    void addOldest(Slot slot) {
        slot.previous = null;
        slot.next = head;
        if (head == null) {
            tail = slot;
        } else {
            head.previous = slot;
        }
        head = slot;
        bytes += slot.bytes();
    }

    void remove(Slot slot) {
        Slot before = slot.previous;
        Slot after = slot.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        slot.previous = null;
        slot.next = null;
        bytes -= slot.bytes();
    }

    /** A slot in here has become so much larger. */
    void grown(long more) {
        bytes += more;
    }

    @Nullable
    Slot oldest() {
        return head;
    }

    long bytes() {
        return bytes;
    }
}
