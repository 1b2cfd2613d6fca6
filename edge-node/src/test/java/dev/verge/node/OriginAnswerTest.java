package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.RawClient.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9112 §6.3: an answer that can be read in more than one way is a bad gateway, once and for everybody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginAnswerTest {
    private static final String KEPT = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n";

    private static final Map<String, String> BAD = new LinkedHashMap<>();

    static {
        BAD.put("http-0.9", "<html>no head</html>");
        BAD.put("garbage", "\u0016\u0003\u0001 nonsense\r\n\r\n");
        BAD.put("two-lengths", KEPT + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc");
        BAD.put("same-length-twice", KEPT + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nab");
        BAD.put(
                "length-and-coding",
                KEPT + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
        BAD.put("gzip-coding", KEPT + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
        BAD.put("old-coding", KEPT.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
        BAD.put("bare-cr", KEPT + "X: a\rContent-Length: 2\r\n\r\nab");
        BAD.put("bare-lf", KEPT + "X: a\nContent-Length: 2\r\n\r\nab");
        BAD.put("fold", KEPT + "X: a\r\n b\r\nContent-Length: 2\r\n\r\nab");
        BAD.put("split-name", KEPT + "Content-Length x: 2\r\n\r\nab");
        BAD.put("huge-head", KEPT + "X: " + "a".repeat(70_000) + "\r\nContent-Length: 2\r\n\r\nab");
        BAD.put("many-fields", KEPT + "X: a\r\n".repeat(600) + "Content-Length: 2\r\n\r\nab");
        BAD.put("interim-flood", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(200) + KEPT + "Content-Length: 2\r\n\r\nab");
        BAD.put("switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        BAD.put("status-999", "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n");
        BAD.put("half-a-head", KEPT + "Content-Le");
    }

    private static final Map<String, String> CUT = Map.of(
            "short", KEPT + "Content-Length: 100\r\n\r\nonly this",
            "no-last-chunk", KEPT + "Transfer-Encoding: chunked\r\n\r\n4\r\nonly\r\n",
            "half-a-chunk", KEPT + "Transfer-Encoding: chunked\r\n\r\n40\r\nonly",
            "bad-chunk-end", KEPT + "Transfer-Encoding: chunked\r\n\r\n4\r\nonlyX\r\n0\r\n\r\n",
            "bad-chunk-size", KEPT + "Transfer-Encoding: chunked\r\n\r\n4\r\nonly\r\nzz\r\n",
            "length-in-trailers",
                    KEPT + "Transfer-Encoding: chunked\r\n\r\n4\r\nonly\r\n0\r\nContent-Length: 9\r\n\r\n");

    private final RawOrigin origin = RawOrigin.answering(head -> {
        String name = head.substring(head.indexOf('/') + 1, head.indexOf(' ', head.indexOf('/')));
        String bad = BAD.get(name);
        return bad != null ? bad : CUT.getOrDefault(name, KEPT + "Content-Length: 4\r\n\r\ngood");
    });
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "");
        publish(origin.port());
    }

    private void publish(int port) {
        installation.publish("""
                site: shop
                hosts: [shop.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(port));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    @Test
    void anAmbiguousHeadIsABadGatewayAndNeverStored() {
        BAD.keySet().forEach(name -> {
            for (int i = 0; i < 2; i++) {
                Answer answer = RawClient.get(installation.node().httpPort(), "shop.example", "/" + name);
                assertThat(answer.status()).as(name).isEqualTo(502);
                assertThat(answer.field("proxy-status"))
                        .as(name)
                        .isIn("verge; error=http_protocol_error", "verge; error=connection_terminated");
            }
            assertThat(asked(name)).as("%s asked again", name).isGreaterThanOrEqualTo(2);
        });
    }

    @Test
    void aBodyThatBreaksItsFramingIsCutAndNeverStored() throws IOException {
        for (String name : CUT.keySet()) {
            for (int i = 0; i < 2; i++) {
                String raw = raw("/" + name);
                assertThat(raw)
                        .as(name)
                        .startsWith("HTTP/1.1 ")
                        .satisfiesAnyOf(
                                text -> assertThat(text).startsWith("HTTP/1.1 502"),
                                text -> assertThat(isComplete(text)).isFalse());
            }
            assertThat(asked(name)).as("%s asked again", name).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void whatFollowsAnAnswerIsDroppedAndItsConnectionNotUsedAgain() throws Exception {
        CompletableFuture<Integer> next = new CompletableFuture<>();
        try (RawOrigin talkative = new RawOrigin((socket, out) -> {
            RawOrigin.write(
                    out, KEPT + "Content-Length: 4\r\n\r\ngoodHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            next.complete(socket.getInputStream().read());
        })) {
            publish(talkative.port());
            Answer answer = RawClient.get(installation.node().httpPort(), "shop.example", "/long");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("good");
            assertThat(next.get(10, TimeUnit.SECONDS)).as("closed by the node").isEqualTo(-1);
        } finally {
            publish(origin.port());
        }
    }

    @Test
    void anAnswerThatCameEarlyEndsWithTheRequestThatIsCutShort() throws Exception {
        try (RawOrigin early = new RawOrigin((socket, out) -> {
                    RawOrigin.write(out, KEPT + "Content-Length: 10\r\n\r\nabc");
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            publish(early.port());
            client.setSoTimeout(10_000);
            RawOrigin.write(
                    client.getOutputStream(),
                    "POST /early HTTP/1.1\r\nHost: shop.example\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n"
                            + "x".repeat(0x40000) + "\r\n"); // more than is taken in before the origin is asked
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("abc")) {
                int next = client.getInputStream().read();
                assertThat(next).as("after %s", seen).isNotNegative();
                seen.append((char) next);
            }
            RawOrigin.write(client.getOutputStream(), "no size\r\n");
            assertThat(isOver(client)).isTrue();
        } finally {
            publish(origin.port());
        }
    }

    /** Reads to the end, however it comes. */
    private static boolean isOver(Socket client) throws IOException {
        try {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (java.net.SocketTimeoutException never) {
            return false;
        } catch (java.net.SocketException reset) {
            return true;
        }
        return true;
    }

    private long asked(String name) {
        return origin.heads.stream()
                .filter(head -> head.startsWith("GET /" + name + " "))
                .count();
    }

    /** Whether a client could take it for a whole response. */
    private static boolean isComplete(String text) {
        int end = text.indexOf("\r\n\r\n") + 4;
        String head = text.substring(0, end).toLowerCase(java.util.Locale.ROOT);
        int length = head.indexOf("content-length: ");
        if (length >= 0) {
            String value = head.substring(length + 16, head.indexOf('\r', length));
            return text.length() - end >= Integer.parseInt(value);
        }
        return text.endsWith("0\r\n\r\n");
    }

    private String raw(String target) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            socket.setSoTimeout(20_000);
            RawOrigin.write(
                    socket.getOutputStream(),
                    "GET " + target + " HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
            var seen = new java.io.ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            try {
                for (int n = socket.getInputStream().read(buffer);
                        n >= 0;
                        n = socket.getInputStream().read(buffer)) {
                    seen.write(buffer, 0, n);
                }
            } catch (java.net.SocketException reset) {
                // A reset is how a broken body ends.
                return seen.toString(StandardCharsets.ISO_8859_1);
            }
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
