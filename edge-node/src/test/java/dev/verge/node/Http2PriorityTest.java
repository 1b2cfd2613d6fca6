package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who wants something soon gets it before who does not, on one connection (RFC 9218). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2PriorityTest {
    private static final int PRIORITY_UPDATE = 0x10;
    private static final int WINDOW_UPDATE = 8;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int WINDOW = 65_535;
    private static final int TURN = 16 << 10;
    private static final int LARGE = 400_000;

    private Installation installation;
    private TextOrigin origin;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "limits: {streamsPerConnection: 20}");
        origin = new TextOrigin(installation.vertx);
        String large = "x".repeat(LARGE);
        origin.put("/stored", large, "cache-control", "max-age=600");
        origin.put("/passed", large, "cache-control", "no-store");
        origin.put("/soon", large, "cache-control", "max-age=600", "priority", "u=0");
        installation.publish("""
                site: shop
                hosts: [a.example, 127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}], retries: {attempts: 1}}}
                """.formatted(origin.port()));
        for (String path : List.of("/stored", "/soon")) {
            assertThat(installation
                            .send(HttpRequest.newBuilder(installation.url(path)).build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @AfterAll
    void stop() {
        origin.close();
        installation.close();
    }

    private Http2Wire connect() throws IOException {
        return new Http2Wire(installation.node().httpPort());
    }

    /** A connection whose window a bulk answer on stream 1 has used up; more of it waits. */
    private Http2Wire full(String path, String priority) throws IOException {
        Http2Wire wire = connect();
        get(wire, 1, path, priority);
        int taken = 0;
        while (taken < WINDOW) {
            taken += wire.next(Http2Wire.DATA).payload().length();
        }
        return open(wire, 1, LARGE);
    }

    private static void get(Http2Wire wire, int stream, String path, String priority) throws IOException {
        String[] fields = {":method", "GET", ":scheme", "http", ":path", path, ":authority", "a.example"};
        List<String> all = new ArrayList<>(List.of(fields));
        if (!priority.isEmpty()) {
            all.addAll(List.of("priority", priority));
        }
        wire.headers(stream, true, all.toArray(String[]::new));
    }

    /** Asks, and waits until the answer has begun: its content waits for the window. */
    private static void ask(Http2Wire wire, int stream, String path, String priority) throws IOException {
        get(wire, stream, path, priority);
        assertThat(wire.next(Http2Wire.HEADERS).stream()).isEqualTo(stream);
    }

    private static Http2Wire open(Http2Wire wire, int stream, int bytes) throws IOException {
        return wire.frame(
                WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    private static Http2Wire update(Http2Wire wire, int on, int stream, String field) throws IOException {
        byte[] value = field.getBytes(StandardCharsets.ISO_8859_1);
        return wire.frame(
                PRIORITY_UPDATE,
                0,
                on,
                ByteBuffer.allocate(4 + value.length).putInt(stream).put(value).array());
    }

    /** Opens the connection's window and tells whose content comes, in pieces of a turn. */
    private static List<Integer> turns(Http2Wire wire, int turns) throws IOException {
        open(wire, 0, turns * TURN);
        List<Integer> senders = new ArrayList<>();
        int bytes = 0;
        while (bytes < turns * TURN) {
            Frame frame = wire.next(Http2Wire.DATA);
            bytes += frame.payload().length();
            while (senders.size() < bytes / TURN) {
                senders.add(frame.stream());
            }
        }
        return senders;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/stored | u=5 | /stored | u=1",
                "/passed | u=5 | /stored | ''",
                "/stored | i   | /stored | u=2",
                "/stored | ''  | /soon   | u=6",
            })
    void theUrgentOvertakesTheBulk(String bulk, String late, String path, String urgent) throws IOException {
        try (Http2Wire wire = full(bulk, late)) {
            ask(wire, 3, path, urgent);
            assertThat(turns(wire, 3)).containsExactly(3, 3, 3);
        }
    }

    @Test
    void equalsComeInTheOrderOfTheirRequestsOrShare() throws IOException {
        try (Http2Wire wire = full("/stored", "u=7")) {
            ask(wire, 3, "/stored", "");
            ask(wire, 5, "/stored", "u=8"); // no urgency: as if it said nothing
            assertThat(turns(wire, 3)).containsExactly(3, 3, 3);
        }
        try (Http2Wire wire = full("/stored", "u=7")) {
            ask(wire, 3, "/stored", "u=4, i");
            ask(wire, 5, "/stored", "u=4, i");
            assertThat(turns(wire, 4)).containsExactlyInAnyOrder(3, 3, 5, 5).doesNotContainSequence(3, 3);
        }
    }

    @Test
    void nothingOfAnAnswerIsLost() throws IOException {
        try (Http2Wire wire = full("/stored", "u=7")) {
            for (int stream = 3; stream <= 15; stream += 2) {
                ask(wire, stream, "/stored", stream % 4 == 1 ? "i" : "u=2");
                open(wire, stream, LARGE);
            }
            open(wire, 0, 8 * LARGE);
            int[] bytes = new int[16];
            bytes[1] = WINDOW;
            for (int ended = 0; ended < 8; ) {
                Frame frame = wire.next(Http2Wire.DATA);
                bytes[frame.stream()] += frame.payload().length();
                ended += frame.last() ? 1 : 0;
            }
            for (int stream = 1; stream <= 15; stream += 2) {
                assertThat(bytes[stream]).isEqualTo(LARGE);
            }
        }
    }

    @Test
    void aFrameChangesWhatARequestSaid() throws IOException {
        try (Http2Wire wire = full("/stored", "u=2")) {
            ask(wire, 3, "/stored", "u=4");
            update(wire, 0, 3, "u=0");
            assertThat(turns(wire, 2)).containsExactly(3, 3);
            update(wire, 0, 3, "u=6");
            assertThat(turns(wire, 2)).containsExactly(1, 1);
        }
    }

    @Test
    void aFrameThatComesBeforeItsRequestCounts() throws IOException {
        try (Http2Wire wire = full("/stored", "")) {
            update(wire, 0, 3, "u=7");
            update(wire, 0, 3, "u=0");
            update(wire, 0, 1, "u=\u00ff");
            ask(wire, 3, "/stored", "u=5");
            assertThat(turns(wire, 2)).containsExactly(3, 3);
        }
    }

    private int endedWith(Http2Wire wire) throws IOException {
        Frame end = wire.next(Http2Wire.GOAWAY);
        assertThat(end.type()).isEqualTo(Http2Wire.GOAWAY);
        return end.number(4);
    }

    @Test
    void aFrameThatCannotStandEndsTheConnection() throws IOException {
        try (Http2Wire wire = connect()) {
            assertThat(endedWith(update(wire, 1, 1, "u=1"))).isEqualTo(PROTOCOL_ERROR);
        }
        try (Http2Wire wire = connect()) {
            assertThat(endedWith(update(wire, 0, 0, "u=1"))).isEqualTo(PROTOCOL_ERROR);
        }
        try (Http2Wire wire = connect()) {
            assertThat(endedWith(update(wire, 0, 2, "u=1"))).isEqualTo(PROTOCOL_ERROR);
        }
        try (Http2Wire wire = connect()) {
            assertThat(endedWith(wire.frame(PRIORITY_UPDATE, 0, 0, new byte[3])))
                    .isEqualTo(FRAME_SIZE_ERROR);
        }
        try (Http2Wire wire = connect()) {
            for (int stream = 1; stream <= 41; stream += 2) {
                update(wire, 0, stream, "u=1"); // more than there may be requests
            }
            assertThat(endedWith(wire)).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void theSettingOfOldPrioritiesStaysWhatItWas() throws IOException {
        byte[] set = {0, 9, 0, 0, 0, 1};
        try (Http2Wire wire = connect()) {
            assertThat(endedWith(wire.frame(Http2Wire.SETTINGS, 0, 0, set))).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void aFrameForAnAnswerThatIsOverIsNothing() throws IOException {
        try (Http2Wire wire = connect()) {
            wire.get(1, "/none");
            Frame head = wire.next(Http2Wire.HEADERS);
            assertThat(wire.fields(head)).containsEntry(":status", "404");
            assertThat(head.last() || wire.next(Http2Wire.DATA).last()).isTrue();
            update(wire, 0, 1, "u=1");
            wire.get(3, "/none");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).containsEntry(":status", "404");
        }
    }
}
