package dev.verge.node.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.cache.http.HttpFields;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, as it is read and written. */
class TraceContextTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String VALID = "00-" + TRACE + "-" + SPAN + "-01";

    private static HttpFields fields(String traceparent, String... states) {
        HttpFields.Builder fields = HttpFields.builder().add("Traceparent", traceparent);
        for (String state : states) {
            fields.add("tracestate", state);
        }
        return fields.build();
    }

    private static TraceContext readable(HttpFields fields) {
        TraceContext read = TraceContext.read(fields);
        if (read == null) {
            throw new AssertionError("cannot be read: " + fields);
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource({
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00, false",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff, true",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-02, false",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01, true",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later, true",
    })
    void aValidOneIsRead(String line, boolean sampled) {
        assertThat(TraceContext.read(fields(line))).isEqualTo(new TraceContext(TRACE, SPAN, sampled, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-001",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
            })
    void whatCannotBeReadBeginsANewTrace(String line) {
        assertThat(TraceContext.read(fields(line))).isNull();
    }

    @Test
    void noneAndTwoBeginANewTrace() {
        assertThat(TraceContext.read(HttpFields.EMPTY)).isNull();
        assertThat(TraceContext.read(HttpFields.of("traceparent", VALID, "traceparent", VALID)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "foo=1|foo=1",
                "foo=1,bar=2|foo=1,bar=2",
                " foo=1 , ,bar=2,\t|foo=1,bar=2",
                "fw529a3039@dt=FfI,0a=x y|fw529a3039@dt=FfI,0a=x y",
                "foo@=1|''",
                "@foo=1|''",
                "foo@bar@baz=1|''",
                "Foo=1|''",
                "foo|''",
                "foo=1,foo=2|''",
                "foo=a=b|''",
                "foo=|''",
            })
    void stateIsPassedOnAsItCameOrNotAtAll(String line, String read) {
        TraceContext context = TraceContext.read(fields(VALID, line));
        assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, true, read));
    }

    @Test
    void severalLinesOfStateAreOneListWithinBounds() {
        assertThat(readable(fields(VALID, "a=1", "b=2")).state()).isEqualTo("a=1,b=2");
        assertThat(readable(fields(VALID, many(32))).state()).isEqualTo(many(32));
        assertThat(readable(fields(VALID, many(33))).state()).isEmpty();
        String longOne = "long=" + "x".repeat(200);
        String kept = readable(fields(VALID, longOne, "s=1", "t=" + "y".repeat(120), "u=" + "z".repeat(120)))
                .state();
        assertThat(kept).startsWith("long=").hasSizeLessThanOrEqualTo(512);
        String cut = readable(fields(VALID, longOne, "m=" + "x".repeat(200), "s=1", "n=" + "x".repeat(200)))
                .state();
        assertThat(cut).isEqualTo("s=1");
    }

    private static String many(int members) {
        return IntStream.range(0, members).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    @Test
    void aNewTraceHasTheIdOfItsRequestWhereThatIsMadeLikeOne() {
        TraceContext named = TraceContext.begin(TRACE);
        assertThat(named.traceId()).isEqualTo(TRACE);
        assertThat(named.traceparent()).matches("00-" + TRACE + "-[0-9a-f]{16}-00");
        assertThat(TraceContext.begin("given-by-a-peer").traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(TraceContext.begin("0".repeat(32)).traceId()).isNotEqualTo("0".repeat(32));
    }

    @Test
    void onlyTheSampledFlagIsPassedOn() {
        TraceContext read = readable(fields("cc-" + TRACE + "-" + SPAN + "-ff", "foo=1"));
        HttpFields.Builder sent = HttpFields.builder();
        read.addTo(sent);
        assertThat(sent.build()).isEqualTo(HttpFields.of("traceparent", VALID, "tracestate", "foo=1"));
    }

    @Test
    void asManyAreRecordedAsWasSaidAndLookingAheadTellsWhich() {
        for (double rate : new double[] {0, 0.01, 0.3, 1}) {
            Sampler sampler = new Sampler(rate);
            int recorded = 0;
            for (int i = 0; i < 200_000; i++) {
                boolean due = sampler.isDue();
                boolean taken = sampler.take();
                assertThat(taken).isEqualTo(due);
                recorded += taken ? 1 : 0;
            }
            // Five standard deviations.
            double spread = 5 * Math.sqrt(200_000 * rate * (1 - rate));
            assertThat((double) recorded).isBetween(200_000 * rate - spread, 200_000 * rate + spread);
        }
    }
}
