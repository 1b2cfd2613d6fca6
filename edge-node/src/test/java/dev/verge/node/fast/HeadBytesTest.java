package dev.verge.node.fast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import dev.verge.node.exchange.Body;
import dev.verge.node.exchange.EdgeResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeadBytesTest {
    private static String of(int status, long length, String... fields) {
        EdgeResponse response = new EdgeResponse(status, HttpFields.of(fields), Body.none(), false);
        return new String(HeadBytes.of(response, length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void fieldsKeepTheirOrderAndTheLengthComesLast() {
        assertThat(of(200, 5, "Content-Length", "7", "X-B", "2", "x-a", "\u00e4"))
                .isEqualTo("HTTP/1.1 200 OK\r\nX-B: 2\r\nx-a: \u00e4\r\ncontent-length: 5\r\n\r\n");
    }

    @Test
    void withoutContentTheResponseSaysItsLengthItself() {
        assertThat(of(200, -1, "content-length", "7")).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n");
        assertThat(of(304, -1, "etag", "\"a\"")).isEqualTo("HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n");
    }
}
