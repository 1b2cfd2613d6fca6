package dev.verge.node.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionVersion;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.LogLine;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The record of a run under the names that scripts read. */
class FunctionRecordTest {
    private static JsonObject json(String traceparent) {
        InvocationRecord run = new InvocationRecord(
                "request-7",
                new FunctionVersion("acme", "shop", "3", "", FunctionLimits.DEFAULT, Map.of()),
                FunctionOutcome.OVER_CPU,
                503,
                Duration.ofNanos(50_123_456),
                Duration.ofMillis(61),
                Duration.ofNanos(4_500),
                Duration.ZERO,
                2_000,
                1_000,
                2,
                List.of(new LogLine(Instant.EPOCH, "warn", "say \"so\"")),
                traceparent);
        StringBuilder out = new StringBuilder();
        new FunctionRecord(run).json(out);
        return new JsonObject(out.toString());
    }

    @Test
    void hasItsTimesInMilliseconds() {
        assertThat(json("00-1-2-01")).isEqualTo(new JsonObject("""
                        {"id": "request-7", "account": "acme", "function": "shop", "version": "3", "outcome": "over-cpu",
                         "status": 503, "cpuMs": 50.123, "wallMs": 61.000, "waitMs": 0.004, "coldStartMs": 0.000,
                         "allocatedBytes": 2000, "peakBytes": 1000, "subrequests": 2, "traceparent": "00-1-2-01",
                         "logs": [{"at": "1970-01-01T00:00:00Z", "level": "warn", "text": "say \\"so\\""}]}"""));
    }

    @Test
    void saysNothingOfATraceThatIsNotThere() {
        assertThat(json("").fieldNames()).contains("id").doesNotContain("traceparent");
    }
}
