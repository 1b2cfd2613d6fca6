package dev.verge.sandbox;

import dev.verge.sandbox.Lab.Ask;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What a neighbour keeps while one account saturates the node: prints rate and p99 of its hello, alone and beside each attack. Not a
 * test: run it on a quiet machine.
 */
final class FairnessMeasure {
    private static final int AT_A_TIME = 32;
    private static final int ATTACKERS = 64;
    private static final Duration TIME = Duration.ofSeconds(5);
    private static final String HELLO = "export default { fetch: () => new Response('hello') };";
    private static final String LOOP = "export default { fetch() { for (;;); } };";
    private static final String WORK =
            "export default { fetch() { let s = 0; for (let i = 0; i < 3e5; i++) s += i % 7; return new Response(String(s)); } };";
    private static final String BOMB =
            "export default { fetch() { const all = []; for (;;) all.push(new Uint8Array(1e8)); } };";

    private FairnessMeasure() {}

    /** What was measured, and how many processors each process had meanwhile. */
    private record Figures(double perSecond, double p99Millis, double success, Map<String, Double> processors) {
        @Override
        public String toString() {
            return "%.0f calls/s, p99 %.1f ms, %.3f %% answered; processors: %s"
                    .formatted(perSecond, p99Millis, 100 * success, processors);
        }
    }

    private static Map<String, Double> cpuSeconds(Lab lab) {
        Map<String, Double> used = new TreeMap<>();
        used.put("node and clients", cpuSeconds(ProcessHandle.current().pid()));
        lab.runtime.status().hosts().forEach(host -> used.merge(host.account(), cpuSeconds(host.pid()), Double::sum));
        return used;
    }

    private static double cpuSeconds(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(time -> time.toNanos() / 1e9)
                .orElse(0.0);
    }

    public static void main(String[] arguments) {
        try (Lab lab = new Lab(Lab.settings().withHosts(2, 6))) {
            Lab.until("spares are warm", () -> lab.runtime.status().spares() == 2);
            Ask hello = Ask.of(HELLO).account("neighbour").limits(FunctionLimits.DEFAULT);
            measure(lab, hello, Duration.ofSeconds(25));
            System.out.println("alone:          " + measure(lab, hello, TIME));
            beside(lab, hello, "CPU-bound", WORK);
            beside(lab, hello, "endless loops", LOOP);
            beside(lab, hello, "memory bombs", BOMB);
            System.out.println("alone again:    " + measure(lab, hello, TIME));
        }
    }

    private static void beside(Lab lab, Ask hello, String name, String source) {
        Ask attack = Ask.of(source).account("attacker").limits(FunctionLimits.DEFAULT);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger attacks = new AtomicInteger();
        for (int i = 0; i < ATTACKERS; i++) {
            again(lab, attack, over, attacks);
        }
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        int before = attacks.get();
        Figures figures = measure(lab, hello, TIME);
        int during = attacks.get() - before;
        over.set(true);
        System.out.printf("beside %s: %s; attacks/s %d%n", name, figures, during / TIME.toSeconds());
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
    }

    private static void again(Lab lab, Ask ask, AtomicBoolean over, AtomicInteger count) {
        if (!over.get()) {
            lab.send(ask).onComplete(end -> {
                count.incrementAndGet();
                if (end.succeeded()) {
                    again(lab, ask, over, count);
                } else {
                    // A client that is refused comes back soon.
                    lab.vertx.setTimer(10, timer -> again(lab, ask, over, count));
                }
            });
        }
    }

    private static Figures measure(Lab lab, Ask ask, Duration time) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger good = new AtomicInteger();
        long[] took = new long[1 << 20];
        Map<String, Double> before = cpuSeconds(lab);
        long start = System.nanoTime();
        for (int i = 0; i < AT_A_TIME; i++) {
            once(lab, ask, over, ended, good, took);
        }
        LockSupport.parkNanos(time.toNanos());
        over.set(true);
        int count = Math.min(ended.get(), took.length);
        double seconds = (System.nanoTime() - start) / 1e9;
        Map<String, Double> used = cpuSeconds(lab);
        used.replaceAll((who, all) -> Math.round(100 * (all - before.getOrDefault(who, all)) / seconds) / 100.0);
        long[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        return new Figures(
                count / seconds,
                sorted[(int) (count * 0.99)] / 1e6,
                good.get() / (double) Math.max(1, ended.get()),
                used);
    }

    private static void once(
            Lab lab, Ask ask, AtomicBoolean over, AtomicInteger ended, AtomicInteger good, long[] took) {
        long begun = System.nanoTime();
        lab.send(ask).onComplete(end -> {
            int number = ended.getAndIncrement();
            if (number < took.length) {
                took[number] = System.nanoTime() - begun;
            }
            if (end.succeeded() && end.result().record().outcome() == FunctionOutcome.OK) {
                good.incrementAndGet();
            }
            if (!over.get()) {
                once(lab, ask, over, ended, good, took);
            }
        });
    }
}
