package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Field values are bytes (RFC 9110 §5.5): what one side sends, the other gets, and they compare equal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldBytesTest {
    private static final String LATIN = "\"abcdef\u00fc\u0080\u00ff\"";
    private static final String UTF8 = "\"\u00c3\u00bc\u00e2\u0082\u00ac\"";

    private final RawOrigin origin = new RawOrigin((socket, out) -> RawOrigin.write(
            out,
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: " + LATIN + "\r\nX-Wide: " + UTF8
                    + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    @Test
    void bytesBeyondAsciiPassUnchangedInBothDirections() {
        int port = installation.node().httpPort();

        RawClient.Answer missed = RawClient.get(port, "127.0.0.1", "/both", "X-Sent: " + LATIN, "X-Wide: " + UTF8);
        RawClient.Answer hit = RawClient.get(port, "127.0.0.1", "/both");

        assertThat(missed.field("etag")).isEqualTo(LATIN);
        assertThat(missed.field("x-wide")).isEqualTo(UTF8);
        assertThat(hit.hit()).isTrue();
        assertThat(hit.field("etag")).isEqualTo(LATIN);
        assertThat(hit.field("x-wide")).isEqualTo(UTF8);
        assertThat(origin.heads.getLast()).contains("X-Sent: " + LATIN).contains("X-Wide: " + UTF8);
    }

    @Test
    void anEntityTagBeyondAsciiMatchesItself() {
        int port = installation.node().httpPort();
        RawClient.get(port, "127.0.0.1", "/etag");

        RawClient.Answer answer = RawClient.get(port, "127.0.0.1", "/etag", "If-None-Match: " + LATIN);

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.field("etag")).isEqualTo(LATIN);
        assertThat(RawClient.get(port, "127.0.0.1", "/etag", "If-None-Match: " + UTF8)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void http2KeepsTheSameBytes() {
        RawClient.get(installation.node().httpPort(), "127.0.0.1", "/h2");
        HttpClientOptions options =
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
        HttpClient client = installation.vertx.createHttpClient(options);

        HttpClientResponse answer = Installation.await(client.request(
                        HttpMethod.GET, installation.node().httpPort(), "127.0.0.1", "/h2")
                .compose(request -> request.putHeader("if-none-match", LATIN).send())
                .eventually(client::close));

        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.getHeader("etag")).isEqualTo(LATIN);
        assertThat(answer.getHeader("x-wide")).isEqualTo(UTF8);
    }
}
