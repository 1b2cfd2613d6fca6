package dev.verge.sync.binding;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.verge.sync.document.SiteDocument;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BinderTest {

    enum Speed {
        VERY_FAST,
        @JsonProperty("1.5")
        ONE_AND_A_HALF
    }

    record Inner(
            @JsonProperty(defaultValue = "3s")
            @DurationMin(millis = 1)
            @DurationMax(hours = 1)
            @JsonPropertyDescription("How long.")
            Duration pause,

            @JsonProperty(defaultValue = "64KiB") @Min(1) @Max(1 << 20)
            long sizeBytes) {
        Inner {
            if (pause.toMillis() > sizeBytes) {
                throw new IllegalArgumentException("pause: is longer than sizeBytes; shorten it");
            }
        }
    }

    record Outer(
            @Size(min = 1, max = 5) String name,
            @JsonProperty(defaultValue = "{}") Inner inner,
            @Nullable Speed speed,

            @JsonProperty(defaultValue = "[]") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<@Min(1) Integer> numbers,

            @JsonProperty(defaultValue = "{}") Map<String, Inner> more,
            @JsonProperty(defaultValue = "\"\"") String empty,
            @JsonProperty(defaultValue = "true") boolean on,

            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY) @Size(max = 3) @Nullable
            String secret) {}

    @Test
    void absentFieldsTakeTheirDefaults() {
        assertThat(bind("name: x").orThrow())
                .isEqualTo(new Outer(
                        "x", new Inner(Duration.ofSeconds(3), 65_536), null, List.of(), Map.of(), "", true, null));
    }

    @Test
    void whatDocumentsLeaveOutIsOneValueForAllOfThem() {
        Outer one = bind("name: x").orThrow();
        Outer other = bind("name: y\nspeed: very-fast").orThrow();
        assertThat(one.inner()).isSameAs(other.inner());
        assertThat(bind("name: x\ninner: {sizeBytes: 70000}").orThrow().inner().pause())
                .isSameAs(one.inner().pause());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'name: 5'                         | name            | 5      | 'text, 1 to 5 characters' | write "5"
            'name: toolong'                   | name            | toolong | 'text, 1 to 5 characters' | change its length
            '{}'                              | name            | ''     | 'required: text, 1 to 5 characters' | add it
            'name: x\ninner: 3'               | inner           | 3      | 'fields with values, of pause, sizeBytes' | 'write {pause: …}'
            'name: x\ninner: {pause: 5}'       | inner.pause      | 5      | 'a duration with a unit, 1ms to 1h' | write 5s
            'name: x\ninner: {pause: 2h}'      | inner.pause      | 2h     | 'a duration with a unit, 1ms to 1h' | write a duration in the range
            'name: x\ninner: {sizeBytes: 2MB}' | inner.sizeBytes | 2MB    | 'a size: whole bytes or a number with KiB, MiB, GiB or TiB, 1 to 1MiB' | write 2MiB
            'name: x\ninner: {pause: 1s, sizeBytes: 10}' | inner.pause | 1s | 'is longer than sizeBytes' | shorten it
            'name: x\nspeed: very_fast'       | speed           | very_fast | 'one of very-fast, 1.5' | 'did you mean "very-fast"?'
            'name: x\nspeed: 1.5'             | speed           | 1.5    | 'one of very-fast, 1.5' | write "1.5" in quotes
            'name: x\nnumbers: [1, 0]'        | numbers[1]      | 0      | 'a whole number, at least 1' | write a number in the range
            'name: x\nnumbers: ["1"]'         | numbers[0]      | 1      | 'a whole number, at least 1' | write it without quotes
            'name: x\nnumbers: [1.5]'         | numbers[0]      | 1.5    | 'a whole number, at least 1' | write a whole number
            'name: x\non: yes'                | on              | yes    | 'true or false' | write true
            'name: x\nnaem: y'                | naem            | y      | 'no such field; there are name, inner, speed, numbers, more, empty, on, secret' | 'did you mean "name"?'
            'name: x\nmore: {"a b": {puase: 1}}' | 'more["a b"].puase' | 1 | 'no such field; there are pause, sizeBytes' | 'did you mean "pause"?'
            'name: x\nsecret: hunter2'        | secret          | ''     | 'text, at most 3 characters' | change its length
            """)
    void mistakeIsToldWithPathValueRuleAndFix(String text, String path, String value, String rule, String fix) {
        assertThat(bind(text.replace("\\n", "\n")).mistakes()).containsExactly(new Problem(path, value, rule, fix));
    }

    @Test
    void allMistakesAreToldTogether() {
        assertThat(bind("nam: x\nnumbers: [0, a]\ninner: {pause: 5, size: 1}").mistakes())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder("nam", "name", "numbers[0]", "numbers[1]", "inner.pause", "inner.size");
    }

    @Test
    void relationsAreNotCheckedOnTopOfOtherMistakes() {
        assertThat(bind("name: x\ninner: {pause: 1h, sizeBytes: many}").mistakes())
                .extracting(Problem::path)
                .containsExactly("inner.sizeBytes");
    }

    @Test
    void oneValueMayStandForAListOfOne() {
        assertThat(bind("name: x\nnumbers: 7").orThrow().numbers()).containsExactly(7);
    }

    @Test
    void nullCountsAsAbsent() {
        assertThat(bind("name: x\non: null\nspeed: ~\ninner:").orThrow().on()).isTrue();
    }

    @Test
    void nullIsNoTextWhereNoFieldIs() {
        Bound<SiteDocument> bound =
                SiteDocument.read("site: x\nhosts: [~]\nrules: [{name: a, do: [{setResponseHeader: {X-A: }}]}]");
        assertThat(bound.mistakes())
                .extracting(Problem::path)
                .containsExactly("hosts[0]", "rules[0].do[0].setResponseHeader.X-A");
    }

    @Test
    void longAndMultilineValuesAreShownShortOnOneLine() {
        Problem problem =
                bind("name: \"" + "a\\n".repeat(1_000) + "\"").mistakes().getFirst();
        assertThat(problem.value())
                .hasSizeLessThanOrEqualTo(120)
                .doesNotContain("\n")
                .endsWith("…");
    }

    @Test
    void numberOfProblemsIsBounded() {
        assertThat(bind("name: x\nnumbers: [" + "0,".repeat(5_000) + "0]").mistakes())
                .hasSize(200);
    }

    @Test
    void documentNestedTooDeepIsRefused() {
        assertThat(Binder.standard()
                        .bindText("name: " + "[".repeat(100) + "]".repeat(100), Outer.class)
                        .mistakes())
                .singleElement()
                .satisfies(problem -> assertThat(problem.fix()).containsIgnoringCase("nesting"));
        assertThat(Binder.standard()
                        .bindText("{\"name\": " + "[".repeat(100) + "]".repeat(100) + "}", Outer.class)
                        .mistakes())
                .hasSize(1);
    }

    @Test
    void documentTooLongIsRefused() {
        assertThat(bind("name: x #" + "x".repeat(DocumentText.MAX_CHARACTERS)).mistakes())
                .singleElement()
                .satisfies(problem -> assertThat(problem.rule()).contains("at most 1048576 characters"));
    }

    @Test
    void writtenFormReadsBack() {
        Outer outer = bind("{name: x, speed: '1.5', more: {k: {pause: 250ms}}, secret: abc}")
                .orThrow();
        assertThat(Binder.standard().bind(RecordJson.write(outer), Outer.class).orThrow())
                .isEqualTo(outer);
        assertThat(RecordJson.write(outer).at("/more/k/pause").textValue()).isEqualTo("250ms");
    }

    @Test
    void schemaAndReferenceComeFromTheSameDeclarations() {
        var schema = JsonSchema.of(Outer.class, "urn:test");
        assertThat(schema.at("/$defs/Inner/properties/pause/default").textValue())
                .isEqualTo("3s");
        assertThat(schema.at("/$defs/Inner/properties/pause/description").textValue())
                .isEqualTo("How long. (a duration with a unit, 1ms to 1h)");
        assertThat(schema.at("/$defs/Outer/required").toString()).isEqualTo("[\"name\"]");
        assertThat(schema.at("/$defs/Outer/additionalProperties").booleanValue())
                .isFalse();
        assertThat(ReferenceTable.markdown(Outer.class))
                .contains("| `inner.pause` | How long. | `3s` | a duration with a unit, 1ms to 1h |")
                .contains("| `more.NAME.pause` |");
    }

    @Test
    void whatMayBeOfSeveralKindsIsDescribedForGenerators() {
        JsonNode parts = SiteDocument.schema().path("$defs");
        JsonNode size = parts.at("/CacheOptions/properties/maxObjectBytes");
        assertThat(size.at("/anyOf/0/format").textValue()).isEqualTo("int64");
        assertThat(size.at("/anyOf/1/default").textValue()).isEqualTo("10GiB");
        assertThat(size.has("default")).isFalse();
        assertThat(parts.at("/DebugOptions/properties/allow/anyOf/0/default").textValue())
                .isEqualTo("off");
        JsonNode conditions = parts.at("/Retries/properties/on");
        assertThat(conditions.at("/items/$ref").textValue()).isEqualTo("#/$defs/Text");
        assertThat(conditions.path("description").textValue()).contains("Default: [\"connect-failure\",");
        assertThat(parts.at("/Behaviour/oneOf").findValuesAsText("$ref"))
                .contains("#/$defs/ToPool", "#/$defs/RedirectBehaviour")
                .allMatch(reference -> parts.has(reference.substring("#/$defs/".length())));
    }

    private static Bound<Outer> bind(String text) {
        return Binder.standard().bindText(text, Outer.class);
    }
}
