package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the first call of a context may use beyond {@code limits.cpu}. The loops never end by themselves, and limits lie so far apart that
 * it does not matter how fast the machine is or how late the watchdog looks.
 */
class FirstCallTest {
    /** Endless for a path of {@code loop}, waits for {@code wait}, and else works for longer than {@link #LITTLE}. */
    private static final String FUNCTION = """
            export default { async fetch(request) {
              const path = new URL(request.url).pathname;
              if (path === "/loop") for (;;);
              if (path === "/wait") await fetch("http://site.example/never");
              let sum = 0;
              for (let i = 0; i < 1e6; i++) sum = (sum * 31 + i) | 0;
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

    private static Ask loop(Ask ask) {
        return ask.url("http://site.example/loop");
    }

    /** It ended as one that has the plain limit only. */
    private static void assertPlain(Answer stopped) {
        assertThat(stopped.record().outcome()).as(stopped.logs()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(stopped.record().cpu()).isBetween(LITTLE, STOPPED_LATE);
        assertThat(stopped.logs()).contains("than limits.cpu (1 ms).");
    }

    @Test
    void mayTakeWhatTheStartLeftAndTheSecondMayNot() {
        Ask ask = ask("cold", Duration.ofSeconds(10));
        Answer first = lab.ask(ask);
        assertThat(first.body()).as(first.logs()).isEqualTo("done true");
        assertThat(first.record().cpu())
                .as("all of it is counted, and it is more than the limit")
                .isGreaterThan(LITTLE);
        Answer second = lab.ask(loop(ask));
        assertThat(second.record().coldStart()).as("in the same context").isZero();
        assertPlain(second);
        Answer third = lab.ask(ask);
        assertThat(third.body())
                .as("the second was not the first of its context: " + third.logs())
                .isEqualTo("done true");
    }

    @Test
    void isStoppedBeyondBothAndTheNextContextHasThePlainLimit() {
        Duration startup = Duration.ofSeconds(2);
        Ask ask = ask("loop", startup);
        Answer first = lab.ask(loop(ask));
        assertThat(first.record().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(first.logs()).contains("limits.cpu (1 ms) and the ").contains("left of limits.startup");
        // What is told of the start includes the platform's part of it, which the limit does not.
        Duration most = startup.plus(LITTLE);
        assertThat(first.record().cpu()).isBetween(most.minus(first.record().coldStart()), most.plus(STOPPED_LATE));
        for (int again = 0; again < 2; again++) {
            Answer next = lab.ask(loop(ask));
            assertThat(next.record().coldStart()).as("in a new context").isPositive();
            assertPlain(next);
        }
    }

    @Test
    void isOneCallThoughOthersBeginBesideIt() {
        Promise<Void> begun = Promise.promise();
        Ask ask = ask("beside", Duration.ofSeconds(10)).subrequests(request -> {
            begun.tryComplete();
            return Promise.<SubrequestResponse>promise().future();
        });
        Future<Answer> first = lab.send(ask.url("http://site.example/wait").post(null));
        Lab.await(begun.future());
        assertPlain(lab.ask(loop(ask)));
        assertThat(Lab.await(first).record().outcome())
                .as("it shared the context")
                .isEqualTo(FunctionOutcome.KILLED);
    }
}
