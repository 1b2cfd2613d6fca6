package dev.verge.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.typescript.Compiler.Answer;
import io.vertx.core.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompilerCallTest {
    @ParameterizedTest
    @EnumSource(value = FunctionOutcome.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void onlyWhatTheModuleItselfTakesIsItsAuthorsMistake(FunctionOutcome outcome) {
        Future<Answer> told = CompilerCall.withoutAnswer(outcome);
        switch (outcome) {
            case OVER_CPU, OVER_MEMORY -> {
                assertThat(told.result().status()).isZero();
                assertThat(told.result().body()).contains(outcome.word());
            }
            default ->
                assertThat(told.cause()).isInstanceOf(NoHostException.class).hasMessageContaining(outcome.word());
        }
    }
}
