package dev.verge.node.server.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http3.Http3ErrorCode;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows the heads of the frames of one stream (RFC 9114 §7.1) in front of the codec, which keeps a frame of a reserved type until it
 * is whole, however long it says that it is. Pure but for what it remembers between two calls.
 */
final class FrameHeads {
    /** What a stream is for. */
    enum Kind {
        /** A request. */
        REQUEST,
        /** Of one direction: its first bytes say what it is for (RFC 9114 §6.2). */
        UNIDIRECTIONAL
    }

    /** Takes PRIORITY_UPDATE frames (RFC 9218 §7.2). */
    interface Priorities {
        /**
         * A whole frame has come on the control stream.
         *
         * @return what ends the connection, or null
         */
        @Nullable
        Http3ErrorCode update(long type, byte[] payload);
    }

    private static final long DATA = 0;
    private static final long HEADERS = 1;
    private static final long SETTINGS = 4;
    private static final long CONTROL_STREAM = 0;
    private static final long QPACK_ENCODER_STREAM = 2;

    /** SETTINGS, GOAWAY and what clients send to see whether unknown types are borne are far below. */
    private static final int MAX_OTHER_BYTES = 1024;

    /** The one instruction that a table without room allows, some times over. */
    private static final int MAX_TABLE_BYTES = 64;

    /** Bytes that bring nobody anything and cost as much as a frame. */
    private static final int BYTES_A_FRAME = 64;

    private enum State {
        STREAM_TYPE,
        TYPE,
        LENGTH,
        CONTENT,
        PRIORITY,
        TABLE,
        UNKNOWN
    }

    private final boolean request;
    private final IntFunction<@Nullable Http3ErrorCode> pay;
    private final Priorities priorities;
    private State state;
    private boolean settled;
    private byte[] payload = {};
    private int filled;
    private int integerLeft;
    private long integer;
    private long type;
    private long skip;
    private int bytes;

    /** @param pay takes the price of a frame, 1 or more, and answers with what ends the connection when it cannot be paid */
    FrameHeads(Kind kind, IntFunction<@Nullable Http3ErrorCode> pay, Priorities priorities) {
        this.request = kind == Kind.REQUEST;
        this.pay = pay;
        this.priorities = priorities;
        this.settled = request;
        this.state = request ? State.TYPE : State.STREAM_TYPE;
    }

    /** Reads on, without moving the buffer's index; what ends the connection, or null. */
    @Nullable
    Http3ErrorCode read(ByteBuf buffer) {
        int at = buffer.readerIndex();
        int end = buffer.writerIndex();
        while (at < end) {
            Http3ErrorCode error = null;
            switch (state) {
                case CONTENT -> {
                    int skipped = (int) Math.min(skip, end - at);
                    skip -= skipped;
                    at += skipped;
                    if (skip == 0) {
                        state = State.TYPE;
                    }
                }
                case PRIORITY -> {
                    int taken = Math.min(payload.length - filled, end - at);
                    buffer.getBytes(at, payload, filled, taken);
                    filled += taken;
                    at += taken;
                    error = filled < payload.length ? null : update();
                }
                case TABLE -> {
                    bytes += end - at;
                    at = end;
                    error = bytes > MAX_TABLE_BYTES ? Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR : null;
                }
                case UNKNOWN -> {
                    error = pay.apply(1 + (end - at) / BYTES_A_FRAME);
                    at = end;
                }
                default -> error = integer(buffer.getUnsignedByte(at++));
            }
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    /** RFC 9000 §16: the first two bits say how many bytes there are. */
    private @Nullable Http3ErrorCode integer(int next) {
        if (integerLeft == 0) {
            integerLeft = 1 << (next >> 6);
            integer = next & 0x3f;
        } else {
            integer = integer << 8 | next;
        }
        return --integerLeft > 0 ? null : whole(integer);
    }

    private @Nullable Http3ErrorCode whole(long value) {
        if (state == State.STREAM_TYPE) {
            state = value == CONTROL_STREAM ? State.TYPE : value == QPACK_ENCODER_STREAM ? State.TABLE : State.UNKNOWN;
            return null;
        }
        if (state == State.TYPE) {
            type = value;
            state = State.LENGTH;
            return misplaced();
        }
        return length(value);
    }

    private boolean isPriority() {
        return type == PriorityUpdates.OF_REQUEST || type == PriorityUpdates.OF_PUSH;
    }

    private @Nullable Http3ErrorCode misplaced() {
        if (request && isPriority()) {
            return Http3ErrorCode.H3_FRAME_UNEXPECTED;
        }
        boolean first = !settled;
        settled = true;
        // RFC 9114 §6.2.1; the codec does not look at types that it does not know.
        return first && type != SETTINGS ? Http3ErrorCode.H3_MISSING_SETTINGS : null;
    }

    private @Nullable Http3ErrorCode length(long value) {
        skip = value;
        state = value == 0 ? State.TYPE : State.CONTENT;
        boolean message = request && (type == DATA || type == HEADERS);
        if (message) {
            return value == 0 ? pay.apply(1) : null;
        }
        if (value > MAX_OTHER_BYTES) {
            return Http3ErrorCode.H3_EXCESSIVE_LOAD;
        }
        @Nullable Http3ErrorCode unpaid = pay.apply(1 + (int) value / BYTES_A_FRAME);
        if (unpaid != null || !isPriority()) {
            return unpaid;
        }
        payload = new byte[(int) value];
        filled = 0;
        state = State.PRIORITY;
        return value == 0 ? update() : null;
    }

    private @Nullable Http3ErrorCode update() {
        byte[] whole = payload;
        payload = new byte[0];
        state = State.TYPE;
        return priorities.update(type, whole);
    }
}
