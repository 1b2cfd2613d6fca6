package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.node.origin.TestNames;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An origin by name moves to another address while it is being asked. */
class DnsChangeTest {
    private static final int CLIENTS = 8;

    /** An origin at one address that says where it is. */
    private static final class At implements AutoCloseable {
        final AtomicInteger connections = new AtomicInteger();
        final AtomicInteger requests = new AtomicInteger();
        private final HttpServer server;

        At(Vertx vertx, String address, int port) {
            server = Installation.await(vertx.createHttpServer()
                    .connectionHandler(connection -> {
                        connections.incrementAndGet();
                        connection.closeHandler(closed -> connections.decrementAndGet());
                    })
                    .requestHandler(request -> {
                        requests.incrementAndGet();
                        request.response()
                                .putHeader("cache-control", "no-store")
                                .end(address);
                    })
                    .listen(port, address));
        }

        int port() {
            return server.actualPort();
        }

        @Override
        public void close() {
            Installation.await(server.close());
        }
    }

    @Test
    void noRequestFailsNewOnesGoToTheNewAddressAndOldConnectionsAreRetired(@TempDir Path data) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        try (TestNames names = new TestNames()) {
            names.put("origin.test", "127.0.0.2");
            try (Installation installation = new Installation(
                    data, "functions: {spareHosts: 0}\ndns: {servers: [\"127.0.0.1:" + names.port() + "\"]}")) {
                At old = new At(installation.vertx, "127.0.0.2", 0);
                try (At moved = new At(installation.vertx, "127.0.0.3", old.port())) {
                    installation.publish("""
                            site: shop
                            hosts: [127.0.0.1]
                            pools: {app: {origins: [{url: "http://origin.test:%d"}], retries: {attempts: 1}}}
                            """.formatted(old.port()));
                    List<Thread> clients = IntStream.range(0, CLIENTS)
                            .mapToObj(i -> Thread.ofVirtual().start(() -> {
                                while (!over.get()) {
                                    HttpResponse<String> answer = installation.get("/" + i);
                                    answered.incrementAndGet();
                                    if (answer.statusCode() != 200) {
                                        failures.add(answer.statusCode() + " " + answer.headers());
                                    }
                                }
                            }))
                            .toList();
                    Installation.until("the first address under load", () -> old.requests.get() > 200);
                    assertThat(moved.requests).hasValue(0);

                    names.put("origin.test", "127.0.0.3");
                    Installation.until("the new address", () -> moved.requests.get() > 200);
                    Installation.until("the old connections to be retired", () -> old.connections.get() == 0);
                    // Nobody comes any more: it can be switched off.
                    int last = old.requests.get();
                    old.close();
                    int until = moved.requests.get() + 500;
                    Installation.until("more requests", () -> moved.requests.get() > until);
                    over.set(true);
                    for (Thread client : clients) {
                        client.join();
                    }
                    assertThat(old.requests).hasValue(last);
                    assertThat(failures).isEmpty();
                    assertThat(answered.get()).isGreaterThan(900);
                }
            }
        }
    }
}
