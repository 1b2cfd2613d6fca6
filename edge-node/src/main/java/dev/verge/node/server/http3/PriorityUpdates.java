package dev.verge.node.server.http3;

import dev.verge.node.exchange.Priority;
import io.netty.handler.codec.http3.Http3ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What PRIORITY_UPDATE frames of one client say (RFC 9218 §7.2), of requests that are there and of those to come: streams overtake each
 * other. Of the latter as many are remembered as the client may have streams, the newest; a frame about an answer that is over is one of
 * them until others push it out.
 */
final class PriorityUpdates {
    /** The type of the frame that is about a request. */
    static final long OF_REQUEST = 0xF0700;

    /** About a push; nothing is ever pushed here. */
    static final long OF_PUSH = 0xF0701;

    /** Which side began a stream, and whether it has one direction (RFC 9000 §2.1): 0 for requests. */
    private static final int KIND_BITS = 3;

    private static final int NEXT_ID = 4;

    private final int maxStreams;
    private final Requests requests;
    private final LinkedHashMap<Long, Priority> early = new LinkedHashMap<>();

    /** The requests of the connection. */
    interface Requests {
        /** The stream behind the last one that has come. */
        long nextId();

        /** Says how soon an answer is wanted; false if there is no such request now. */
        boolean asked(long stream, Priority priority);
    }

    /** @param maxStreams requests that the client may have at a time */
    PriorityUpdates(int maxStreams, Requests requests) {
        this.maxStreams = maxStreams;
        this.requests = requests;
    }

    /** Reads a frame; what ends the connection, or null. */
    @Nullable
    Http3ErrorCode read(long type, byte[] payload) {
        int length = payload.length == 0 ? 1 : 1 << ((payload[0] & 0xff) >> 6); // RFC 9000 §16
        if (payload.length < length) {
            return Http3ErrorCode.H3_FRAME_ERROR;
        }
        long id = payload[0] & 0x3f;
        for (int i = 1; i < length; i++) {
            id = id << 8 | (payload[i] & 0xff);
        }
        if (type == OF_PUSH || (id & KIND_BITS) != 0 || id / NEXT_ID >= requests.nextId() / NEXT_ID + maxStreams) {
            return Http3ErrorCode.H3_ID_ERROR;
        }
        // The frame says all; what it leaves out is as if nobody had ever said it (§7).
        Priority asked = Priority.DEFAULT.changedBy(
                new String(payload, length, payload.length - length, StandardCharsets.ISO_8859_1));
        if (!requests.asked(id, asked)) {
            early.remove(id);
            early.put(id, asked);
            if (early.size() > maxStreams) {
                early.pollFirstEntry();
            }
        }
        return null;
    }

    /** What was said of a request before it came; null for nothing. Asked once. */
    @Nullable
    Priority takeEarly(long stream) {
        return early.isEmpty() ? null : early.remove(stream);
    }
}
