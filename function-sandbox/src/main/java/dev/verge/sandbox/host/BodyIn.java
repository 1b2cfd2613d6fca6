package dev.verge.sandbox.host;

import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import dev.verge.sandbox.wire.WireLimits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A body on its way from the node to a script: what has arrived and was not read. Owner thread only. */
final class BodyIn {
    /** What the script waits for. */
    enum Wanted {
        NOTHING,
        CHUNK,
        ALL
    }

    private final int call;
    private final int channel;
    private final Outbox out;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int heldBytes;
    private boolean opened;
    private boolean ended;
    private boolean unwanted;
    private @Nullable String error;
    private @Nullable ContentDecoder decoder;
    Wanted wanted = Wanted.NOTHING;
    boolean wantsText;
    /** What takes its bytes instead of the script. */
    @Nullable
    Splice splice;

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream(0);

    BodyIn(int call, int channel, Outbox out) {
        this.call = call;
        this.channel = channel;
        this.out = out;
    }

    /** The whole window is wanted. */
    void open() {
        if (!opened && isUnderWay()) {
            opened = true;
            giveCredit(WireLimits.WINDOW_BYTES - WireLimits.FIRST_BYTES);
        }
    }

    private void giveCredit(int bytes) {
        out.send(new FrameWriter()
                .frame(FrameType.CREDIT, call)
                .u16(channel)
                .u32(bytes)
                .take());
    }

    void arrived(byte[] data) {
        heldBytes += data.length;
        if (heldBytes > WireLimits.WINDOW_BYTES) {
            throw new WireException("body without credit");
        }
        if (unwanted) {
            heldBytes = 0;
            return;
        }
        chunks.add(data);
    }

    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** Whether more of it may come. */
    boolean isUnderWay() {
        return !ended && error == null;
    }

    void fail(String reason) {
        error = reason;
    }

    @Nullable
    String error() {
        return error;
    }

    /** From now on the script gets what its bytes, in that coding, stand for. */
    void decode(String coding, ContentDecoder.Room room) {
        if (decoder == null && !unwanted && error == null) {
            decoder = ContentDecoder.of(coding, room);
            if (decoder == null) {
                cancel();
                error = "Too many compressed bodies are read at once";
            }
        }
    }

    /** Whether nobody reads it or has it decoded. */
    boolean isUntouched() {
        return wanted == Wanted.NOTHING && decoder == null && splice == null;
    }

    boolean isDecoded() {
        return decoder != null;
    }

    /** Frees what it holds beside the heap; its call is over. */
    void close() {
        if (decoder != null) {
            decoder.close();
        }
    }

    /** Whether the script's wish can be answered when there is no further chunk now. */
    boolean ready() {
        return wanted != Wanted.NOTHING
                && (error != null || (ended && (decoder == null || unwanted || decoder.isOver())));
    }

    /** Moves what arrived into the collected bytes, making room for more; false when that is more than {@code max}. */
    boolean collect(long max) {
        byte @Nullable [] chunk;
        while ((chunk = next()) != null) {
            if (collected.size() + (long) chunk.length > max) {
                return false;
            }
            collected.writeBytes(chunk);
        }
        return true;
    }

    ByteArrayOutputStream collected() {
        return collected;
    }

    /** The next chunk, decoded if it has to be, or null when there is none (yet). */
    byte @Nullable [] next() {
        ContentDecoder by = decoder;
        if (by == null) {
            return raw();
        }
        if (error != null || unwanted) {
            return null;
        }
        try {
            return by.next(this::raw, () -> ended && chunks.isEmpty());
        } catch (ContentDecoder.Damaged damaged) {
            cancel();
            error = damaged.getMessage();
            return null;
        }
    }

    private byte @Nullable [] raw() {
        byte @Nullable [] chunk = chunks.poll();
        if (chunk != null) {
            heldBytes -= chunk.length;
            if (!ended) {
                giveCredit(chunk.length);
            }
        }
        return chunk;
    }

    /** The script does not want the rest. */
    void cancel() {
        if (!unwanted && !ended && error == null) {
            out.send(new FrameWriter()
                    .frame(FrameType.RESET, call)
                    .u16(channel)
                    .string("not wanted")
                    .take());
        }
        close();
        unwanted = true;
        ended = true;
        chunks.clear();
        heldBytes = 0;
    }
}
