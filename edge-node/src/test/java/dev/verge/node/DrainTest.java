package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that goes tells its clients, finishes what is under way, and loses nothing. */
class DrainTest {
    private static final int STREAMS = 20;

    @Test
    void whatIsUnderWayEndsInOrderAndNothingNewBegins(@TempDir Path data) throws Exception {
        CountDownLatch arrived = new CountDownLatch(STREAMS + 2);
        CountDownLatch go = new CountDownLatch(1);
        try (RawOrigin origin = RawOrigin.answering(head -> {
                    arrived.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone";
                });
                SwitchingOrigin switching = new SwitchingOrigin();
                Installation installation = new Installation(data, "limits: {drain: 3s}\npublicPorts: {http: 80}")) {
            installation.publish("""
                    site: shop
                    hosts: [a.example]
                    defaultPool: app
                    pools:
                      app: {origins: [{url: "http://127.0.0.1:%d"}]}
                      switching: {origins: [{url: "http://127.0.0.1:%d"}]}
                    rules: [{name: tunnel, when: {path: /hold}, do: [{pool: switching}]}]
                    """.formatted(origin.port(), switching.port()));
            int port = installation.node().httpPort();
            try (Http2Wire two = new Http2Wire(port);
                    Wire one = new Wire(port);
                    Wire second = new Wire(port);
                    Wire tunnel = new Wire(port)) {
                for (int i = 0; i < STREAMS; i++) {
                    two.get(2 * i + 1, "/" + i);
                }
                one.send("GET /one HTTP/1.1\r\nHost: a.example\r\n\r\n");
                second.send("GET / HTTP/1.1\r\nHost: nobody.example\r\n\r\n");
                assertThat(second.reply().status()).isEqualTo(421);
                second.send("GET /two HTTP/1.1\r\nHost: a.example\r\n\r\n");
                tunnel.send("GET /hold HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
                assertThat(tunnel.reply().status()).isEqualTo(101);
                arrived.await();

                Thread closing = Thread.ofVirtual().start(installation::stop);
                assertThat(two.next(Http2Wire.GOAWAY).number(4)).isZero();
                Installation.until("the port to close", () -> refuses(port));
                go.countDown();

                assertThat(answered(two)).hasSize(STREAMS);
                for (Wire each : List.of(one, second)) {
                    Wire.Reply reply = each.reply();
                    assertThat(reply.content()).isEqualTo("done");
                    assertThat(reply.head()).contains("connection: close");
                    assertThat(each.closed()).isTrue();
                }
                // A tunnel has what is left of the time.
                assertThat(tunnel.closed()).isTrue();
                closing.join();
            }
        }
    }

    private static boolean refuses(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (IOException refused) {
            return true;
        }
    }

    /** The streams that were answered to their ends. */
    private static List<Integer> answered(Http2Wire wire) throws IOException {
        List<Integer> ended = new ArrayList<>();
        while (ended.size() < STREAMS) {
            Frame frame = wire.next();
            assertThat(frame.type()).isNotIn(-1, Http2Wire.RST_STREAM);
            if (frame.last()) {
                ended.add(frame.stream());
            }
        }
        return ended;
    }
}
