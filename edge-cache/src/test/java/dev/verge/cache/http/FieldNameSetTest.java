package dev.verge.cache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 9110 §5.1: names of fields are the same whatever their case. */
class FieldNameSetTest {
    private final FieldNameSet names = FieldNameSet.of("x-forwarded-for", "TE", "cf-connecting-ip");

    @Test
    void caseMakesNoDifference() {
        assertThat(names.contains("X-Forwarded-For")).isTrue();
        assertThat(names.contains("te")).isTrue();
        assertThat(names.contains("tE")).isTrue();
        assertThat(names.contains("x-forwarded-fox")).isFalse();
        assertThat(names.contains("")).isFalse();
        assertThat(names.contains("x".repeat(100))).isFalse();
        assertThat(names.contains("t\u0113")).isFalse();
    }

    @Test
    void anUnderscoreIsAHyphenToGateways() {
        assertThat(names.contains("X_Forwarded_For")).isFalse();
        assertThat(names.containsAsOriginsRead("X_Forwarded-For")).isTrue();
        assertThat(names.containsAsOriginsRead("cf_connecting_IP")).isTrue();
    }

    @Test
    void everyNameIsFoundInALargeSet() {
        String[] many = IntStream.range(0, 100).mapToObj(i -> "name-" + i).toArray(String[]::new);
        FieldNameSet set = FieldNameSet.of(many);
        assertThat(many).allMatch(set::contains);
        assertThat(set.contains("name-100")).isFalse();
        assertThat(set.contains("name-aa")).isFalse();
    }

    @Test
    void aNameHasALength() {
        assertThatThrownBy(() -> FieldNameSet.of("")).hasMessageContaining("1 to 63");
    }
}
