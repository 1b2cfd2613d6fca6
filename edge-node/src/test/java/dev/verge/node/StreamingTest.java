package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamingTest {
    private static final int CHUNK = 64 * 1024;
    private static final long HUGE = 100L << 20;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong written = new AtomicLong();
    private Installation installation;

    @BeforeAll
    void start(@TempDir Path data) {
        HttpServer origin = Installation.await(vertx.createHttpServer()
                .requestHandler(request -> {
                    asked.incrementAndGet();
                    HttpServerResponse response = request.response();
                    String[] parts = request.uri().split("/", -1);
                    response.putHeader("cache-control", parts[1].equals("keep") ? "max-age=600" : "no-store");
                    long bytes = Long.parseLong(parts[2]);
                    response.putHeader("content-length", Long.toString(bytes));
                    byte[] filling = new byte[CHUNK];
                    Arrays.fill(filling, (byte) 'x');
                    send(response, Buffer.buffer(filling), bytes);
                })
                .listen(0, "127.0.0.1"));
        installation = new Installation(data, "");
        installation.publish("""
                site: shop
                hosts: [127.0.0.1]
                pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                """.formatted(origin.actualPort()));
    }

    @AfterAll
    void stop() {
        installation.close();
        Installation.await(vertx.close());
    }

    private void send(HttpServerResponse response, Buffer chunk, long left) {
        long next = left;
        while (next > 0 && !response.writeQueueFull()) {
            int size = (int) Math.min(chunk.length(), next);
            response.write(size == chunk.length() ? chunk : chunk.slice(0, size));
            written.addAndGet(size);
            next -= size;
        }
        long rest = next;
        if (rest == 0) {
            response.end();
        } else {
            response.drainHandler(drained -> send(response, chunk, rest));
        }
    }

    private long read(String path) throws Exception {
        long sum = 0;
        try (InputStream body = installation
                .client
                .send(installation.request(path).build(), BodyHandlers.ofInputStream())
                .body()) {
            byte[] piece = new byte[CHUNK];
            for (int n = body.read(piece); n >= 0; n = body.read(piece)) {
                sum += n;
            }
        }
        return sum;
    }

    @Test
    void streamsAHugeObjectThroughMissAndHitWithBoundedMemory() throws Exception {
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        int asksBefore = asked.get();

        assertThat(read("/keep/" + HUGE)).isEqualTo(HUGE);
        assertThat(read("/keep/" + HUGE)).isEqualTo(HUGE);

        assertThat(asked.get() - asksBefore).isEqualTo(1);
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                .isLessThan(HUGE / 2);
    }

    @Test
    void aSlowClientStallsNobodyElse() throws Exception {
        String path = "/keep/" + (20L << 20);
        try (Socket slow =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            RawOrigin.write(slow.getOutputStream(), "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertThat(slow.getInputStream().read()).isEqualTo('H');

            assertThat(read(path)).isEqualTo(20L << 20);
        }
    }

    @Test
    void aSlowClientSlowsTheOriginDownWhenNothingIsStored() throws IOException {
        written.set(0);
        long bytes = 200L << 20;
        try (Socket slow =
                new Socket(InetAddress.getLoopbackAddress(), installation.node().httpPort())) {
            slow.setReceiveBufferSize(8192);
            RawOrigin.write(slow.getOutputStream(), "GET /pass/" + bytes + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertThat(slow.getInputStream().read()).isEqualTo('H');
            AtomicLong last = new AtomicLong(-1);
            AtomicInteger same = new AtomicInteger();
            Installation.until("the origin to wait", () -> {
                long now = written.get();
                same.set(now == last.getAndSet(now) ? same.get() + 1 : 0);
                return same.get() > 100;
            });

            assertThat(written.get()).isLessThan(bytes / 2);
        }
    }
}
