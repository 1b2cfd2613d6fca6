package dev.verge.sandbox;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** Prints the figures of this module's README. Run by hand, on a quiet machine. */
final class Measure {
    private static final String HELLO = "export default { fetch: (request) => new Response('hello') };";
    private static final int AT_A_TIME = 64;

    private int started;
    private int ended;

    private Measure() {}

    public static void main(String[] arguments) throws IOException {
        long boot = System.nanoTime();
        try (Lab lab = new Lab(Lab.settings().withHosts(1, 4))) {
            Lab.until("a spare", () -> !lab.runtime.status().hosts().isEmpty());
            System.out.printf(
                    "boot until usable: %d ms%n",
                    Duration.ofNanos(System.nanoTime() - boot).toMillis());
            Lab.until("a warm spare", () -> lab.runtime.status().spares() == 1);
            System.out.printf(
                    "boot until exercised: %d ms%n",
                    Duration.ofNanos(System.nanoTime() - boot).toMillis());
            long pid = lab.runtime.status().hosts().getFirst().pid();
            System.out.printf("%s; spare %s%n", lab.runtime.engine(), rss(pid));
            long cold = System.nanoTime();
            Answer first = lab.ask(HELLO);
            System.out.printf(
                    "cold start with a spare: %.1f ms, of it evaluation %.1f ms CPU%n",
                    (System.nanoTime() - cold) / 1e6, first.record().coldStart().toNanos() / 1e6);
            long[] single = new long[2000];
            for (int i = 0; i < single.length; i++) {
                long start = System.nanoTime();
                lab.ask(HELLO);
                single[i] = System.nanoTime() - start;
            }
            Arrays.sort(single);
            System.out.printf("one at a time: p50 %.0f us, p99 %.0f us%n", single[1000] / 1e3, single[1980] / 1e3);
            for (int round = 0; round < 5; round++) {
                int calls = 40_000;
                long start = System.nanoTime();
                new Measure().run(lab, calls);
                System.out.printf(
                        "%d at a time: %.0f calls/s%n", AT_A_TIME, calls / ((System.nanoTime() - start) / 1e9));
            }
            System.out.printf("after load: host %s%n", rss(pid));
        }
    }

    private void run(Lab lab, int calls) {
        Promise<Void> all = Promise.promise();
        FunctionCall call = Ask.of(HELLO).call();
        lab.context.runOnContext(nothing -> {
            for (int i = 0; i < AT_A_TIME; i++) {
                next(lab, call, calls, all);
            }
        });
        Lab.await(all.future());
    }

    private void next(Lab lab, FunctionCall call, int calls, Promise<Void> all) {
        if (started++ >= calls) {
            return;
        }
        lab.runtime
                .invoke(call)
                .compose(result -> Source.read(result.body()).compose(body -> result.done()))
                .onComplete(record -> {
                    if (++ended == calls) {
                        all.complete();
                    }
                    next(lab, call, calls, all);
                });
    }

    private static String rss(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("");
    }
}
