package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are about one request only, while others wait for it. */
class OwnAnswersTest {
    private static final String UNSATISFIABLE = """
            HTTP/1.1 416 Range Not Satisfiable
            Content-Range: bytes */10
            Content-Length: 0
            Connection: close

            """.replace("\n", "\r\n");
    private static final int CLIENTS = 16;
    /** The leaders of the few rounds in which the others wait, and who came late to one of them. */
    private static final int ANSWERED_AT_ONCE = 6;

    @Test
    void thoseWhoWaitedDoNotAskOneAfterTheOther(@TempDir Path data) {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch allSent = new CountDownLatch(1);
        CountDownLatch together = new CountDownLatch(2);
        try (RawOrigin origin = new RawOrigin((socket, out) -> {
                    int number = asked.incrementAndGet();
                    if (number > ANSWERED_AT_ONCE) {
                        together.countDown();
                    }
                    if (!reached(number > ANSWERED_AT_ONCE ? together : allSent)) {
                        throw new IOException("the others wait for this one");
                    }
                    RawOrigin.write(out, UNSATISFIABLE);
                });
                Installation installation = new Installation(data, "")) {
            installation.publish("""
                    site: shop
                    hosts: [127.0.0.1]
                    pools: {app: {origins: [{url: "http://127.0.0.1:%d"}]}}
                    """.formatted(origin.port()));
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                HttpRequest request = installation
                        .request("/short", "Range", "bytes=" + (50 + i) + "-")
                        .build();
                answers.add(installation.client.sendAsync(request, BodyHandlers.ofString()));
            }
            Installation.until("all to be in the node", () -> metric(installation) == CLIENTS);
            allSent.countDown();

            assertThat(answers.stream().map(CompletableFuture::join))
                    .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(416));
            assertThat(asked.get()).isEqualTo(CLIENTS);
        }
    }

    private static boolean reached(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static double metric(Installation installation) {
        return installation
                .send(HttpRequest.newBuilder(installation.admin("/metrics")).build())
                .body()
                .lines()
                .filter(line -> line.startsWith("verge_requests_active "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
