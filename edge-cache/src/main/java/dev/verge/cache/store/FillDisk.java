package dev.verge.cache.store;

import dev.verge.cache.store.EntryCodec.Entry;
import dev.verge.cache.store.Fill.Step;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The disk's side of one fill: writes its chunks in order, one task at a time, and at the end makes the entry visible or removes
 * what was written. All state but what tasks hand over belongs to the fill's lock.
 */
final class FillDisk {
    private final Fill fill;
    private final Intake intake;
    private final long id;
    private final @Nullable DiskTier tier;
    /** Still meant to reach the disk. */
    private boolean active;

    private boolean running;
    private boolean ended;
    private boolean toCommit;
    private boolean committed;
    private final CompletableFuture<Void> decided = new CompletableFuture<>();
    private int written;
    private Extents extents = Extents.NONE;
    private @Nullable Slot pinned;

    FillDisk(Fill fill, Intake intake, long id) {
        this.fill = fill;
        this.intake = intake;
        this.id = id;
        this.tier = intake.parts().disk();
        this.active = tier != null;
    }

    boolean active() {
        return active;
    }

    /** Gives up storing. */
    void stop() {
        active = false;
    }

    /** The body has ended; when it is to be kept, the entry is committed after the last chunk. */
    void end(boolean keep) {
        ended = true;
        toCommit = keep && active;
        active = toCommit;
        advance();
    }

    /** Nothing more will happen here. */
    boolean isDone() {
        return !running && ended && (!toCommit || committed || !active);
    }

    /**
     * The disk has nothing more to do: without an entry, that is the decision. Readers may still go on, at any pace; whoever waits
     * to know what is on disk does not wait for them as well. Called without the lock.
     */
    void decideUnlessStored() {
        boolean stored;
        synchronized (fill) {
            stored = pinned != null;
        }
        if (!stored) {
            decided.complete(null);
        }
    }

    /** Completed when an entry stays on disk, is struck again, or never comes. */
    CompletableFuture<Void> decided() {
        return decided;
    }

    /** Index of the first chunk not on disk yet. */
    int firstUnsaved(List<FillChunk> chunks) {
        return Math.min(written, chunks.size());
    }

    /** Starts the next piece of work, with the fill's lock held. */
    void advance() {
        DiskTier disk = tier;
        if (disk == null || !active || running || committed) {
            return;
        }
        List<FillChunk> chunks = fill.chunks();
        boolean single = ended && toCommit && chunks.size() == 1 && written == 0;
        boolean chunkReady = written < chunks.size() && fill.isSealed(written) && !single;
        if (!chunkReady && !(toCommit && (written == chunks.size() || single))) {
            return;
        }
        FillChunk chunk = written < chunks.size() ? chunks.get(written) : null;
        ByteBuf buffer = chunk == null ? null : chunk.buffer();
        if (chunk != null && buffer == null) {
            active = false;
            return;
        }
        if (buffer != null) {
            buffer.retain();
        }
        Runnable task = chunkReady && buffer != null ? () -> writeChunk(disk, buffer) : () -> commit(disk, buffer);
        running = true;
        if (!intake.parts().runOnDisk(task)) {
            running = false;
            active = false;
            if (buffer != null) {
                buffer.release();
            }
        }
    }

    /** Gets a piece that has left memory. Called without the lock. */
    void fetch(FillReader reader, Step.FromDisk place, CompletableFuture<ByteBuf> answer) {
        Extents written;
        synchronized (fill) {
            written = extents;
        }
        boolean asked = intake.parts().runOnDisk(() -> {
            @Nullable
            ByteBuf chunk = tier == null
                    ? null
                    : tier.readBack(
                            written, fill.layout(), id, place.chunk(), place.chunkLength(), () -> !fill.isAborted());
            if (chunk == null) {
                answer.completeExceptionally(new BrokenBodyException("a chunk of the fill cannot be read back"));
                return;
            }
            ByteBuf piece = chunk.retainedSlice(chunk.readerIndex() + place.offset(), place.count());
            chunk.release();
            reader.arrived(answer, piece);
        });
        if (!asked) {
            answer.completeExceptionally(new BrokenBodyException("the disk is overloaded"));
        }
    }

    private void writeChunk(DiskTier disk, ByteBuf buffer) {
        @Nullable Extents grown = null;
        try {
            grown = disk.append(extents, id, written, buffer);
        } finally {
            buffer.release();
            synchronized (fill) {
                running = false;
                if (grown != null) {
                    extents = grown;
                    fill.chunks().get(written).persisted();
                    written++;
                } else {
                    active = false;
                }
            }
            fill.diskMoved();
        }
    }

    private void commit(DiskTier disk, @Nullable ByteBuf onlyChunk) {
        @Nullable Slot slot = null;
        try {
            slot = intake.mayCommit(fill) ? disk.commit(entry(), extents, onlyChunk) : null;
        } finally {
            if (onlyChunk != null) {
                onlyChunk.release();
            }
            synchronized (fill) {
                running = false;
                committed = slot != null;
                active &= committed;
                pinned = slot;
                if (slot != null) {
                    extents = slot.place().extents();
                    fill.chunks().forEach(FillChunk::persisted);
                    written = fill.chunks().size();
                }
            }
            if (slot != null) {
                var _ = intake.persisted(fill, slot).thenRun(() -> decided.complete(null));
            }
            fill.diskMoved();
        }
    }

    private Entry entry() {
        return new Entry(
                fill.key(),
                fill.response(),
                fill.lookup().epoch(),
                fill.layout().first());
    }

    /** The fill is over and nobody reads it: lets the entry live on its own, or frees what was taken. */
    void settle() {
        DiskTier disk = tier;
        Slot slot = pinned;
        intake.ended(fill);
        if (disk == null) {
            return;
        }
        if (slot != null) {
            disk.unpin(slot);
        } else {
            disk.discard(extents);
        }
    }
}
