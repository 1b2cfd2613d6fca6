package dev.verge.node.origin.http1;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.wire.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A request as an HTTP/1.1 origin gets it (RFC 9112 §2.1). Whatever fields say, there is one way to read it: what cannot be a name is left
 * out, and bytes that could end a line are spaces (RFC 9110 §5.5).
 */
public final class RequestBytes {
    /** Value of {@code length} for a request without content and without a word about it. */
    public static final long NO_CONTENT = -2;

    /** Value of {@code length} for content of which only the end tells how long it is: it goes in chunks. */
    public static final long CHUNKED = -1;

    private static final byte[] VERSION = " HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);

    private RequestBytes() {}

    /**
     * Appends the head.
     *
     * @param fields what is said besides framing
     * @param length of the content in bytes, {@link #CHUNKED} or {@link #NO_CONTENT}
     */
    public static void head(ByteBuf into, String method, String target, HttpFields fields, long length) {
        HeadWriter head = HeadWriter.begin();
        head.text(method);
        head.octet(' ');
        head.target(target);
        head.octets(VERSION);
        int host = indexOfHost(fields);
        if (host >= 0) {
            head.field("Host", fields.value(host)); // first, as RFC 9110 §7.2 wants it
        }
        for (int i = 0; i < fields.size(); i++) {
            if (i != host) {
                head.field(fields.name(i), fields.value(i));
            }
        }
        if (length >= 0) {
            head.field("content-length", Long.toString(length));
        } else if (length == CHUNKED) {
            head.field("transfer-encoding", "chunked");
        }
        head.lineEnd();
        head.into(into);
    }

    private static int indexOfHost(HttpFields fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("host")) {
                return i;
            }
        }
        return -1;
    }
}
