package dev.verge.node.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseBytesTest {
    private static String of(int status, long length, boolean closes, String... fields) {
        ByteBuf into = Unpooled.buffer();
        HeadWriter head = ResponseBytes.head(status, HttpFields.of(fields), length, closes);
        int bytes = head.length();
        head.into(into);
        assertThat(into.readableBytes()).isEqualTo(bytes);
        return into.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void fieldsKeepTheirOrderAndTheLengthComesLast() {
        assertThat(of(200, 5, false, "Content-Length", "7", "X-B", "2", "x-a", "\u00e4"))
                .isEqualTo("HTTP/1.1 200 OK\r\nX-B: 2\r\nx-a: \u00e4\r\ncontent-length: 5\r\n\r\n");
    }

    @Test
    void withoutContentTheResponseSaysItsLengthItself() {
        assertThat(of(200, ResponseBytes.NO_CONTENT, false, "content-length", "7"))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
        assertThat(of(304, ResponseBytes.NO_CONTENT, false, "etag", "\"a\""))
                .isEqualTo("HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n");
    }

    @Test
    void whatHasNoLengthStatesNone() {
        assertThat(of(204, ResponseBytes.NO_LENGTH, false, "content-length", "0", "allow", "GET"))
                .isEqualTo("HTTP/1.1 204 No Content\r\nallow: GET\r\n\r\n");
    }

    @Test
    void theLastResponseOfAConnectionSaysSoBeforeItsFraming() {
        assertThat(of(200, ResponseBytes.CHUNKED, true, "etag", "\"a\""))
                .isEqualTo("HTTP/1.1 200 OK\r\netag: \"a\"\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    @Test
    void nothingEndsALineButItsEnd() {
        assertThat(of(200, 0, false, "x-a", "1\r\nx-evil: 2\0", "x b", "3"))
                .isEqualTo("HTTP/1.1 200 OK\r\nx-a: 1  x-evil: 2 \r\ncontent-length: 0\r\n\r\n");
    }

    @Test
    void chunksEndWithTheirTrailers() {
        ByteBuf into = Unpooled.buffer();
        Chunks.begin(into, 0xabc);
        Chunks.end(into);
        Chunks.last(into, HttpFields.of("x-sum", "1"));
        Chunks.last(into, HttpFields.EMPTY);
        assertThat(into.toString(StandardCharsets.ISO_8859_1)).isEqualTo("abc\r\n\r\n0\r\nx-sum: 1\r\n\r\n0\r\n\r\n");
    }
}
