package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Frames that cost a server more than their sender end the connection, and no other one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int FRAMES = 20_000;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final WholeOrigin origin = new WholeOrigin();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "limits: {idle: 1s, keepAlive: 30s, drain: 100ms}");
        installation.publish("""
                site: shop
                hosts: [a.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private static byte[] frame(int type, int flags, int stream, byte... payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A request without HPACK's dynamic table: indexed and literal fields only. */
    private static byte[] request(String method, String... more) {
        var block = new ByteArrayOutputStream();
        literal(block, ":method", method);
        block.write(0x86); // :scheme http
        literal(block, ":path", "/x");
        literal(block, ":authority", "a.example");
        for (int i = 0; i < more.length; i += 2) {
            literal(block, more[i], more[i + 1]);
        }
        return block.toByteArray();
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0x00);
        block.write(name.length());
        block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        block.write(value.length());
        block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    }

    private Socket connect(byte... settings) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort());
        socket.setSoTimeout(15_000);
        OutputStream out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(frame(SETTINGS, 0, 0, settings));
        out.flush();
        return socket;
    }

    /** The error code of the first frame of that type; -1 when the connection ends before. */
    private static int code(Socket socket, int type) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            while (true) {
                int lengthAndType = in.readInt();
                in.readUnsignedByte();
                in.readInt();
                byte[] payload = in.readNBytes(lengthAndType >>> 8);
                if ((lengthAndType & 0xff) == type) {
                    return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
                }
            }
        } catch (java.io.EOFException | SocketException ended) {
            return -1;
        }
    }

    /** Sends frame after frame; the node must end the connection, and serve another one before, in between and after. */
    private void endsCalmly(byte[] first, IntFunction<byte[]> frames) throws IOException {
        try (Socket good = connect();
                Socket bad = connect()) {
            good.getOutputStream().write(frame(HEADERS, END_STREAM | END_HEADERS, 1, request("GET")));
            bad.getOutputStream().write(first);
            var read = java.util.concurrent.CompletableFuture.supplyAsync(() -> {
                try {
                    return code(bad, GOAWAY);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            try {
                for (int i = 0; i < FRAMES && !read.isDone(); i++) {
                    bad.getOutputStream().write(frames.apply(i));
                }
            } catch (SocketException ended) {
                assertThat(ended).isNotNull(); // the sooner the better
            }
            assertThat(read.join()).isEqualTo(ENHANCE_YOUR_CALM);
            good.getOutputStream().write(frame(HEADERS, END_STREAM | END_HEADERS, 3, request("GET")));
            assertThat(answers(good)).isEqualTo(2);
        }
    }

    private static int answers(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int ended = 0;
        while (ended < 2) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            in.readInt();
            in.skipNBytes(lengthAndType >>> 8);
            int type = lengthAndType & 0xff;
            ended += (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0 ? 1 : 0;
        }
        return ended;
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] both(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    private static byte[] opened() {
        return frame(HEADERS, END_HEADERS, 1, request("POST"));
    }

    @Test
    void pings() throws IOException {
        endsCalmly(new byte[0], i -> frame(PING, 0, 0, new byte[8]));
    }

    @Test
    void settings() throws IOException {
        endsCalmly(new byte[0], i -> frame(SETTINGS, 0, 0));
    }

    @Test
    void priorities() throws IOException {
        endsCalmly(new byte[0], i -> frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 1}));
    }

    @Test
    void unknownFrames() throws IOException {
        endsCalmly(new byte[0], i -> frame(0xfa, 0, 0));
    }

    /** RFC 9218 §7.1. */
    @Test
    void priorityUpdates() throws IOException {
        endsCalmly(new byte[0], i -> frame(0x10, 0, 0, new byte[] {0, 0, 0, 1, 'u', '=', '1'}));
    }

    @Test
    void emptyData() throws IOException {
        endsCalmly(opened(), i -> frame(DATA, 0, 1));
    }

    @Test
    void smallWindowUpdates() throws IOException {
        endsCalmly(new byte[0], i -> frame(WINDOW_UPDATE, 0, 0, ints(1)));
    }

    @Test
    void resetsRightAfterTheirRequests() throws IOException {
        endsCalmly(
                new byte[0],
                i -> both(
                        frame(HEADERS, END_STREAM | END_HEADERS, 2 * i + 1, request("GET")),
                        frame(RST_STREAM, 0, 2 * i + 1, ints(8))));
    }

    /** What is known as MadeYouReset: the server itself is made to reset each stream. */
    @Test
    void resetsThatTheNodeIsMadeToSend() throws IOException {
        endsCalmly(
                new byte[0],
                i -> both(
                        frame(HEADERS, END_HEADERS, 2 * i + 1, request("POST")),
                        frame(WINDOW_UPDATE, 0, 2 * i + 1, ints(0))));
    }

    /** Head and content come in one piece, so the content waits while its request is not begun. */
    @Test
    void contentThatIsReadWithItsHeadReachesTheOrigin() throws IOException {
        try (Socket socket = connect()) {
            var frames = new ByteArrayOutputStream();
            frames.writeBytes(frame(HEADERS, END_HEADERS, 1, request("POST")));
            for (int i = 0; i < 3; i++) {
                frames.writeBytes(frame(
                        DATA, i == 2 ? END_STREAM : 0, 1, ("part " + i + ";").getBytes(StandardCharsets.US_ASCII)));
            }
            socket.getOutputStream().write(frames.toByteArray());
            Installation.until(
                    "the whole content is there",
                    () -> origin.whole.stream().anyMatch(whole -> whole.endsWith("\n\npart 0;part 1;part 2;")));
        }
    }

    private double takenBack() {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith("verge_http2_taken_back_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    /** Read in one piece, so that none of them is under way before it is known to be taken back. */
    @Test
    void whatIsTakenBackAtOnceIsNotBegun() throws IOException {
        int begun = origin.begun.get();
        double before = takenBack();
        try (Socket socket = connect()) {
            var frames = new ByteArrayOutputStream();
            for (int stream = 1; stream < 100; stream += 2) {
                frames.writeBytes(frame(HEADERS, END_STREAM | END_HEADERS, stream, request("GET")));
                frames.writeBytes(frame(RST_STREAM, 0, stream, ints(8)));
            }
            frames.writeBytes(frame(PING, 0, 0, new byte[8]));
            socket.getOutputStream().write(frames.toByteArray());
            assertThat(code(socket, PING)).isZero();
            Installation.until("all were dropped", () -> takenBack() == before + 50);
        }
        assertThat(origin.begun).hasValue(begun);
    }

    @Test
    void continuationsWithoutEnd() throws IOException {
        endsCalmly(frame(HEADERS, 0, 1, request("GET")), i -> frame(CONTINUATION, 0, 1));
    }

    @Test
    void aWindowThatStaysShutEndsItsStream() throws IOException {
        try (Socket socket = connect(new byte[] {0, 4, 0, 0, 0, 0})) { // SETTINGS_INITIAL_WINDOW_SIZE 0
            socket.getOutputStream().write(frame(HEADERS, END_STREAM | END_HEADERS, 1, request("GET")));
            assertThat(code(socket, RST_STREAM)).isNotEqualTo(-1);
        }
    }
}
