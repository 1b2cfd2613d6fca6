package dev.verge.control.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *            | 2026-03-04T05:06:00Z | true",
                "*/5 * * * *          | 2026-03-04T05:05:59Z | true",
                "*/5 * * * *          | 2026-03-04T05:06:00Z | false",
                "0 0 * * *            | 2026-03-04T00:00:00Z | true",
                "10-20/5 * * * *      | 2026-03-04T00:20:00Z | true",
                "10-20/5 * * * *      | 2026-03-04T00:25:00Z | false",
                "1,2,50/4 * * * *     | 2026-03-04T00:58:00Z | true",
                "0 12 * JAN,mar *     | 2026-03-04T12:00:00Z | true",
                "0 12 * * MON-FRI     | 2026-03-07T12:00:00Z | false",
                "0 12 * * SAT         | 2026-03-07T12:00:00Z | true",
                "0 12 * * 7           | 2026-03-08T12:00:00Z | true",
                "0 12 * * 0           | 2026-03-08T12:00:00Z | true",
                "0 12 * * 5-7         | 2026-03-08T12:00:00Z | true",
                "0 12 13 * FRI        | 2026-03-13T12:00:00Z | true",
                "0 12 13 * FRI        | 2026-03-20T12:00:00Z | true",
                "0 12 13 * FRI        | 2026-04-13T12:00:00Z | true",
                "0 12 13 * FRI        | 2026-04-14T12:00:00Z | false",
                "0 12 */2 * FRI       | 2026-03-13T12:00:00Z | true",
                "0 12 */2 * FRI       | 2026-03-20T12:00:00Z | false",
                "0 0 29 2 *           | 2028-02-29T00:00:00Z | true",
            })
    void anExpressionIsDueInItsMinutes(String expression, Instant time, boolean due) {
        assertThat(cron(expression).matches(time)).isEqualTo(due);
    }

    @Test
    void everyMinuteOfADayIsCountedOnce() {
        Instant midnight = Instant.parse("2026-03-04T00:00:00Z");
        Cron quarters = cron("*/15 8-17 * * *");
        long due = 0;
        for (int minute = 0; minute < 1440; minute++) {
            due += quarters.matches(midnight.plus(Duration.ofMinutes(minute))) ? 1 : 0;
        }
        assertThat(due).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 * * * *     | [0].minute       | 0 to 59",
                "* 24 * * *     | [0].hour         | 0 to 23",
                "* * 0 * *      | [0].day-of-month | 1 to 31",
                "* * * 13 *     | [0].month        | 1 to 12",
                "* * * * 8      | [0].day-of-week  | 0 to 7",
                "5-1 * * * *    | [0].minute       | turn the range",
                "*/0 * * * *    | [0].minute       | a step from 1",
                "a * * * *      | [0].minute       | a number for a",
                "1,,2 * * * *   | [0].minute       | write values like",
                "-1 * * * *     | [0].minute       | a number",
                "0 0 * * FUN    | [0].day-of-week  | a number for FUN",
                "0 0 31 2 *     | [0]              | the day of month or the month",
                "* * * *        | [0]              | five fields",
                "* * * * * *    | [0]              | five fields",
                "@daily         | [0]              | 0 0 * * *",
            })
    void aMistakeNamesItsFieldAndTheWayOut(String expression, String path, String said) {
        List<Problem> mistakes = Cron.parse(expression, "[0]").mistakes();
        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.getFirst().path()).isEqualTo(path);
        assertThat(mistakes.getFirst().rule() + "; " + mistakes.getFirst().fix())
                .contains(said);
    }

    @Test
    void everyFieldsMistakeIsTold() {
        assertThat(Cron.parse("60 24 0 13 8", "").mistakes()).hasSize(5);
    }

    private static Cron cron(String expression) {
        return switch (Cron.parse(expression, "")) {
            case Bound.Valid<Cron>(Cron cron) -> cron;
            case Bound.Invalid<Cron>(List<Problem> problems) -> throw new AssertionError(problems.toString());
        };
    }
}
