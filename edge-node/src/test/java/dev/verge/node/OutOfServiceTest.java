package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.Http2Wire.Frame;
import dev.verge.sync.log.NodeOrder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A node that an operator or the control plane takes out of service, and puts back. It goes on serving who still comes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutOfServiceTest {
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch arrived = new CountDownLatch(2);
    private RawOrigin origin;
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        origin = RawOrigin.answering(head -> {
            if (head.startsWith("GET /held")) {
                arrived.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            return "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndone";
        });
        installation = new Installation(data, "functions: {spareHosts: 0}\nhealth: {listen: \"127.0.0.1:0\"}");
        installation.publish("""
                site: shop
                hosts: [a.example]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.port()));
    }

    @AfterAll
    void stop() {
        go.countDown();
        installation.close();
        origin.close();
    }

    private HttpResponse<String> admin(String method, String path) {
        return installation.send(HttpRequest.newBuilder(installation.admin(path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private Wire.Reply get(Wire wire, String path) {
        return wire.send("GET " + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n").reply();
    }

    private void inService() {
        assertThat(admin("GET", "/readyz").statusCode()).isEqualTo(200);
        assertThat(OverloadedCollectorTest.metric(installation, "verge_draining"))
                .isZero();
        try (Wire wire = new Wire(installation.node().httpPort())) {
            assertThat(get(wire, "/x").head()).doesNotContain("connection: close");
            assertThat(get(wire, "/again").status()).isEqualTo(200);
        }
    }

    @Test
    void drainTellsProbesAndConnectionsAndLosesNothing() throws IOException {
        int port = installation.node().httpPort();
        try (Wire one = new Wire(port);
                Wire idle = new Wire(port);
                Http2Wire two = new Http2Wire(port);
                Http2Wire still = new Http2Wire(port)) {
            assertThat(get(idle, "/first").status()).isEqualTo(200);
            still.get(1, "/first");
            assertThat(answer(still, 1)).isEqualTo("done");
            one.send("GET /held/1 HTTP/1.1\r\nHost: a.example\r\n\r\n");
            two.get(1, "/held/2");
            awaitArrival();

            HttpResponse<String> drain = admin("POST", "/drain");
            assertThat(drain.statusCode()).isEqualTo(202);
            assertThat(drain.body()).isEqualTo("{\"draining\":true}\n");
            // Alive, so nobody restarts it; not ready, so nobody sends it more.
            assertThat(admin("GET", "/healthz").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = admin("GET", "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(new JsonObject(ready.body()).getBoolean("draining")).isTrue();
            assertThat(OverloadedCollectorTest.metric(installation, "verge_draining"))
                    .isEqualTo(1);

            // HTTP/2 that stands is told at once, with or without a request under way (RFC 9113 §6.8).
            assertThat(still.next(Http2Wire.GOAWAY).number(4)).isZero();
            assertThat(two.next(Http2Wire.GOAWAY).number(4)).isZero();
            assertThat(still.next(-1).type()).isEqualTo(-1);
            // HTTP/1.1 hears it with its next answer, and who comes new is served and sent on.
            assertThat(get(idle, "/second").head()).contains("connection: close");
            assertThat(idle.closed()).isTrue();
            try (Wire late = new Wire(port);
                    Http2Wire lateTwo = new Http2Wire(port)) {
                assertThat(get(late, "/late").head()).contains("connection: close");
                lateTwo.get(1, "/late");
                assertThat(lateTwo.next(Http2Wire.GOAWAY).number(4)).isZero();
            }

            go.countDown();
            Wire.Reply reply = one.reply();
            assertThat(reply.content()).isEqualTo("done");
            assertThat(reply.head()).contains("connection: close");
            assertThat(answer(two, 1)).isEqualTo("done");
        }
        HttpResponse<String> back = admin("DELETE", "/drain");
        assertThat(back.statusCode()).isEqualTo(202);
        assertThat(back.body()).isEqualTo("{\"draining\":false}\n");
        inService();
        HttpResponse<String> asked = admin("GET", "/drain");
        assertThat(asked.statusCode()).isEqualTo(405);
        assertThat(asked.headers().firstValue("allow")).contains("POST, DELETE");
    }

    private void awaitArrival() {
        try {
            arrived.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String answer(Http2Wire wire, int stream) throws IOException {
        StringBuilder content = new StringBuilder();
        while (true) {
            Frame frame = wire.next();
            assertThat(frame.type()).isNotIn(-1, Http2Wire.RST_STREAM);
            if (frame.stream() == stream && frame.type() == Http2Wire.DATA) {
                content.append(frame.text());
            }
            if (frame.stream() == stream && frame.last()) {
                return content.toString();
            }
        }
    }

    @Test
    void theControlPlanesOrderHoldsUntilItIsTakenBackWhateverTheAdminPortSays() {
        installation.applied(installation.log.commit(new NodeOrder("n", true)));
        assertThat(admin("GET", "/readyz").statusCode()).isEqualTo(503);
        // The operator at the machine cannot put back what the control plane took out.
        assertThat(admin("DELETE", "/drain").body()).isEqualTo("{\"draining\":true}\n");
        try (Wire wire = new Wire(installation.node().httpPort())) {
            assertThat(get(wire, "/ordered").head()).contains("connection: close");
        }
        installation.applied(installation.log.commit(new NodeOrder("n", false)));
        inService();
    }
}
