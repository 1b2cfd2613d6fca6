package dev.verge.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More pools than a node keeps while nobody uses them: their connections end, and they serve again when they are asked. */
class IdlePoolsTest {
    private static final int POOLS = 60;
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void ofManyPoolsTheLastUsedAreKept(@TempDir Path data) {
        AtomicInteger open = new AtomicInteger();
        try (Installation installation = new Installation(data, "limits: {idlePools: 4}");
                RawOrigin origin = new RawOrigin((socket, out) -> {
                    open.incrementAndGet();
                    try {
                        do {
                            RawOrigin.write(out, ANSWER);
                        } while (RawOrigin.another(socket.getInputStream()));
                    } finally {
                        open.decrementAndGet();
                    }
                })) {
            installation.publish(site(origin.port()));
            IntStream.range(0, POOLS).forEach(i -> asked(installation, i));
            Installation.until("connections of unused pools are closed", () -> open.get() <= 6);
            double kept = OverloadedCollectorTest.metric(installation, "verge_pools");
            assertThat(kept).isBetween(4.0, 15.0); // how many looks a connection takes to close is for its loop to say
            assertThat(OverloadedCollectorTest.metric(installation, "verge_pools_given_up_total"))
                    .isEqualTo(POOLS - kept);
            assertThat(OverloadedCollectorTest.metric(
                            installation, "verge_pool_requests{pool=\"p0\",site=\"default/shop\"}"))
                    .isNegative();

            asked(installation, 0);
            assertThat(OverloadedCollectorTest.metric(
                            installation, "verge_pool_requests{pool=\"p0\",site=\"default/shop\"}"))
                    .isZero();
            // Each came as the first on a connection of its own: the former one of p0 was closed.
            assertThat(origin.heads).hasSize(POOLS + 1);
        }
    }

    private static void asked(Installation installation, int pool) {
        assertThat(installation.get("/p" + pool).statusCode()).isEqualTo(200);
    }

    private static String site(int port) {
        return """
                site: shop
                hosts: [127.0.0.1]
                defaultPool: p0
                pools:
                %s
                rules:
                %s
                """.formatted(
                        lines("  p%1$d: {origins: [{url: \"http://127.0.0.1:" + port + "\"}]}"),
                        lines("  - {name: r%1$d, when: {path: /p%1$d}, do: [{pool: p%1$d}]}"));
    }

    private static String lines(String line) {
        return IntStream.range(0, POOLS).mapToObj(line::formatted).collect(Collectors.joining("\n"));
    }
}
