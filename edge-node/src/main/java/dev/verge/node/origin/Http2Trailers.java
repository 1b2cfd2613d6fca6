package dev.verge.node.origin;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Puts trailer fields behind the content of requests to an HTTP/2 origin (RFC 9113 §8.1): the client library knows none. It reads the heads
 * of the frames that the codec writes; where one ends a stream that has trailers, a HEADERS frame ends it instead. The fields are literals
 * (RFC 7541 §6.2.2), which the tables of neither side hear of.
 */
final class Http2Trailers extends ChannelOutboundHandlerAdapter {
    private static final int HEAD_BYTES = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** What every server takes (RFC 9113 §4.2). */
    private static final int FRAME_BYTES = 16 << 10;

    /** The longest length of a literal that one byte holds (RFC 7541 §5.1, prefix of 7 bits). */
    private static final int SHORT = 127;

    private final IntObjectHashMap<HttpFields> waiting = new IntObjectHashMap<>();
    /** Bytes of the present frame that are still to be written. */
    private long left;

    private @Nullable ByteBuf behind;

    private Http2Trailers() {}

    /** Stands in the connections of HTTP/2 from now on; null in others. */
    static @Nullable Http2Trailers of(@Nullable Channel channel) {
        ChannelHandlerContext codec =
                channel == null ? null : channel.pipeline().context(Http2ConnectionHandler.class);
        if (codec == null) {
            return null;
        }
        Http2Trailers trailers = new Http2Trailers();
        codec.pipeline().addBefore(codec.name(), "trailers", trailers);
        return trailers;
    }

    /** These fields are to follow the content of a request that has begun and whose end has not been written. */
    void put(long stream, HttpFields fields) {
        waiting.put((int) stream, fields);
    }

    /** The request is over. */
    void forget(long stream) {
        waiting.remove((int) stream);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes)) {
            var _ = ctx.write(message, promise);
            return;
        }
        if (left > 0 || bytes.readableBytes() < HEAD_BYTES) {
            left -= bytes.readableBytes();
            var _ = ctx.write(bytes, promise);
            writeBehind(ctx);
            return;
        }
        int at = bytes.readerIndex();
        int length = bytes.getUnsignedMedium(at);
        left = (long) HEAD_BYTES + length - bytes.readableBytes();
        boolean last = bytes.getByte(at + 3) == DATA && (bytes.getByte(at + 4) & END_STREAM) != 0;
        int stream = bytes.getInt(at + 5) & Integer.MAX_VALUE;
        HttpFields fields = last ? waiting.remove(stream) : null;
        if (fields == null) {
            var _ = ctx.write(bytes, promise);
        } else if (length == 0) {
            bytes.release();
            var _ = ctx.write(frames(ctx, stream, fields), promise);
        } else {
            behind = frames(ctx, stream, fields);
            ByteBuf open = ctx.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
            open.setByte(4, open.getByte(4) & ~END_STREAM);
            var _ = ctx.write(open, promise);
            writeBehind(ctx);
        }
    }

    /** Once the last content has been written. */
    private void writeBehind(ChannelHandlerContext ctx) {
        ByteBuf frames = behind;
        if (frames != null && left <= 0) {
            behind = null;
            var _ = ctx.write(frames);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf frames = behind;
        behind = null;
        if (frames != null) {
            frames.release();
        }
    }

    private static ByteBuf frames(ChannelHandlerContext ctx, int stream, HttpFields fields) {
        ByteBuf block = ctx.alloc().buffer();
        ByteBuf frames = ctx.alloc().buffer();
        fields.forEach((name, value) -> {
            block.writeByte(0);
            literal(block, name.toLowerCase(Locale.ROOT));
            literal(block, value);
        });
        int type = HEADERS;
        do {
            int length = Math.min(FRAME_BYTES, block.readableBytes());
            int flags = (type == HEADERS ? END_STREAM : 0) | (length == block.readableBytes() ? END_HEADERS : 0);
            frames.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
            frames.writeBytes(block, length);
            type = CONTINUATION;
        } while (block.isReadable());
        block.release();
        return frames;
    }

    private static void literal(ByteBuf block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < SHORT) {
            block.writeByte(bytes.length);
        } else {
            block.writeByte(SHORT);
            int rest = bytes.length - SHORT;
            for (; rest > SHORT; rest >>>= 7) {
                block.writeByte((rest & SHORT) | (SHORT + 1));
            }
            block.writeByte(rest);
        }
        block.writeBytes(bytes);
    }
}
