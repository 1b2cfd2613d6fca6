package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Server-sent events come as they are sent, whatever else the site's rules want, and may be silent for long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventStreamTest {
    /** More than every other limit, and so much less than the one for silence that a busy machine does not get from one to the other. */
    private static final int SILENCE_MILLIS = 500;

    private static final int LONGEST_SILENCE_MILLIS = 3000;

    private final BlockingQueue<OutputStream> streams = new LinkedBlockingQueue<>();
    private final RawOrigin origin = new RawOrigin((socket, out) -> {
        RawOrigin.write(
                out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        event(out, "0");
        streams.add(out);
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    });
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        installation = new Installation(
                data, "limits: {idle: 300ms, keepAlive: 300ms, dataGrace: 200ms}\npublicPorts: {http: 80}");
        installation.publish("""
                site: shop
                hosts: [a.example]
                pools:
                  app:
                    origins: [{url: "http://127.0.0.1:%d"}]
                    timeouts: {betweenBytes: 200ms, idleStream: %dms}
                rules: [{name: all, do: [{compress: true}, {setResponseHeader: {X-Rule: "yes"}}]}]
                """.formatted(origin.port(), LONGEST_SILENCE_MILLIS));
    }

    @AfterAll
    void stop() {
        installation.close();
        origin.close();
    }

    private OutputStream stream() throws InterruptedException {
        OutputStream stream = streams.poll(15, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("the origin was not asked");
        }
        return stream;
    }

    private static void event(OutputStream stream, String text) throws IOException {
        RawOrigin.write(stream, "8\r\ndata: " + text + "\n\r\n");
    }

    @Test
    void comeAtOnceOverHttp1AndOutliveEveryOtherLimit() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            socket.setSoTimeout(15_000);
            RawOrigin.write(
                    socket.getOutputStream(),
                    "GET /e HTTP/1.1\r\nHost: a.example\r\nAccept-Encoding: gzip, br\r\n\r\n");
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                head.append(line.toLowerCase(Locale.ROOT)).append('\n');
            }
            assertThat(head.toString())
                    .contains("content-type: text/event-stream", "x-rule: yes")
                    .doesNotContain("content-encoding");
            // The first one is there before anything else comes.
            assertThat(in.readLine()).isEqualTo("8");
            assertThat(in.readLine()).isEqualTo("data: 0");
            assertThat(in.readLine()).isEmpty();
            OutputStream events = stream();
            Thread.sleep(SILENCE_MILLIS);
            event(events, "1");
            assertThat(in.readLine()).isEqualTo("8");
            assertThat(in.readLine()).isEqualTo("data: 1");
            assertThat(in.readLine()).isEmpty();
            // Until nothing comes for too long: then the stream breaks, and does not look complete.
            assertThat(ends(in)).isTrue();
        }
    }

    private static boolean ends(BufferedReader in) {
        try {
            return in.readLine() == null;
        } catch (java.net.SocketException reset) {
            return true;
        } catch (IOException silent) {
            return false;
        }
    }

    @Test
    void comeAtOnceOverHttp2AndOutliveEveryOtherLimit() throws Exception {
        try (Http2Wire wire = new Http2Wire(installation.node().httpPort())) {
            wire.get(1, "/e2");
            assertThat(wire.fields(wire.next(Http2Wire.HEADERS))).containsEntry(":status", "200");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("data: 0\n");
            OutputStream events = stream();
            Thread.sleep(SILENCE_MILLIS);
            event(events, "1");
            assertThat(wire.next(Http2Wire.DATA).text()).isEqualTo("data: 1\n");
            assertThat(wire.next(Http2Wire.RST_STREAM).stream()).isEqualTo(1);
        }
    }
}
