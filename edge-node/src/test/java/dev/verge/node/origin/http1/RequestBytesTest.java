package dev.verge.node.origin.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** RFC 9112: whatever a request's parts are made of, an origin can read it in one way only. */
class RequestBytesTest {

    private static String bytes(Consumer<ByteBuf> written) {
        ByteBuf into = Unpooled.buffer();
        written.accept(into);
        return into.toString(StandardCharsets.ISO_8859_1);
    }

    private static String head(String target, HttpFields fields, long length) {
        return bytes(into -> RequestBytes.head(into, "GET", target, fields, length));
    }

    @Test
    void theHostComesFirstAndTheFramingLast() {
        HttpFields fields = HttpFields.of("accept", "*/*", "host", "a.example", "cookie", "a=b");
        assertThat(head("/p?q", fields, RequestBytes.NO_CONTENT))
                .isEqualTo("GET /p?q HTTP/1.1\r\nHost: a.example\r\naccept: */*\r\ncookie: a=b\r\n\r\n");
        assertThat(head("/", HttpFields.EMPTY, 7)).isEqualTo("GET / HTTP/1.1\r\ncontent-length: 7\r\n\r\n");
        assertThat(head("/", HttpFields.EMPTY, RequestBytes.CHUNKED))
                .isEqualTo("GET / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    @Test
    void nothingEndsALineButItsEnd() {
        HttpFields fields = HttpFields.of("x-a", "1\r\nx-evil: 2\0\u010a", "x b", "3", "", "4", "x\u0117", "5");
        assertThat(head("/", fields, RequestBytes.NO_CONTENT))
                .isEqualTo("GET / HTTP/1.1\r\nx-a: 1  x-evil: 2  \r\n\r\n");
        assertThat(head("/a b\r\n\u00e9", HttpFields.EMPTY, RequestBytes.NO_CONTENT))
                .isEqualTo("GET /a%20b%0D%0A%C3%A9 HTTP/1.1\r\n\r\n");
        assertThat(bytes(into -> RequestBytes.head(into, "G\r\nT", "/", HttpFields.EMPTY, 0)))
                .startsWith("G  T / HTTP/1.1\r\n");
    }

    @Test
    void aHeadHasNoLongestSize() {
        String value = "v".repeat(100_000);
        assertThat(head("/", HttpFields.of("x-long", value), RequestBytes.NO_CONTENT))
                .isEqualTo("GET / HTTP/1.1\r\nx-long: " + value + "\r\n\r\n");
    }
}
