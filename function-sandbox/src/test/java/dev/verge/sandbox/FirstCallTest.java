package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the calls of a function that is new in its host may use beyond {@code limits.cpu}. The loops never end by themselves, and limits
 * lie so far apart that it does not matter how fast the machine is or how late the watchdog looks.
 */
class FirstCallTest {
    /** Endless for a path of {@code loop}, and else works for longer than {@link #LITTLE}, compiled or not. */
    private static final String FUNCTION = """
            export default { fetch(request) {
              if (new URL(request.url).pathname === "/loop") for (;;);
              let sum = 0;
              for (let i = 0; i < 1e7; i++) sum = (sum * 31 + i) | 0;
              return new Response("done " + (sum !== 1));
            } };""";

    private static final Duration LITTLE = Duration.ofMillis(1);
    /** More than a plain limit of {@link #LITTLE} ever lets a call use, however late it is stopped. */
    private static final Duration STOPPED_LATE = Duration.ofMillis(600);

    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    /** Functions that differ, so that each test begins with a context of its own. */
    private static Ask ask(String name, Duration startup) {
        FunctionLimits some = FunctionLimits.DEFAULT;
        FunctionLimits limits = new FunctionLimits(
                LITTLE,
                some.wall(),
                some.memoryBytes(),
                some.allocatedBytes(),
                some.subrequests(),
                some.concurrentSubrequests(),
                some.logBytes(),
                startup,
                some.codeBytes());
        return Ask.of("// " + name + "\n" + FUNCTION).limits(limits);
    }

    @Test
    void callsMayTakeWhatTheStartLeft() {
        Ask ask = ask("new", Duration.ofSeconds(10));
        for (int call = 0; call < 5; call++) {
            Answer answer = lab.ask(ask);
            assertThat(answer.body()).as(answer.logs()).isEqualTo("done true");
            assertThat(answer.record().cpu())
                    .as("all of it is counted, and it is more than the limit")
                    .isGreaterThan(LITTLE);
            assertThat(answer.record().coldStart().isZero())
                    .as("in the same context as the call before")
                    .isEqualTo(call > 0);
        }
    }

    @Test
    void aLoopEndsEachTimeAndHasThePlainLimitWhenAllIsUsed() {
        Duration startup = Duration.ofMillis(200);
        Ask loop = ask("loop", startup).url("http://site.example/loop");
        Duration most = startup.plus(LITTLE);
        Duration used = Duration.ZERO;
        int calls = 0;
        Answer stopped;
        do {
            stopped = lab.ask(loop);
            calls++;
            used = used.plus(stopped.record().cpu());
            assertThat(stopped.record().outcome()).as(stopped.logs()).isEqualTo(FunctionOutcome.OVER_CPU);
            assertThat(stopped.record().cpu()).isLessThan(most.plus(STOPPED_LATE));
            assertThat(stopped.record().coldStart()).as("in a new context").isPositive();
        } while (stopped.logs().contains("on top while its code is new") && calls < 20);
        assertThat(stopped.logs()).contains("Used more CPU time than limits.cpu (1 ms).");
        assertThat(stopped.record().cpu()).isLessThan(LITTLE.plus(STOPPED_LATE));
        assertThat(calls).as("some had more than the plain limit").isGreaterThan(1);
        assertThat(used)
                .as("all together had no more than five starts")
                .isLessThan(
                        startup.multipliedBy(5).plus(LITTLE.plus(STOPPED_LATE).multipliedBy(calls)));
        assertThat(lab.ask(loop).logs()).as("it stays so").contains("Used more CPU time than limits.cpu (1 ms).");
    }
}
