package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets over HTTP/2 (RFC 8441), to an origin that speaks HTTP/1.1. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExtendedConnectTest {
    private static final int PROTOCOL_ERROR = 1;

    private final SwitchingOrigin origin = new SwitchingOrigin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "limits: {idle: 300ms, keepAlive: 300ms}\npublicPorts: {http: 80}");
        HttpServer both = Installation.await(installation
                .vertx
                .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(true))
                .webSocketHandler(socket -> socket.writeTextMessage("hello"))
                .listen(0, "127.0.0.1"));
        installation.publish("""
                site: shop
                hosts: [ws.example]
                defaultPool: app
                pools:
                  app: {origins: [{url: "http://127.0.0.1:%1$d"}]}
                  two: {origins: [{url: "http://127.0.0.1:%2$d", protocol: h2c}], retries: {attempts: 1}}
                rules:
                  - {name: denied, when: {path: /denied}, do: [{deny: {status: 403}}]}
                  - {name: fixed, when: {path: /fixed}, do: [{respond: {status: 200, body: fixed}}]}
                  - {name: two, when: {path: /two}, do: [{pool: two}]}
                """.formatted(origin.port(), both.actualPort()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private Http2Wire connect() throws IOException {
        return new Http2Wire(installation.node().httpPort());
    }

    private static void ask(Http2Wire wire, int stream, String path) throws IOException {
        wire.headers(
                stream,
                false,
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                "ws.example",
                "sec-websocket-version",
                "13");
    }

    private String status(String path) throws IOException {
        try (Http2Wire wire = connect()) {
            ask(wire, 1, path);
            return wire.fields(wire.next(Http2Wire.HEADERS)).getOrDefault(":status", "none");
        }
    }

    @Test
    void isAnnounced() throws IOException {
        try (Http2Wire wire = connect()) {
            String settings = java.util.HexFormat.of()
                    .formatHex(wire.next(Http2Wire.SETTINGS).payload().getBytes());
            assertThat(settings).contains("000800000001", "000900000001");
        }
    }

    @Test
    void aStreamBecomesATunnelBesideOthers() throws Exception {
        try (Http2Wire wire = connect()) {
            ask(wire, 1, "/echo");
            Map<String, String> head = wire.fields(wire.next(Http2Wire.HEADERS));
            assertThat(head)
                    .containsEntry(":status", "200")
                    .doesNotContainKeys("upgrade", "sec-websocket-accept", "connection", "content-length");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("hello from the origin\n");
            assertThat(origin.last())
                    .startsWith("get /echo http/1.1")
                    .contains(
                            "\nupgrade: websocket\n",
                            "\nsec-websocket-key: ",
                            "\nsec-websocket-version: 13\n",
                            "\nvia: 2 verge\n");
            wire.data(1, false, "ping");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("ping");
            wire.headers(3, true, ":method", "GET", ":scheme", "http", ":path", "/plain", ":authority", "ws.example");
            Frame beside = wire.next(Http2Wire.HEADERS);
            assertThat(beside.stream()).isEqualTo(3);
            assertThat(wire.fields(beside)).containsEntry(":status", "200");
            Frame answer = wire.next(Http2Wire.DATA);
            assertThat(answer.text()).isEqualTo("ordinary");
            while (!answer.last()) {
                answer = wire.next(Http2Wire.DATA);
            }
            // Longer than the node waits for anything else.
            Thread.sleep(700);
            wire.data(1, true, "the last");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("the last");
            assertThat(wire.next(Http2Wire.DATA).last()).isTrue();
        }
    }

    @Test
    void nothingButATunnelLooksLikeOne() throws IOException {
        assertThat(status("/no")).isEqualTo("403");
        assertThat(status("/denied")).isEqualTo("403");
        assertThat(status("/plain")).isEqualTo("502");
        assertThat(status("/other")).isEqualTo("502");
        assertThat(status("/unaccepted")).isEqualTo("502");
        assertThat(status("/fixed")).isEqualTo("501");
    }

    /** A connection of HTTP/1.1 is opened for it: it speaks both, as servers of both do. */
    @Test
    void anOriginThatIsSpokenToInHttp2MayBeAskedOverHttp1() throws IOException {
        try (Http2Wire wire = connect()) {
            ask(wire, 1, "/two");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).containsEntry(":status", "200");
            // A text frame (RFC 6455 §5.2), whichever way it came.
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("\u0081\u0005hello");
        }
    }

    @Test
    void aClientThatResetsItsStreamEndsTheTunnel() throws IOException {
        try (Http2Wire wire = connect()) {
            ask(wire, 1, "/hold");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).containsEntry(":status", "200");
            wire.frame(Http2Wire.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
            assertThat(origin.held.getLast().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theProtocolStandsInNoOtherRequest() throws IOException {
        try (Http2Wire wire = connect()) {
            wire.headers(
                    1,
                    true,
                    ":method",
                    "GET",
                    ":protocol",
                    "websocket",
                    ":scheme",
                    "http",
                    ":path",
                    "/",
                    ":authority",
                    "ws.example");
            assertThat(wire.next(Http2Wire.RST_STREAM).number(0)).isEqualTo(PROTOCOL_ERROR);
            wire.headers(3, false, ":method", "CONNECT", ":protocol", "websocket", ":authority", "ws.example");
            assertThat(wire.next(Http2Wire.RST_STREAM).number(0)).isEqualTo(PROTOCOL_ERROR);
        }
    }
}
