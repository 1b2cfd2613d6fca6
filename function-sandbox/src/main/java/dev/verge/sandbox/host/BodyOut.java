package dev.verge.sandbox.host;

import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireLimits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A body on its way from a script to the node: sent as far as there is credit. Owner thread only. */
final class BodyOut {
    private final int call;
    private final int channel;
    private final Outbox out;
    private final Deque<ByteBuffer> held = new ArrayDeque<>();
    private long credit = WireLimits.WINDOW_BYTES;
    private boolean ending;
    private boolean endSent;
    private boolean discarding;
    boolean draining;
    /** What gives its bytes instead of the script. */
    @Nullable
    Splice splice;

    BodyOut(int call, int channel, Outbox out) {
        this.call = call;
        this.channel = channel;
        this.out = out;
    }

    /** Sends, or keeps what there is no credit for; true when nothing is kept. */
    boolean write(byte[] bytes) {
        if (bytes.length > 0 && !discarding) {
            held.add(ByteBuffer.wrap(bytes));
        }
        return flush();
    }

    /** The node takes more; true when nothing is kept. */
    boolean credit(long bytes) {
        credit += bytes;
        return flush();
    }

    void end() {
        ending = true;
        flush();
    }

    void reset(String reason) {
        held.clear();
        out.send(new FrameWriter()
                .frame(FrameType.RESET, call)
                .u16(channel)
                .string(reason)
                .take());
    }

    /** The node wants no more: what is kept or still written is dropped. */
    void discard() {
        held.clear();
        credit = Long.MAX_VALUE / 2;
        discarding = true;
        ending = true;
        endSent = true;
    }

    /** Whether nothing is kept. */
    boolean empty() {
        return held.isEmpty();
    }

    /** Whether all of it, the end included, was sent. */
    boolean complete() {
        return ending && held.isEmpty();
    }

    private boolean flush() {
        FrameWriter frames = new FrameWriter();
        boolean any = false;
        while (credit > 0 && !held.isEmpty()) {
            ByteBuffer head = held.element();
            int length = (int) Math.min(Math.min(head.remaining(), credit), WireLimits.MAX_DATA_BYTES);
            frames.frame(FrameType.DATA, call)
                    .u16(channel)
                    .bytes(head.array(), head.arrayOffset() + head.position(), length);
            any = true;
            credit -= length;
            head.position(head.position() + length);
            if (!head.hasRemaining()) {
                held.remove();
            }
        }
        if (ending && !endSent && held.isEmpty()) {
            endSent = true;
            frames.frame(FrameType.END, call).u16(channel);
            any = true;
        }
        if (any) {
            out.send(frames.take());
        }
        return held.isEmpty();
    }
}
