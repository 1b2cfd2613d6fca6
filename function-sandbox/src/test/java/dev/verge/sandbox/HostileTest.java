package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every function of the folder {@code hostile} ends as its first line says and in time, and a neighbour account notices nothing. The
 * profile {@code hostile} runs those, too, that take long or end their host, and measures the memory they take.
 */
class HostileTest {
    private static final boolean ALL = "all".equals(System.getProperty("hostile"));

    /** Found in the names of those that are run. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("hostile.only", ""));

    private static final String HELLO = "export default { fetch: () => new Response('hello') };";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long MEBIBYTE = 1 << 20;
    private static final long MAX_GROWTH_BYTES = 300 * MEBIBYTE;
    private static final long MAX_GROWTH_AFTERWARDS_BYTES = 150 * MEBIBYTE;

    /** What an attack could have left in what others use. */
    private static final String CLEAN = """
            export default { async fetch(request) {
              const wrong = [];
              for (const key in {}) wrong.push(key);
              if ([..."ab"].length !== 2 || "a b".split(" ").length !== 2 || new Map([[1, 2]]).get(1) !== 2) wrong.push("builtins");
              if (new Headers({ a: "b" }).get("a") !== "b" || await new Response("x").text() !== "x") wrong.push("web api");
              return new Response(wrong.join() || "clean");
            } };""";

    private static Lab lab;

    @BeforeAll
    static void boot() {
        // Hosts as in earnest: one that has practised nothing is slow to stop.
        lab = new Lab(Lab.settings().withHosts(1, 4).withExercise(Duration.ofSeconds(3)));
        assertThat(lab.ask(Ask.of(HELLO).account("neighbour")).body()).isEqualTo("hello");
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    static Stream<HostileCase> attacks() {
        return HostileCase.all().stream()
                .filter(attack -> ALL || !attack.slow())
                .filter(attack -> ONLY.matcher(attack.name()).find());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isContained(HostileCase attack) {
        String account = attack.fresh() ? "bomber" : "attacker";
        lab.ask(Ask.of(HELLO).account(account));
        // Else what the next spare takes while it boots would count as taken by the attack.
        Lab.until("a spare is warm", () -> lab.runtime.status().spares() == 1);
        long neighbourPid = pidOf("neighbour");
        List<Long> hosts = pids();
        try (ResidentMemory memory = ResidentMemory.watch(ALL && attack.fresh(), HostileTest::pids)) {
            Ask ask = Ask.of(attack.source()).account(account).limits(attack.limits());
            Answer end = attackOnce(attack, ask);
            for (int turn = 1; turn < attack.repeat() && end.record().outcome() == FunctionOutcome.OK; turn++) {
                end = attackOnce(attack, ask);
            }
            assertThat(end.record().outcome()).as(end.logs()).isIn(attack.outcomes());
            if (attack.body() != null) {
                assertThat(end.body()).isEqualTo(attack.body());
            }
            assertThat(lab.ask(Ask.of(CLEAN).account("neighbour")).body()).isEqualTo("clean");
            assertThat(lab.ask(Ask.of(CLEAN).account(account)).body()).isEqualTo("clean");
            assertThat(pidOf("neighbour")).as("the neighbour's host").isEqualTo(neighbourPid);
            if (!attack.fresh()) {
                assertThat(pids()).as("hosts").containsAll(hosts);
            }
            if (ALL && attack.fresh()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(10));
                System.out.printf(
                        "%-36s grew by %d MiB, %d MiB left after 10 s%n",
                        attack, memory.mostGrowth() / MEBIBYTE, memory.growth() / MEBIBYTE);
                assertThat(memory.mostGrowth()).isLessThan(MAX_GROWTH_BYTES);
                assertThat(memory.growth()).isLessThan(MAX_GROWTH_AFTERWARDS_BYTES);
            }
        }
    }

    /** Attacks while the neighbour is served. */
    private static Answer attackOnce(HostileCase attack, Ask ask) {
        long start = System.nanoTime();
        Future<Answer> running = lab.send(ask);
        Answer hello = lab.ask(Ask.of(HELLO).account("neighbour"));
        assertThat(hello.body())
                .as("the neighbour's %s %s", hello.record().outcome(), hello.logs())
                .isEqualTo("hello");
        Answer end = Lab.await(running);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (ALL) {
            System.out.printf(
                    "%-36s %-16s %6d ms%n", attack, end.record().outcome().word(), took.toMillis());
        }
        // A build shares its machine: what it asserts is that there is an end, the profile asserts how soon.
        assertThat(took).as("time until it is stopped").isLessThan(ALL ? attack.within() : PATIENCE);
        return end;
    }

    private static List<Long> pids() {
        return lab.runtime.status().hosts().stream()
                .map(RuntimeStatus.Host::pid)
                .toList();
    }

    private static long pidOf(String account) {
        return lab.runtime.status().hosts().stream()
                .filter(host -> host.account().equals(account))
                .mapToLong(RuntimeStatus.Host::pid)
                .findFirst()
                .orElse(-1);
    }
}
