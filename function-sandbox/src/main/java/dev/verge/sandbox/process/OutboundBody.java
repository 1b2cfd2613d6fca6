package dev.verge.sandbox.process;

import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireLimits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A body on its way to a host: read from its stream as far as the host gives credit. Used on the call's context only. */
final class OutboundBody {
    private final int call;
    private final int channel;
    private final ReadStream<Buffer> from;
    private final long length;
    private final Consumer<byte[]> send;
    private final Runnable sent;
    private final Deque<Buffer> held = new ArrayDeque<>();
    private long credit = WireLimits.FIRST_BYTES;
    private long handedOver;
    private boolean ended;
    private boolean over;

    /**
     * A body that does not flow yet.
     *
     * @param length its bytes, or -1 when only its end tells
     * @param sent told when all of it was handed to the host, or it broke off by itself: then nothing is left to be given back
     */
    OutboundBody(int call, int channel, ReadStream<Buffer> from, long length, Consumer<byte[]> send, Runnable sent) {
        this.call = call;
        this.channel = channel;
        this.from = from;
        this.length = length;
        this.send = send;
        this.sent = sent;
    }

    long length() {
        return length;
    }

    void start() {
        from.exceptionHandler(failure -> reset("the body was not completed"));
        from.endHandler(nothing -> {
            ended = true;
            flush();
        });
        from.handler(data -> {
            if (!over) {
                held.add(data);
                flush();
            }
        });
        from.resume();
    }

    void credit(int bytes) {
        credit += bytes;
        flush();
    }

    /** The host sees no more of it, as if it ended here; what is left follows in the other. Without effect when all was sent. */
    void passOn(InboundBody to) {
        if (over) {
            return;
        }
        over = true;
        from.pause();
        to.follow(new Rest(from, held, ended, handedOver, sent));
        send.accept(new FrameWriter().frame(FrameType.END, call).u16(channel).take());
    }

    /** The host wants no more, or the call is over: leaves the stream paused and without handlers. */
    void stop() {
        if (!over) {
            over = true;
            held.clear();
            if (!ended) {
                from.pause();
                from.handler(null);
                from.endHandler(null);
                from.exceptionHandler(null);
            }
        }
    }

    private void reset(String reason) {
        if (!over) {
            over = true;
            held.clear();
            send.accept(new FrameWriter()
                    .frame(FrameType.RESET, call)
                    .u16(channel)
                    .string(reason)
                    .take());
            sent.run();
        }
    }

    private void flush() {
        if (over) {
            return;
        }
        FrameWriter frames = new FrameWriter();
        while (credit > 0 && !held.isEmpty()) {
            Buffer head = held.remove();
            int piece = (int) Math.min(Math.min(head.length(), credit), WireLimits.MAX_DATA_BYTES);
            if (piece < head.length()) {
                held.addFirst(head.slice(piece, head.length()));
            }
            frames.frame(FrameType.DATA, call).u16(channel).bytes(head.getBytes(0, piece), 0, piece);
            credit -= piece;
            handedOver += piece;
        }
        if (ended && held.isEmpty()) {
            over = true;
            frames.frame(FrameType.END, call).u16(channel);
        }
        byte[] bytes = frames.take();
        if (bytes.length > 0) {
            send.accept(bytes);
        }
        if (over) {
            sent.run();
        }
        // Last, for a stream may hand over data at once, within resume: that goes behind what was just sent.
        if (!over && held.isEmpty()) {
            from.resume();
        } else if (!over) {
            from.pause();
        }
    }
}
