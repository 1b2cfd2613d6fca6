package dev.verge.cache.store;

import dev.verge.cache.decision.CacheKey;
import dev.verge.cache.decision.StoredResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A response on its way into the cache. One writer appends the body and ends with exactly one of {@link #complete} and {@link
 * #abort}; any number of readers follow, each at its own pace, from the first byte on.
 *
 * <p>Memory stays bounded: chunks leave memory when they are on disk (and readers behind fetch them from there). When the body is
 * not kept (too large, no room, disk failing) it is passed through: chunks go when the slowest reader has them, and the writer
 * waits for that reader. Nothing of an aborted fill is ever found by a lookup.
 */
public final class Fill {
    /** Bytes that may wait for the disk or the slowest reader before the writer is asked to pause. */
    static final int WINDOW_BYTES = 1 << 20;

    private enum Phase {
        RECEIVING,
        COMPLETE,
        ABORTED
    }

    private final Intake intake;
    private final Lookup lookup;
    private final Chunks layout;
    private final long maxBytes;
    private final List<FillChunk> chunks = new ArrayList<>();
    private final List<FillReader> readers = new ArrayList<>();
    private final FillDisk disk;
    private final List<Runnable> endActions = new ArrayList<>(1);
    private StoredResponse response;
    private Phase phase = Phase.RECEIVING;
    private long received;
    private boolean keepInMemory;
    private boolean settled;
    private @Nullable CompletableFuture<Void> pausedWriter;

    Fill(Intake intake, Lookup lookup, StoredResponse response, long maxBytes) {
        this.intake = intake;
        this.lookup = lookup;
        this.response = response;
        this.maxBytes = maxBytes;
        this.layout = Chunks.forLength(response.bodyBytes());
        this.keepInMemory = response.bodyBytes() <= intake.parts().memoryObjectBytes();
        this.disk = new FillDisk(this, intake, response.id());
    }

    public CacheKey key() {
        return lookup.key();
    }

    /** The response being stored; {@code bodyBytes} may be unknown until the end. */
    public synchronized StoredResponse response() {
        return response;
    }

    /** Bytes of the body that have arrived. */
    public synchronized long received() {
        return received;
    }

    /** Runs once the body has ended, well or badly, on the thread that ended it; at once if it has. */
    public void onEnd(Runnable action) {
        synchronized (this) {
            if (phase == Phase.RECEIVING) {
                endActions.add(action);
                return;
            }
        }
        action.run();
    }

    Lookup lookup() {
        return lookup;
    }

    Chunks layout() {
        return layout;
    }

    /**
     * Appends to the body.
     *
     * @param data taken over, whatever happens
     * @return completed when more may be written; it never fails, and ignoring it costs memory, not correctness
     */
    public CompletableFuture<Void> write(ByteBuf data) {
        var wake = new Wake();
        CompletableFuture<Void> ready;
        try {
            synchronized (this) {
                if (phase == Phase.RECEIVING) {
                    append(data);
                    wake.readers();
                }
                ready = pauseIfNeeded();
            }
        } finally {
            data.release();
        }
        wake.run();
        return ready;
    }

    private void append(ByteBuf data) {
        received += data.readableBytes();
        long stated = response.bodyBytes();
        if (received > maxBytes || (stated >= 0 && received > stated)) {
            disk.stop();
            keepInMemory = false;
        } else if (received > intake.parts().memoryObjectBytes()) {
            keepInMemory = false;
        }
        while (data.isReadable()) {
            if (chunks.isEmpty() || chunks.getLast().isFull()) {
                int capacity = layout.capacity(chunks.size());
                long left = stated - layout.start(chunks.size());
                boolean exact = left > 0 && left < capacity;
                chunks.add(new FillChunk(intake.parts().allocator(), exact ? (int) left : capacity));
            }
            chunks.getLast().append(data);
        }
        disk.advance();
        dropPassed();
    }

    private CompletableFuture<Void> pauseIfNeeded() {
        if (phase != Phase.RECEIVING || waitingBytes() <= WINDOW_BYTES) {
            return CompletableFuture.completedFuture(null);
        }
        if (pausedWriter == null) {
            pausedWriter = new CompletableFuture<>();
        }
        return pausedWriter;
    }

    /** Bytes in memory that are neither meant to stay there nor free to go. */
    private long waitingBytes() {
        long sum = 0;
        for (int i = disk.firstUnsaved(chunks); i < chunks.size(); i++) {
            FillChunk chunk = chunks.get(i);
            boolean waits = chunk.buffer() != null && !chunk.isPersisted() && (disk.active() || !keepInMemory);
            sum += waits ? chunk.length() : 0;
        }
        return sum;
    }

    /** The body is complete. If it is not as long as stated it is aborted instead. */
    public void complete() {
        var wake = new Wake();
        @Nullable Body body = null;
        boolean stored = false;
        synchronized (this) {
            if (phase != Phase.RECEIVING) {
                return;
            }
            long stated = response.bodyBytes();
            boolean whole = stated < 0 || stated == received;
            phase = whole ? Phase.COMPLETE : Phase.ABORTED;
            if (whole) {
                response = response.withBodyBytes(received);
                stored = (keepInMemory || disk.active()) && received <= maxBytes;
                body = keepInMemory && stored ? bodyOfChunks() : null;
            }
            wake.readers();
        }
        if (stored) {
            intake.publish(this, body);
        } else {
            intake.dropped();
        }
        synchronized (this) {
            disk.end(stored);
            settle(wake);
            wake.end();
        }
        wake.run();
    }

    /** The body broke off: readers fail, nothing is kept. */
    public void abort() {
        var wake = new Wake();
        synchronized (this) {
            if (phase != Phase.RECEIVING) {
                return;
            }
            phase = Phase.ABORTED;
            wake.readers();
            disk.end(false);
            settle(wake);
            wake.end();
        }
        intake.dropped();
        wake.run();
    }

    private Body bodyOfChunks() {
        List<ByteBuf> pieces = new ArrayList<>(chunks.size());
        for (FillChunk chunk : chunks) {
            ByteBuf piece = chunk.compact(intake.parts().allocator());
            if (piece != null) {
                pieces.add(piece);
            }
        }
        return new Body(pieces);
    }

    /** Follows the body from an offset; empty when its bytes are no longer all to be had: look up again. */
    public Optional<BodyReader> reader(long offset) {
        return reader(offset, Long.MAX_VALUE);
    }

    /** Follows a part of the body. */
    public synchronized Optional<BodyReader> reader(long offset, long length) {
        if (phase == Phase.ABORTED || settled) {
            return Optional.empty();
        }
        for (int i = layout.index(offset); i < chunks.size(); i++) {
            if (!chunks.get(i).isReadable()) {
                return Optional.empty();
            }
        }
        long end = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
        var reader = new FillReader(this, offset, end);
        readers.add(reader);
        return Optional.of(reader);
    }

    /** Readers that are open now: when the last one leaves, the origin may be let go. */
    public synchronized int readers() {
        return readers.size();
    }

    /** The state of things for one reader, to be turned into an answer outside the lock. */
    sealed interface Step {
        record Piece(ByteBuf bytes) implements Step {}

        record FromDisk(int chunk, int chunkLength, int offset, int count) implements Step {}

        record Wait() implements Step {}

        record Broken() implements Step {}
    }

    /** Called with the lock held. */
    Step step(FillReader reader) {
        if (phase == Phase.ABORTED) {
            return new Step.Broken();
        }
        long at = reader.position();
        long end = Math.min(reader.end(), received);
        if (at >= reader.end() || (phase == Phase.COMPLETE && at >= received)) {
            return new Step.Piece(Unpooled.EMPTY_BUFFER);
        }
        if (at >= end) {
            return new Step.Wait();
        }
        int index = layout.index(at);
        FillChunk chunk = chunks.get(index);
        int offset = (int) (at - layout.start(index));
        int count = (int) Math.min(chunk.length() - offset, end - at);
        ByteBuf slice = chunk.slice(offset, count);
        if (slice != null) {
            return new Step.Piece(slice);
        }
        return chunk.isPersisted() ? new Step.FromDisk(index, chunk.length(), offset, count) : new Step.Broken();
    }

    /** A reader moved on or left. */
    void readerMoved(FillReader reader, boolean left) {
        var wake = new Wake();
        synchronized (this) {
            if (left) {
                readers.remove(reader);
            }
            dropPassed();
            wake.writer();
            settle(wake);
        }
        wake.run();
    }

    /** Something happened on disk. Called without the lock. */
    void diskMoved() {
        var wake = new Wake();
        synchronized (this) {
            disk.advance();
            dropPassed();
            wake.writer();
            settle(wake);
        }
        wake.run();
    }

    FillDisk disk() {
        return disk;
    }

    List<FillChunk> chunks() {
        return chunks;
    }

    /** Lets go of what nobody needs in memory any more. */
    private void dropPassed() {
        if (keepInMemory) {
            return;
        }
        long slowest = Long.MAX_VALUE;
        for (FillReader reader : readers) {
            slowest = Math.min(slowest, reader.position());
        }
        for (int i = 0; i < chunks.size(); i++) {
            FillChunk chunk = chunks.get(i);
            boolean passed = !disk.active() && layout.start(i) + chunk.length() <= slowest && isSealed(i);
            if (chunk.isPersisted() || passed) {
                chunk.drop();
            }
        }
    }

    /** No more bytes will come to this chunk. */
    boolean isSealed(int index) {
        return phase != Phase.RECEIVING
                || index < chunks.size() - 1
                || chunks.get(index).isFull();
    }

    /** Completed when it is decided what is on disk of this; at once while more bytes are to come: nothing is yet. */
    synchronized CompletableFuture<Void> decided() {
        return phase == Phase.RECEIVING ? CompletableFuture.completedFuture(null) : disk.decided();
    }

    synchronized boolean isAborted() {
        return phase == Phase.ABORTED;
    }

    boolean isReceiving() {
        return phase == Phase.RECEIVING;
    }

    /** When nothing more can happen, gives everything back. */
    private void settle(Wake wake) {
        if (phase != Phase.RECEIVING && disk.isDone()) {
            wake.after(disk::decideUnlessStored);
        }
        if (settled || phase == Phase.RECEIVING || !disk.isDone() || (!readers.isEmpty() && phase == Phase.COMPLETE)) {
            if (phase != Phase.RECEIVING) {
                wake.writer();
            }
            return;
        }
        settled = true;
        chunks.forEach(FillChunk::drop);
        wake.writer();
        wake.after(disk::settle);
    }

    /** Work that runs user code, collected under the lock and done outside of it. */
    private final class Wake {
        private final List<Runnable> work = new ArrayList<>(2);

        void readers() {
            for (FillReader reader : readers) {
                Runnable answer = reader.wake();
                if (answer != null) {
                    work.add(answer);
                }
            }
        }

        void writer() {
            CompletableFuture<Void> writer = pausedWriter;
            if (writer != null && (phase != Phase.RECEIVING || waitingBytes() <= WINDOW_BYTES / 2)) {
                pausedWriter = null;
                work.add(() -> writer.complete(null));
            }
        }

        void end() {
            work.addAll(endActions);
            endActions.clear();
        }

        void after(Runnable action) {
            work.add(action);
        }

        void run() {
            work.forEach(Runnable::run);
        }
    }
}
