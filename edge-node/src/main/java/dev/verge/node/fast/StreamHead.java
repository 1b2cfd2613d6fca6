package dev.verge.node.fast;

import dev.verge.node.exchange.EdgeResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Locale;

/** Makes the head of a response over HTTP/2. Pure. */
final class StreamHead {
    private StreamHead() {}

    /**
     * Fields in the order of the response, with names as RFC 9113 §8.2 wants them.
     *
     * @param length of the content that follows, stated last; negative when none follows, then the response states what it may
     */
    static Http2Headers of(EdgeResponse response, long length) {
        Http2Headers head = new DefaultHttp2Headers(false).status(AsciiString.of(Integer.toString(response.status())));
        for (int i = 0; i < response.fields().size(); i++) {
            String name = response.fields().name(i).toLowerCase(Locale.ROOT);
            if (length < 0 || !name.equals("content-length")) {
                head.add(
                        new AsciiString(name), new AsciiString(response.fields().value(i)));
            }
        }
        if (length >= 0) {
            head.add(new AsciiString("content-length"), new AsciiString(Long.toString(length)));
        }
        return head;
    }
}
