package dev.verge.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "close",
                "Close",
                " close ",
                "keep-alive, close",
                "close,x",
                ",,close",
                "close;q=1, x",
                "x;a, close ;b,"
            })
    void aListNamesItsMembersWithoutCaseAndWhateverTheirParameters(String line) {
        assertThat(FieldRules.names(List.of("x-first", line), "close")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", ";", "clos", "closed", "x;close", "close x", "keep-alive", "x, y;close, z"})
    void nothingElseIsAMember(String line) {
        assertThat(FieldRules.names(List.of(line), "close")).isFalse();
    }
}
