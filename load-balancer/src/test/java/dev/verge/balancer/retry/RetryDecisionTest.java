package dev.verge.balancer.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.balancer.options.Retries;
import dev.verge.balancer.options.RetryCondition;
import dev.verge.balancer.options.SamplePools;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The retry rules as a table. Defaults: attempts 2, on connect-failure, reset, timeout, 502, 503, 504. */
class RetryDecisionTest {

    @ParameterizedTest(name = "{0} of {1}: sent {2}, replayable {3}, counted {4}, untried {5}, budget {6} → {7}")
    @CsvSource(delimiter = '|', textBlock = """
        # result  | method | sent  | replay | counted | untried | budget | expected
        # No connection: nothing was sent, so any method moves on, outside attempts and budget.
        connect   | GET    | false | true   | 1       | 1       | true   | MOVE_ON
        connect   | POST   | false | true   | 1       | 1       | true   | MOVE_ON
        connect   | GET    | false | true   | 9       | 1       | false  | MOVE_ON
        connect   | POST   | true  | true   | 1       | 1       | true   | MOVE_ON
        # All tried: the same ones again, within attempts and budget.
        connect   | GET    | false | true   | 1       | 0       | true   | ANY
        connect   | GET    | false | true   | 2       | 0       | true   | ATTEMPTS_USED
        connect   | GET    | false | true   | 1       | 0       | false  | BUDGET_USED
        connect   | POST   | false | false  | 1       | 1       | true   | NOT_REPLAYABLE
        # A reset before any response byte: only idempotent methods, or nothing sent yet.
        reset     | GET    | true  | true   | 1       | 1       | true   | MOVE_ON
        reset     | PUT    | true  | true   | 7       | 2       | false  | MOVE_ON
        reset     | POST   | true  | true   | 1       | 1       | true   | NOT_IDEMPOTENT
        reset     | POST   | false | true   | 1       | 1       | true   | MOVE_ON
        reset     | PUT    | true  | false  | 1       | 1       | true   | NOT_REPLAYABLE
        reset     | GET    | true  | true   | 1       | 0       | true   | ANY
        reset     | GET    | true  | true   | 2       | 0       | true   | ATTEMPTS_USED
        # Time-outs count, and go elsewhere when there is an elsewhere.
        timeout   | GET    | true  | true   | 1       | 1       | true   | UNTRIED
        timeout   | GET    | true  | true   | 1       | 0       | true   | ANY
        timeout   | GET    | true  | true   | 2       | 1       | true   | ATTEMPTS_USED
        timeout   | GET    | true  | true   | 1       | 1       | false  | BUDGET_USED
        timeout   | POST   | true  | true   | 1       | 1       | true   | NOT_IDEMPOTENT
        timeout   | POST   | false | true   | 1       | 1       | true   | UNTRIED
        # A status counts, and is retried only at a different origin.
        503       | GET    | true  | true   | 1       | 1       | true   | UNTRIED
        503       | GET    | true  | true   | 1       | 0       | true   | NO_OTHER_ORIGIN
        503       | GET    | true  | true   | 2       | 1       | true   | ATTEMPTS_USED
        503       | GET    | true  | true   | 1       | 1       | false  | BUDGET_USED
        503       | POST   | true  | true   | 1       | 1       | true   | NOT_IDEMPOTENT
        503       | PUT    | true  | false  | 1       | 1       | true   | NOT_REPLAYABLE
        500       | GET    | true  | true   | 1       | 1       | true   | NOT_RETRYABLE
        429       | GET    | true  | true   | 1       | 1       | true   | NOT_RETRYABLE
        200       | GET    | true  | true   | 1       | 1       | true   | NOT_RETRYABLE
        404       | GET    | true  | true   | 1       | 1       | true   | NOT_RETRYABLE
        # A response that had begun.
        broken    | GET    | true  | true   | 1       | 1       | true   | NOT_RETRYABLE
        """)
    void decides(
            String result,
            String method,
            boolean sent,
            boolean replayable,
            int counted,
            int untried,
            boolean budget,
            String expected) {
        RetryDecision decision = RetryDecision.decide(
                new RetryFacts(
                        method, sent, replayable, result(result), counted, untried, budget, Duration.ofSeconds(9)),
                SamplePools.retries(2),
                new SplittableRandom(1));
        assertThat(name(decision)).isEqualTo(expected);
    }

    @Test
    void onlyListedConditionsAreRetried() {
        Retries only429 = retries(3, List.of(RetryCondition.status(429)), Duration.ofMillis(25));
        assertThat(name(decide(only429, new TryResult.Status(429), 1, 1))).isEqualTo("UNTRIED");
        assertThat(name(decide(only429, new TryResult.Status(503), 1, 1))).isEqualTo("NOT_RETRYABLE");
        assertThat(name(decide(only429, new TryResult.ConnectFailed(), 1, 1))).isEqualTo("NOT_RETRYABLE");
        assertThat(name(decide(only429, new TryResult.Reset(), 1, 1))).isEqualTo("NOT_RETRYABLE");
        assertThat(name(decide(only429, new TryResult.TimedOut(), 1, 1))).isEqualTo("NOT_RETRYABLE");
    }

    @Test
    void nothingIsRetriedWhenTheTotalTimeIsOver() {
        for (TryResult result : List.of(new TryResult.ConnectFailed(), new TryResult.Status(503))) {
            RetryDecision decision = RetryDecision.decide(
                    new RetryFacts("GET", true, true, result, 1, 1, true, Duration.ZERO),
                    SamplePools.retries(2),
                    new SplittableRandom(1));
            assertThat(decision).isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.OUT_OF_TIME));
        }
    }

    @Test
    void pauseThatWouldOutlastTheTotalTimeStops() {
        RetryDecision decision = RetryDecision.decide(
                new RetryFacts("GET", true, true, new TryResult.Status(503), 1, 1, true, Duration.ofMillis(10)),
                SamplePools.retries(2),
                new SplittableRandom(1));
        assertThat(decision).isEqualTo(new RetryDecision.Stop(RetryDecision.Reason.OUT_OF_TIME));
    }

    @Test
    void pauseDoublesWithJitterAndStaysBounded() {
        Retries many = retries(20, List.of(RetryCondition.status(503)), Duration.ofMillis(10));
        for (int counted = 1; counted < 20; counted++) {
            long full = 10L << Math.min(counted - 1, 6);
            RetryDecision decision = decide(many, new TryResult.Status(503), counted, 1);
            assertThat(decision).isInstanceOf(RetryDecision.TryAgain.class);
            assertThat(((RetryDecision.TryAgain) decision).backoff())
                    .isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
        }
    }

    @Test
    void noPauseMeansNoPause() {
        Retries quick = retries(2, List.of(RetryCondition.status(503)), Duration.ZERO);
        assertThat(decide(quick, new TryResult.Status(503), 1, 1))
                .isEqualTo(new RetryDecision.TryAgain(RetryDecision.Target.UNTRIED, Duration.ZERO));
    }

    private static RetryDecision decide(Retries options, TryResult result, int counted, int untried) {
        return RetryDecision.decide(
                new RetryFacts("GET", true, true, result, counted, untried, true, Duration.ofSeconds(60)),
                options,
                new SplittableRandom(counted));
    }

    private static Retries retries(int attempts, List<RetryCondition> on, Duration backoff) {
        return new Retries(attempts, on, List.of("GET"), null, 20, 3, backoff, null);
    }

    private static TryResult result(String text) {
        return switch (text) {
            case "connect" -> new TryResult.ConnectFailed();
            case "reset" -> new TryResult.Reset();
            case "timeout" -> new TryResult.TimedOut();
            case "broken" -> new TryResult.Broken();
            default -> new TryResult.Status(Integer.parseInt(text));
        };
    }

    private static String name(RetryDecision decision) {
        return switch (decision) {
            case RetryDecision.MoveOn() -> "MOVE_ON";
            case RetryDecision.TryAgain(var target, var _) -> target.name();
            case RetryDecision.Stop(var reason) -> reason.name();
        };
    }
}
