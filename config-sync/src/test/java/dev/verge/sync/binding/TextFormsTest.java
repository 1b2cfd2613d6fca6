package dev.verge.sync.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {

    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S,250ms", "10s,PT10S,10s", "300s,PT5M,5m", "90m,PT90M,90m", "24h,P1D,1d", "0s,PT0S,0s"})
    void durationReadsAndWrites(String text, Duration duration, String shortest) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.format(duration)).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "", "s", "-1s", "1.5s", "1 s", "1w", "1m30s", "9999999999999s", "٣s"})
    void durationOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "1000,1000,1000", "64KiB,65536,64KiB", "1024MiB,1073741824,1GiB", "2TiB,2199023255552,2TiB"})
    void sizeReadsAndWrites(String text, long bytes, String shortest) {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
        assertThat(SizeText.format(bytes)).isEqualTo(shortest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5GiB", "10MB", "1 KiB", "999999999999999999TiB"})
    void sizeOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> SizeText.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void yamlIsReadByTheRulesOfItsVersionOnePointTwo() {
        var tree = DocumentText.parse(
                        "{a: off, b: no, c: 1:30, d: 010, e: 1e3, f: '5', g: ~, h: 0x1F, i: 2026-01-01, j: TRUE}")
                .orThrow();
        assertThat(tree.toString())
                .isEqualTo("{\"a\":\"off\",\"b\":\"no\",\"c\":\"1:30\",\"d\":\"010\",\"e\":1E+3,\"f\":\"5\",\"g\":null,"
                        + "\"h\":\"0x1F\",\"i\":\"2026-01-01\",\"j\":true}");
    }

    @Test
    void aliasesAreCopiedOut() {
        assertThat(DocumentText.parse("a: &x [1, 2]\nb: *x").orThrow().toString())
                .isEqualTo("{\"a\":[1,2],\"b\":[1,2]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 1\n---\nb: 2", "? [a]\n: 1", "a: {<<: {b: 1}}", "a: !x 1", "a: &x {b: *x}", "\ta: 1"})
    void yamlBeyondPlainDataIsRefused(String text) {
        assertThat(DocumentText.parse(text)).isInstanceOf(Bound.Invalid.class);
    }

    @Test
    void nearestNameIsFoundWithinReason() {
        List<String> known = List.of("timeouts", "origins", "healthCheck");
        assertThat(Nearest.of("timeuots", known)).isEqualTo("timeouts");
        assertThat(Nearest.of("health-check", known)).isEqualTo("healthCheck");
        assertThat(Nearest.of("banana", known)).isNull();
    }
}
