package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9110 §15.2: interim responses pass through, and are not what is stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterimResponseTest {
    private final RawOrigin origin = new RawOrigin((socket, out) -> {
        RawOrigin.write(out, "HTTP/1.1 102 Processing\r\n\r\n");
        RawOrigin.write(
                out,
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\n");
        RawOrigin.write(out, "HTTP/1.1 199 Something New\r\nX-New: 1\r\n\r\n".repeat(20));
        RawOrigin.write(
                out,
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfinal");
    });
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
    void passThroughInOrderAndAreNotStored() {
        String first = raw("GET /h1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        List<String> heads = List.of(first.split("\r\n\r\n", -1));

        assertThat(heads.get(0)).isEqualTo("HTTP/1.1 102 Processing");
        assertThat(heads.get(1)).startsWith("HTTP/1.1 103 Early Hints").contains("Link: </a.css>; rel=preload");
        assertThat(heads.get(1)).doesNotContainIgnoringCase("x-hop");
        assertThat(heads.get(2)).startsWith("HTTP/1.1 199 ").contains("X-New: 1");
        // Of an endless row of hints only so many pass.
        assertThat(heads).hasSize(16 + 2);
        assertThat(heads.get(16)).startsWith("HTTP/1.1 200 OK").doesNotContain("X-New");
        assertThat(heads.get(17)).isEqualTo("final");

        String second = raw("GET /h1 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        assertThat(second).startsWith("HTTP/1.1 200 OK").contains("verge; hit").endsWith("final");
    }

    @Test
    void areKeptFromHttp10() {
        assertThat(raw("GET /old HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"))
                .startsWith("HTTP/1.0 200 OK")
                .endsWith("final");
    }

    @Test
    void reachHttp2ClientsToo() throws IOException {
        try (Http2Wire wire = new Http2Wire(installation.url("/").getPort())) {
            wire.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/h2", ":authority", "127.0.0.1");
            List<Map<String, String>> heads = new ArrayList<>();
            do {
                heads.add(wire.fields(wire.next(Http2Wire.HEADERS)));
            } while (heads.getLast().getOrDefault(":status", "").startsWith("1"));
            assertThat(heads).hasSize(16 + 1);
            assertThat(heads.get(0)).isEqualTo(Map.of(":status", "102"));
            assertThat(heads.get(1)).isEqualTo(Map.of(":status", "103", "link", "</a.css>; rel=preload"));
            assertThat(heads.get(2)).isEqualTo(Map.of(":status", "199", "x-new", "1"));
            assertThat(heads.getLast()).containsEntry(":status", "200").doesNotContainKey("x-new");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("final");
        }
    }

    private String raw(String request) {
        int port = installation.url("/").getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
