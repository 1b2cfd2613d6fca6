package dev.verge.node.server.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.collection.IntObjectHashMap;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Follows the frame heads of one HTTP/2 connection in front of the codec.
 *
 * <p>Frames that cost the node work and bring nobody anything (SETTINGS, PING, PRIORITY, RST_STREAM, unknown ones, empty DATA and
 * HEADERS, small WINDOW_UPDATE) are paid from a budget that refills with time, with each request and with what is sent; who overdraws it is told to
 * calm down and disconnected (RFC 9113 §10.5). The codec itself bounds resets in both directions, CONTINUATION frames and queued
 * answers to PING and SETTINGS. HEADERS on streams that cannot take them end the connection (§5.1, §5.1.1), where the codec only
 * ignores or resets.
 */
public final class Http2Guard extends ChannelDuplexHandler {
    /** Length of the client's preface (RFC 9113 §3.4). */
    public static final int PREFACE_BYTES = 24;

    private static final int HEAD_BYTES = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int CONTINUATION = 9;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;

    /** Frames at once, frames a second, frames a request: many times what browsers and gRPC clients send. */
    private static final int BURST = 1000;

    private static final int PER_SECOND = 100;
    private static final int PER_REQUEST = 10;

    /** Bytes in frames that bring nobody anything cost as much as another frame. */
    private static final int BYTES_A_FRAME = 64;

    /** A client may open its windows again for each piece of a response, however small. */
    private static final int PER_DATA_SENT = 4;

    /** A window that is opened in smaller steps than this costs as much as any other frame for nothing. */
    private static final int SMALL_INCREMENT = 4096;

    /**
     * A stream that the node is made to reset (RFC 9113 §5.4.2), and what is known to make it do so: no client does it often, and each one
     * has cost a request (MadeYouReset).
     */
    private static final int MADE_RESET = 50;

    /** Head and error code. */
    private static final int RESET_BYTES = HEAD_BYTES + 4;

    /** The error codes that say that the client broke a rule (RFC 9113 §7). */
    private static final Set<Http2Error> CLIENTS_FAULTS = EnumSet.of(
            Http2Error.PROTOCOL_ERROR,
            Http2Error.FLOW_CONTROL_ERROR,
            Http2Error.STREAM_CLOSED,
            Http2Error.FRAME_SIZE_ERROR);

    private static final int ENDED_REMEMBERED = 256;

    private final int maxOpen;
    private final Consumer<String> onError;
    private final Function<Channel, Optional<StreamsAhead>> ahead;
    private final byte[] head = new byte[HEAD_BYTES];
    private final IntObjectHashMap<Boolean> open = new IntObjectHashMap<>();
    private final int[] ended = new int[ENDED_REMEMBERED];

    private long skip;
    private int headRead;
    private int incrementLeft;
    private long increment;
    private int lastStream;
    private int endedAt;
    private long budget = BURST;
    private long refilledNanos = System.nanoTime();
    private boolean blind;
    private boolean refused;

    /**
     * A guard for one connection.
     *
     * @param prefaceLeft how many bytes of the client's preface are still to come
     * @param maxStreams concurrent streams that a client may have
     * @param onError told why a connection is ended
     * @param ahead makes who may answer requests as soon as their heads are read
     */
    public Http2Guard(
            int prefaceLeft,
            int maxStreams,
            Consumer<String> onError,
            Function<Channel, Optional<StreamsAhead>> ahead) {
        this.skip = prefaceLeft;
        this.maxOpen = 2 * maxStreams;
        this.onError = onError;
        this.ahead = ahead;
    }

    Optional<StreamsAhead> ahead(Channel channel) {
        return ahead.apply(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
        } else if (refused) {
            bytes.release();
        } else {
            check(ctx, bytes);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        // The codec writes the head of a DATA frame as a buffer of its own.
        if (message instanceof ByteBuf bytes
                && bytes.readableBytes() == HEAD_BYTES
                && bytes.getByte(bytes.readerIndex() + 3) == DATA) {
            budget = Math.min(BURST, budget + PER_DATA_SENT);
        } else if (message instanceof ByteBuf bytes && isResetForAFault(bytes)) {
            budget -= MADE_RESET; // told with the next frame that costs something
        }
        var _ = ctx.write(message, promise);
    }

    /** The codec writes a RST_STREAM frame as one buffer. */
    private static boolean isResetForAFault(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() == RESET_BYTES
                && bytes.getUnsignedMedium(at) == RESET_BYTES - HEAD_BYTES
                && bytes.getByte(at + 3) == RST_STREAM
                && CLIENTS_FAULTS.contains(Http2Error.valueOf(bytes.getUnsignedInt(at + HEAD_BYTES)));
    }

    private void check(ChannelHandlerContext ctx, ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        int frame = at;
        Http2Exception error = null;
        while (at < end && error == null) {
            if (incrementLeft > 0) {
                increment = increment << 8 | bytes.getUnsignedByte(at++);
                if (--incrementLeft == 0 && (increment & Integer.MAX_VALUE) < SMALL_INCREMENT) {
                    // An increment of 0 is an error of its stream (§6.9).
                    error = pay((increment & Integer.MAX_VALUE) == 0 ? MADE_RESET : 1);
                }
            } else if (skip > 0) {
                int skipped = (int) Math.min(skip, end - at);
                skip -= skipped;
                at += skipped;
            } else {
                if (headRead == 0) {
                    frame = at;
                }
                int taken = Math.min(HEAD_BYTES - headRead, end - at);
                bytes.getBytes(at, head, headRead, taken);
                headRead += taken;
                at += taken;
                if (headRead == HEAD_BYTES) {
                    headRead = 0;
                    error = frame();
                }
            }
        }
        if (error == null) {
            ctx.fireChannelRead(bytes);
            return;
        }
        refused = true;
        if (frame > bytes.readerIndex()) {
            ctx.fireChannelRead(bytes.writerIndex(frame));
        } else {
            bytes.release();
        }
        end(ctx, error);
    }

    private void end(ChannelHandlerContext ctx, Http2Exception error) {
        onError.accept(error.error().name());
        ChannelHandlerContext codec = ctx.pipeline().context(Http2ConnectionHandler.class);
        if (codec == null) {
            var _ = ctx.close();
        } else {
            ((Http2ConnectionHandler) codec.handler()).onError(codec, false, error);
            codec.flush();
        }
    }

    /** More waits for its client than for any other, and too much for all together. */
    void endForWaiting(ChannelHandlerContext ctx) {
        refused = true;
        boolean takesNothing = !ctx.channel().isWritable();
        end(ctx, error(Http2Error.ENHANCE_YOUR_CALM, "too many answers wait for who does not take them"));
        if (takesNothing) {
            // Nor would it take the farewell; what the system still holds for it is given up, too.
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            var _ = ctx.close();
        }
    }

    private @Nullable Http2Exception frame() {
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int stream = (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | (head[8] & 0xff);
        boolean last = (head[4] & END_STREAM) != 0;
        skip = length;
        return switch (head[3]) {
            case DATA -> data(stream, length, last);
            case HEADERS -> headers(stream, length, last);
            case WINDOW_UPDATE -> {
                if (length == 4) {
                    skip = 0;
                    incrementLeft = 4;
                    increment = 0;
                }
                yield null;
            }
            case RST_STREAM -> {
                ended(stream);
                yield pay(1);
            }
            case CONTINUATION -> length == 0 ? pay(1) : null;
            case PriorityUpdates.TYPE -> priorityUpdate(stream, length);
            default -> pay(1 + length / BYTES_A_FRAME);
        };
    }

    /** RFC 9218 §7.1; the codec does not know the frame, and drops it where it cannot stand. */
    private @Nullable Http2Exception priorityUpdate(int stream, int length) {
        if (stream != 0) {
            return error(Http2Error.PROTOCOL_ERROR, "PRIORITY_UPDATE on a stream");
        }
        if (length < PriorityUpdates.STREAM_BYTES) {
            return error(Http2Error.FRAME_SIZE_ERROR, "PRIORITY_UPDATE without the number of a stream");
        }
        return pay(1 + length / BYTES_A_FRAME);
    }

    private @Nullable Http2Exception data(int stream, int length, boolean last) {
        if (last) {
            ended(stream);
            return null;
        }
        return length == 0 ? pay(1) : null;
    }

    private @Nullable Http2Exception headers(int stream, int length, boolean last) {
        if (stream > lastStream && (stream & 1) == 1) {
            lastStream = stream;
            budget = Math.min(BURST, budget + PER_REQUEST);
            if (open.size() < maxOpen) {
                open.put(stream, Boolean.TRUE);
            } else {
                blind = true; // streams that the node reset and the client never ended fill the list
            }
        } else if (stream != 0 && (stream & 1) == 1 && !blind && !open.containsKey(stream)) {
            if (hasEnded(stream)) {
                return error(Http2Error.STREAM_CLOSED, "HEADERS on a stream that has ended");
            }
            return error(Http2Error.PROTOCOL_ERROR, "HEADERS on a stream below the last one");
        }
        if (last) {
            ended(stream);
        }
        return length == 0 ? pay(1) : null;
    }

    private void ended(int stream) {
        if (open.remove(stream) != null) {
            ended[endedAt] = stream;
            endedAt = (endedAt + 1) % ENDED_REMEMBERED;
        }
    }

    private boolean hasEnded(int stream) {
        for (int each : ended) {
            if (each == stream) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Http2Exception pay(int price) {
        budget -= price;
        if (budget >= 0) {
            return null;
        }
        long now = System.nanoTime();
        long earned = (now - refilledNanos) * PER_SECOND / 1_000_000_000L;
        refilledNanos = now;
        budget = Math.min(BURST, budget + earned);
        return budget >= 0 ? null : error(Http2Error.ENHANCE_YOUR_CALM, "too many frames that ask for nothing");
    }

    private static Http2Exception error(Http2Error code, String why) {
        return Http2Exception.connectionError(code, why);
    }
}
