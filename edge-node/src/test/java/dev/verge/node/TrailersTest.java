package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fields behind the content (RFC 9110 §6.5): they pass as such, never into the header, and never those that decide anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrailersTest {
    private static final String ANSWER = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Transfer-Encoding: chunked",
            "Trailer: X-Sum",
            "Cache-Control: no-store",
            "",
            "2",
            "ok",
            "0",
            "X-Sum: 7",
            "Set-Cookie: a=b",
            "Content-Type: text/evil",
            "Cache-Control: max-age=9",
            "",
            "");

    private final WholeOrigin whole = new WholeOrigin();
    private final RawOrigin trailing = RawOrigin.answering(head -> ANSWER);
    private final Http2Origin http2 = new Http2Origin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "publicPorts: {http: 80}");
        installation.publish("""
                site: shop
                hosts: [a.example]
                defaultPool: whole
                pools:
                  whole: {origins: [{url: "http://127.0.0.1:%d"}]}
                  trailing: {origins: [{url: "http://127.0.0.1:%d"}]}
                  http2: {origins: [{url: "http://127.0.0.1:%d", protocol: h2c}]}
                rules:
                  - {name: trailing, when: {path: /trailing}, do: [{pool: trailing}]}
                  - {name: http2, when: {path: /http2}, do: [{pool: http2}]}
                """.formatted(whole.port(), trailing.port(), http2.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        whole.close();
        trailing.close();
        http2.close();
    }

    @Test
    void ofRequestsPassFromHttp1() {
        try (Wire wire = new Wire(installation.node().httpPort())) {
            String head = "POST /t HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n";
            String forbidden = "Authorization: x\r\nX-Forwarded-For: 1.2.3.4\r\nIf-Match: x\r\n";
            // Two in a row: each has its own.
            wire.send(
                    head + "3\r\nabc\r\n0\r\nX-First: 1\r\n" + forbidden + "\r\n" + head + "0\r\nX-Second: 2\r\n\r\n");
            assertThat(wire.reply().content())
                    .contains("\n\nabc\nX-First: 1")
                    .doesNotContain("Authorization", "1.2.3.4", "If-Match", "X-Second");
            assertThat(wire.reply().content()).endsWith("\n\n\nX-Second: 2").doesNotContain("X-First");
        }
    }

    @Test
    void ofRequestsPassFromHttp2() throws Exception {
        try (Http2Wire wire = new Http2Wire(installation.node().httpPort())) {
            wire.headers(1, false, ":method", "POST", ":scheme", "http", ":path", "/t", ":authority", "a.example");
            wire.data(1, false, "abc");
            wire.headers(1, true, "x-late", "1", "cookie", "a=b", "authorization", "c");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).containsEntry(":status", "200");
            assertThat(wire.next(Http2Wire.DATA).text())
                    .endsWith("\n\nabc\nx-late: 1")
                    .doesNotContain("cookie", "authorization");
        }
    }

    /** Many at once, with and without content and trailers, on few connections: each has its own. */
    @Test
    void ofRequestsReachHttp2Origins() throws Exception {
        String large = "l".repeat(30_000);
        try (Http2Wire wire = new Http2Wire(installation.node().httpPort())) {
            for (int stream = 1; stream <= 17; stream += 2) {
                String[] head = {":method", "POST", ":scheme", "http", ":path", "/http2", ":authority", "a.example"};
                wire.headers(stream, false, head);
            }
            for (int stream = 1; stream <= 17; stream += 2) {
                String number = Integer.toString(stream);
                switch (stream % 6) {
                    case 1 ->
                        wire.data(stream, false, "small" + number)
                                .headers(stream, true, "x-late", number, "cookie", "a=b");
                    case 3 -> wire.data(stream, true, "none" + number);
                    default -> wire.headers(stream, true, "x-only", number);
                }
            }
            Map<Integer, String> answers = new TreeMap<>();
            while (answers.size() < 9) {
                Frame frame = wire.next(Http2Wire.DATA);
                if (frame.payload().length() > 0) {
                    answers.put(frame.stream(), frame.text());
                }
            }
            assertThat(answers.values())
                    .containsExactly(
                            "small1|x-late=1;",
                            "none3",
                            "|x-only=5;",
                            "small7|x-late=7;",
                            "none9",
                            "|x-only=11;",
                            "small13|x-late=13;",
                            "none15",
                            "|x-only=17;");
        }
        try (Wire wire = new Wire(installation.node().httpPort())) {
            String head = "POST /http2 HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n";
            String value = "v".repeat(20_000); // more than a frame
            wire.send(head + "7530\r\n" + large + "\r\n0\r\nX-Long: " + value + "\r\nCookie: x\r\n\r\n");
            assertThat(wire.reply().content()).isEqualTo(large + "|x-long=" + value + ";");
            wire.send(head + "0\r\n\r\n");
            assertThat(wire.reply().content()).isEmpty();
        }
    }

    @Test
    void ofAnswersPassToWhomCanTakeThem() throws Exception {
        try (Http2Wire wire = new Http2Wire(installation.node().httpPort())) {
            wire.get(1, "/trailing");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).doesNotContainKey("x-sum");
            Frame end = wire.next(Http2Wire.HEADERS);
            assertThat(end.last()).isTrue();
            assertThat(wire.fields(end)).isEqualTo(Map.of("x-sum", "7"));
        }
        assertThat(raw("TE: trailers\r\nConnection: TE, close\r\n")).endsWith("2\r\nok\r\n0\r\nx-sum: 7\r\n\r\n");
        assertThat(raw("Connection: close\r\n")).endsWith("2\r\nok\r\n0\r\n\r\n");
    }

    private String raw(String fields) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            socket.setSoTimeout(15_000);
            RawOrigin.write(
                    socket.getOutputStream(), "GET /trailing HTTP/1.1\r\nHost: a.example\r\n" + fields + "\r\n");
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("text/evil", "a=b");
            return answer.replace("X-Sum", "x-sum");
        }
    }
}
