package dev.verge.node.server.http2;

import dev.verge.node.exchange.Priority;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What PRIORITY_UPDATE frames of one client say (RFC 9218 §7.1), of requests that are there and of those to come. The latter are as few as
 * the client may have streams.
 */
final class PriorityUpdates {
    /** The type of the frame. */
    static final int TYPE = 0x10;

    /** Bytes of the number of the stream that it is about, with which its payload begins. */
    static final int STREAM_BYTES = 4;

    private final Http2Connection connection;
    private final StreamTurns turns;
    private final int maxStreams;
    private final IntObjectHashMap<Priority> early = new IntObjectHashMap<>();

    /** @param maxStreams requests that the client may have at a time */
    PriorityUpdates(Http2Connection connection, StreamTurns turns, int maxStreams) {
        this.connection = connection;
        this.turns = turns;
        this.maxStreams = maxStreams;
    }

    /**
     * Reads the payload of a frame.
     *
     * @throws Http2Exception if it is about a stream that is nobody's request, or about more requests to come than there may be
     */
    void read(ByteBuf payload) throws Http2Exception {
        int at = payload.readerIndex();
        int id = payload.getInt(at) & Integer.MAX_VALUE;
        if ((id & 1) == 0) {
            throw error("PRIORITY_UPDATE of stream " + id + ", which is no request");
        }
        String field = payload.toString(
                at + STREAM_BYTES, payload.readableBytes() - STREAM_BYTES, StandardCharsets.ISO_8859_1);
        Priority asked = Priority.DEFAULT.changedBy(field);
        Http2Stream stream = connection.stream(id);
        if (stream != null) {
            turns.of(stream).asked(asked);
        } else if (id > connection.remote().lastStreamCreated()) {
            early.put(id, asked);
            if (early.size() + connection.remote().numActiveStreams() > maxStreams) {
                forgetOld();
            }
        }
    }

    private void forgetOld() throws Http2Exception {
        int last = connection.remote().lastStreamCreated();
        early.keySet().removeIf(id -> id <= last);
        if (early.size() + connection.remote().numActiveStreams() > maxStreams) {
            throw error("PRIORITY_UPDATE of more requests than there may be");
        }
    }

    /** What was said of a request before it came; null for nothing. Asked once. */
    @Nullable
    Priority takeEarly(int stream) {
        return early.isEmpty() ? null : early.remove(stream);
    }

    private static Http2Exception error(String why) {
        return Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, why);
    }
}
