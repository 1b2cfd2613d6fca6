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
    private boolean ended;
    private boolean unwanted;
    private @Nullable String error;
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

    void fail(String reason) {
        error = reason;
    }

    @Nullable
    String error() {
        return error;
    }

    /** Whether the script's wish can be answered. */
    boolean ready() {
        return switch (wanted) {
            case NOTHING -> false;
            case CHUNK -> !chunks.isEmpty() || ended || error != null;
            case ALL -> ended || error != null;
        };
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

    /** The next chunk, or null when there is none (yet). */
    byte @Nullable [] next() {
        byte @Nullable [] chunk = chunks.poll();
        if (chunk != null) {
            heldBytes -= chunk.length;
            if (!ended) {
                out.send(new FrameWriter()
                        .frame(FrameType.CREDIT, call)
                        .u16(channel)
                        .u32(chunk.length)
                        .take());
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
        unwanted = true;
        ended = true;
        chunks.clear();
        heldBytes = 0;
    }
}
