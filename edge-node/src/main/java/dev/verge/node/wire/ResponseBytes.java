package dev.verge.node.wire;

import dev.verge.cache.http.HttpFields;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Heads of responses as clients of HTTP/1.1 get them (RFC 9112 §2.1), byte for byte as the server library's codec writes them. Pure. */
public final class ResponseBytes {
    /** Value of {@code length} for content of which only the end tells how long it is: it goes in chunks. */
    public static final long CHUNKED = -1;

    /** Value of {@code length} where no content follows: the fields state a length, or none. */
    public static final long NO_CONTENT = -2;

    /** Value of {@code length} where none may be stated (RFC 9110 §8.6). */
    public static final long NO_LENGTH = -3;

    private static final byte[] VERSION = "HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII);

    private ResponseBytes() {}

    /**
     * Writes a head.
     *
     * @param length of the content that follows in bytes, or how else it is framed
     * @param closes whether it says that the connection ends with it
     * @return with nothing but the head; to be taken with {@link HeadWriter#into}
     */
    public static HeadWriter head(int status, HttpFields fields, long length, boolean closes) {
        HeadWriter head = HeadWriter.begin();
        head.octets(VERSION);
        head.text(Integer.toString(status));
        head.octet(' ');
        head.text(HttpResponseStatus.valueOf(status).reasonPhrase());
        head.lineEnd();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (length == NO_CONTENT || !name.equalsIgnoreCase("content-length")) {
                head.field(name, fields.value(i));
            }
        }
        if (closes) {
            head.field("connection", "close");
        }
        if (length >= 0) {
            head.field("content-length", Long.toString(length));
        } else if (length == CHUNKED) {
            head.field("transfer-encoding", "chunked");
        }
        head.lineEnd();
        return head;
    }
}
