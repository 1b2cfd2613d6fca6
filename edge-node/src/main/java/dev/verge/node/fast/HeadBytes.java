package dev.verge.node.fast;

import dev.verge.node.exchange.EdgeResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Writes the head of a response as the codec does. Pure. */
final class HeadBytes {
    private HeadBytes() {}

    /**
     * The bytes of a head of HTTP/1.1 on a connection that stays open.
     *
     * @param length of the content that follows: stated last; negative when none follows, then the response states what it may
     */
    static byte[] of(EdgeResponse response, long length) {
        StringBuilder head = new StringBuilder(512)
                .append("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(HttpResponseStatus.valueOf(response.status()).reasonPhrase())
                .append("\r\n");
        for (int i = 0; i < response.fields().size(); i++) {
            String name = response.fields().name(i);
            if (length < 0 || !name.equalsIgnoreCase("content-length")) {
                head.append(name)
                        .append(": ")
                        .append(response.fields().value(i))
                        .append("\r\n");
            }
        }
        if (length >= 0) {
            head.append("content-length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
