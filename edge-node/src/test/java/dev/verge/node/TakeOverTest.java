package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.succession.Predecessor;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node takes the place of another one over the same folder and ports. */
class TakeOverTest {
    @TempDir
    private Path data;

    private Installation installation;
    private TextOrigin origin;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private volatile boolean over;

    @BeforeEach
    void start() {
        installation = new Installation(data, "functions: {spareHosts: 0}\nlimits: {drain: 20s}");
        origin = new TextOrigin(installation.vertx);
        origin.put("/kept", "x".repeat(2_000), "cache-control", "max-age=600");
        origin.put("/asked", "y", "cache-control", "no-store");
        origin.putSlow("/long", "z", "cache-control", "no-store");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterEach
    void stop() {
        origin.close();
        installation.close();
    }

    @Test
    void nobodyNoticesThatAnotherProcessTookOver() throws InterruptedException {
        assertThat(get("/kept").status()).isEqualTo(200);
        int port = installation.node().httpPort();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String path = i % 2 == 0 ? "/kept" : "/asked";
            clients.add(Thread.ofVirtual().start(() -> keepsConnections(port, path)));
            clients.add(Thread.ofVirtual().start(() -> opensConnections(port, path)));
            clients.add(Thread.ofVirtual().start(() -> multiplexes(port, path)));
        }
        for (int round = 0; round < 2; round++) {
            awaitAnswers(300);
            EdgeNode old = installation.takeOver();
            assertThat(installation.node().httpPort()).isEqualTo(port);
            assertThat(get("/kept").hit()).as("what the old one had on disk").isTrue();
            awaitAnswers(300);
            Installation.await(old.ended());
        }
        over = true;
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(origin.asked("/kept").size())
                .as("asked by connections of the old ones, which read no cache in the end")
                .isLessThanOrEqualTo(1 + 2 * clients.size());
    }

    @Test
    void theOldOneFinishesWhatItBeganAndHearsOfNoMorePurges() throws IOException {
        int port = installation.node().httpPort();
        get("/kept");
        EdgeNode ended;
        try (Socket under = new Socket(InetAddress.getLoopbackAddress(), port);
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
            under.getOutputStream().write(request("/long"));
            assertThat(under.getInputStream().read()).isEqualTo('H');
            assertThat(answer(idle, "/kept")).contains("; hit").doesNotContain("connection: close");
            EdgeNode old = installation.takeOver();
            int asked = origin.asked("/kept").size();
            assertThat(answer(idle, "/kept"))
                    .as("a purge may have reached only the new one")
                    .doesNotContain("; hit")
                    .contains("connection: close");
            assertThat(origin.asked("/kept")).hasSize(asked + 1);
            assertThat(old.ended().isComplete()).isFalse();
            assertThat(get("/kept").hit()).isTrue();
            ended = old;
        }
        Installation.await(ended.ended());
    }

    @Test
    void theOldOneGoesOnWhenTheNewOneFailsOnTheWay() {
        get("/kept");
        try (Predecessor old = Predecessor.meet(data.resolve("successor.sock")).orElseThrow()) {
            old.leaveFolder();
            assertThat(readiness().getString("disk")).startsWith("away");
            assertThat(get("/kept").hit()).isTrue();
        }
        Installation.until(
                "the disk is used again", () -> readiness().getString("disk").equals("working"));
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                rules: [{name: new, when: {path: /new}, do: [{respond: {status: 204}}]}]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
        assertThat(get("/new").status()).isEqualTo(204);
        EdgeNode before = installation.takeOver();
        assertThat(get("/new").status()).isEqualTo(204);
        assertThat(get("/kept").hit()).isTrue();
        Installation.await(before.close());
    }

    private RawClient.Answer get(String path) {
        return RawClient.get(installation.node().httpPort(), "127.0.0.1", path);
    }

    private JsonObject readiness() {
        return new JsonObject(installation
                .send(java.net.http.HttpRequest.newBuilder(installation.admin("/readyz"))
                        .build())
                .body());
    }

    private void awaitAnswers(int count) {
        int from = answers.get();
        Installation.until(count + " answers", () -> answers.get() >= from + count || !failures.isEmpty());
    }

    private static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** One request and its answer, head and body. */
    private static String answer(Socket socket, String path) throws IOException {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(request(path));
        StringBuilder text = new StringBuilder();
        int end = -1;
        while (end < 0 || text.length() < end) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("the connection ended after: " + text);
            }
            text.append((char) next);
            if (end < 0
                    && text.length() >= 4
                    && text.substring(text.length() - 4).equals("\r\n\r\n")) {
                String head = text.toString().toLowerCase(java.util.Locale.ROOT);
                int length = head.indexOf("content-length: ");
                end = text.length() + Integer.parseInt(head.substring(length + 16, head.indexOf("\r\n", length)));
            }
        }
        return text.toString();
    }

    private void keepsConnections(int port, String path) {
        while (!over) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String answer = "";
                while (!over && !answer.contains("connection: close")) {
                    answer = answer(socket, path);
                    count(answer.startsWith("HTTP/1.1 200"), "kept connection: " + answer);
                }
            } catch (IOException e) {
                count(false, "kept connection: " + e);
            }
        }
    }

    private void opensConnections(int port, String path) {
        while (!over) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                String answer = answer(socket, path);
                count(answer.startsWith("HTTP/1.1 200"), "new connection: " + answer);
            } catch (IOException e) {
                count(false, "new connection: " + e);
            }
        }
    }

    private void multiplexes(int port, String path) {
        HttpClientAgent client = installation.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        while (!over) {
            try {
                int status = client.request(HttpMethod.GET, port, "127.0.0.1", path)
                        .compose(request -> request.send())
                        .compose(response -> response.body().map(body -> response.statusCode()))
                        .await();
                count(status == 200, "stream: " + status);
            } catch (RuntimeException e) {
                count(false, "stream: " + e);
            }
        }
        Installation.await(client.close());
    }

    private void count(boolean succeeded, String what) {
        if (succeeded) {
            answers.incrementAndGet();
        } else {
            failures.add(what);
        }
    }
}
