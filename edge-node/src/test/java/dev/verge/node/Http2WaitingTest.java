package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What waits for clients that open many streams and take nothing of them is bounded, and costs who does it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Http2WaitingTest {
    private static final int MOST = 1 << 20;
    private static final int LARGE = 300_000;
    private static final int STREAMS = 40;
    private static final int WINDOW_UPDATE = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    private Installation installation;
    private TextOrigin origin;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(data, "limits: {http2WaitingBytes: %d, drain: 100ms}".formatted(MOST));
        origin = new TextOrigin(installation.vertx);
        origin.put("/kept", "x".repeat(LARGE), "cache-control", "max-age=600");
        origin.put("/asked", "x".repeat(LARGE), "cache-control", "no-store");
        installation.publish("""
                site: shop
                hosts: [a.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        origin.close();
        installation.close();
    }

    private double metric(String start) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private double waiting() {
        return metric("verge_http2_waiting_bytes ");
    }

    private double ended() {
        return metric("verge_http2_ended_total{code=\"ENHANCE_YOUR_CALM\"}");
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Begins to ask for large answers, of which nothing is read. */
    private Http2Wire greedy(String path, boolean wideOpen) throws IOException {
        Http2Wire wire = new Http2Wire(installation.node().httpPort());
        if (wideOpen) {
            wire.frame(Http2Wire.SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1);
            wire.frame(WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE - (1 << 16)));
        }
        for (int i = 0; i < STREAMS; i++) {
            wire.get(2 * i + 1, path);
        }
        return wire;
    }

    private void whoHoldsMostGoesAndTheOthersStay(String path, boolean wideOpen) throws IOException {
        List<Http2Wire> greedy = new ArrayList<>();
        try (Http2Wire modest = new Http2Wire(installation.node().httpPort())) {
            modest.get(1, path);
            double before = ended();
            Installation.until("somebody goes", () -> {
                if (greedy.size() < 40) {
                    try {
                        greedy.add(greedy(path, wideOpen));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }
                assertThat(waiting()).isLessThanOrEqualTo(MOST);
                return ended() > before;
            });
            if (!wideOpen) {
                // Who sends all the while may see nothing but the end of its connection (RFC 9112 §9.6).
                Frame farewell = greedy.getFirst().next(Http2Wire.GOAWAY);
                assertThat(farewell.type() < 0 || farewell.number(4) == ENHANCE_YOUR_CALM)
                        .isTrue();
            }
            modest.frame(WINDOW_UPDATE, 0, 0, number(LARGE)).frame(WINDOW_UPDATE, 0, 1, number(LARGE));
            int read = 0;
            for (Frame next = modest.next(Http2Wire.DATA); next.type() >= 0; next = modest.next(Http2Wire.DATA)) {
                read += next.payload().length();
                if (next.last()) {
                    break;
                }
            }
            assertThat(read).isEqualTo(LARGE);
        } finally {
            for (Http2Wire wire : greedy) {
                wire.close();
            }
        }
        Installation.until("nothing waits", () -> waiting() == 0);
    }

    @Test
    void behindWindowsThatStayShut() throws IOException {
        whoHoldsMostGoesAndTheOthersStay("/kept", false);
        whoHoldsMostGoesAndTheOthersStay("/asked", false);
    }

    @Test
    void behindSocketsThatNobodyReads() throws IOException {
        whoHoldsMostGoesAndTheOthersStay("/kept", true);
        whoHoldsMostGoesAndTheOthersStay("/asked", true);
    }
}
