package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Balancers that name their clients: 127.0.0.1 is one here, 127.0.0.9 is none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyProtocolTest {
    private static final int MOST_OF_CLIENT = 5;

    private final EchoOrigin origin =
            new EchoOrigin(request -> new EchoOrigin.Reply(200, List.of("X-Any: 1"), request.field("x-forwarded-for")));
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, """
                http: {listen: "127.0.0.1:0", proxyProtocol: {from: [127.0.0.1/32]}}
                https: {listen: "127.0.0.1:0", proxyProtocol: {from: [127.0.0.1/32]}}
                limits: {headerTimeout: 500ms, connectionsPerClient: %d}
                """.formatted(MOST_OF_CLIENT));
        installation.publish("""
                site: shop
                hosts: [shop.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                cache: {edgeTtl: {mode: bypass}}
                rules:
                  - {name: theirs, when: {ip: 192.0.2.7}, do: [{respond: {status: 200, body: "seven ${clientIp}"}}]}
                  - {name: few, when: {path: /few}, do: [{rateLimit: {requests: 1, per: 1m, burst: 1, by: client-ip}}]}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private Socket connect(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        return socket;
    }

    private Wire clear(String from) throws IOException {
        return new Wire(connect(from, installation.node().httpPort()));
    }

    private static String named(String client) {
        return "PROXY TCP4 " + client + " 192.0.2.99 1234 80\r\n";
    }

    /** Its token has crossed a network in clear text. */
    @Test
    void aPurgeCallOfADistantClientInClearTextIsRefused() throws IOException {
        try (Wire wire = clear("127.0.0.1")) {
            wire.send(named("192.0.2.8")
                    + "PURGE /a HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer good\r\n\r\n");
            assertThat(wire.reply().status()).isEqualTo(403);
        }
    }

    private static String binary(String client) {
        try {
            return latin1("0d0a0d0a000d0a515549540a" + "21110013"
                    + HexFormat.of().formatHex(InetAddress.getByName(client).getAddress()) + "c0000263" + "04d20050"
                    + "01000468327270");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String latin1(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    }

    @Test
    void namedClientShowsInFieldsRulesAndLimits() throws IOException {
        for (String form : List.of("line", "binary")) {
            try (Wire wire = clear("127.0.0.1")) {
                String client = "192.0.2." + (form.equals("line") ? 20 : 21);
                wire.send((form.equals("line") ? named(client) : binary(client)) + get("/"));
                assertThat(wire.reply().content()).isEqualTo(client);
                // Only once: whatever comes later on the connection is HTTP.
                assertThat(wire.send(get("/")).reply().content()).isEqualTo(client);
                assertThat(wire.send(get("/few")).reply().status()).isEqualTo(200);
                assertThat(wire.send(get("/few")).reply().status()).isEqualTo(429);
            }
        }
        try (Wire wire = clear("127.0.0.1")) {
            assertThat(wire.send(named("192.0.2.7") + get("/")).reply().content())
                    .isEqualTo("seven 192.0.2.7");
        }
        try (Wire wire = clear("127.0.0.1")) {
            assertThat(wire.send("PROXY TCP6 2001:db8::7 2001:db8::8 1 2\r\n" + get("/"))
                            .reply()
                            .content())
                    .isEqualTo("2001:db8::7");
        }
    }

    @Test
    void headerMayComeInPiecesAndBeforeTls() throws IOException {
        Socket socket = connect("127.0.0.1", installation.node().httpsPort());
        byte[] header = binary("192.0.2.30").getBytes(StandardCharsets.ISO_8859_1);
        socket.setTcpNoDelay(true);
        for (byte each : header) {
            socket.getOutputStream().write(each);
            socket.getOutputStream().flush();
        }
        try (Wire wire = new Wire(
                new TlsClient(installation.node().httpsPort()).over(socket, "shop.example", List.of("http/1.1")))) {
            assertThat(wire.send(get("/")).reply().content()).isEqualTo("192.0.2.30");
        }
    }

    @Test
    void balancerSpeaksForItselfWhenItSaysSo() throws IOException {
        for (String header : List.of("PROXY UNKNOWN\r\n", latin1("0d0a0d0a000d0a515549540a20000000"))) {
            try (Wire wire = clear("127.0.0.1")) {
                assertThat(wire.send(header + get("/")).reply().content()).isEqualTo("127.0.0.1");
            }
        }
    }

    @Test
    void balancerWithoutAWholeHeaderIsDisconnected() throws IOException {
        for (String begin : List.of(
                get("/"),
                "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n" + get("/"),
                "PROXY " + "x".repeat(200),
                latin1("0d0a0d0a000d0a515549540a2111ffff"),
                "PROXY TCP4 192.0.2.1",
                "")) {
            try (Wire wire = clear("127.0.0.1")) {
                assertThat(wire.send(begin).closed()).as(begin).isTrue();
            }
        }
    }

    @Test
    void othersCannotNameAnybody() throws IOException {
        try (Wire wire = clear("127.0.0.9")) {
            assertThat(wire.send(get("/")).reply().content()).isEqualTo("127.0.0.9");
        }
        for (String header : List.of(named("192.0.2.7"), binary("192.0.2.7"))) {
            try (Socket socket = connect("127.0.0.9", installation.node().httpPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write((header + get("/")).getBytes(StandardCharsets.ISO_8859_1));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(answer).doesNotContain("200 OK").doesNotContain("seven");
            }
        }
    }

    @Test
    void connectionsAreCountedForTheClientAndNotForTheBalancer() throws IOException {
        List<Wire> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * MOST_OF_CLIENT; i++) {
                Wire wire = clear("127.0.0.1");
                open.add(wire);
                assertThat(wire.send(named("192.0.2." + (100 + i)) + get("/"))
                                .reply()
                                .status())
                        .isEqualTo(200);
            }
            for (int i = 1; i < MOST_OF_CLIENT; i++) {
                Wire wire = clear("127.0.0.1");
                open.add(wire);
                assertThat(wire.send(named("192.0.2.100") + get("/")).reply().status())
                        .isEqualTo(200);
            }
            try (Wire more = clear("127.0.0.1")) {
                assertThat(more.send(named("192.0.2.100") + get("/")).closed()).isTrue();
            }
        } finally {
            open.forEach(Wire::close);
        }
    }
}
