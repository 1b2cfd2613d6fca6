package dev.verge.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a host sends of a body whose length was promised to a client. */
class InboundBodyTest {
    private final Buffer read = Buffer.buffer();
    private @Nullable Throwable failure;
    private boolean ended;

    private InboundBody expecting(long length) {
        InboundBody body = new InboundBody(bytes -> {});
        body.expect(length);
        body.handler(read::appendBuffer);
        body.exceptionHandler(cause -> failure = cause);
        body.endHandler(nothing -> ended = true);
        body.resume();
        return body;
    }

    @ParameterizedTest
    @CsvSource({"10, true", "-1, true", "9, false", "11, false"})
    void otherThanWhatItSaidItSendsFails(long length, boolean right) {
        InboundBody body = expecting(length);
        body.arrived(Buffer.buffer("hello"));
        body.arrived(Buffer.buffer("world"));
        body.end();
        assertThat(ended).isEqualTo(right);
        assertThat(failure == null).isEqualTo(right);
        assertThat((long) read.length()).isLessThanOrEqualTo(right ? 10 : length);
    }

    @ParameterizedTest
    @CsvSource({"5, true", "4, false"})
    void soDoesOtherThanItWasSentOfOneThatGoesOnWithoutIt(long before, boolean right) {
        InboundBody body = expecting(10);
        body.arrived(Buffer.buffer("hello"));
        body.follow(new Rest(
                InboundBody.of(Buffer.buffer()),
                new ArrayDeque<>(List.of(Buffer.buffer("world"))),
                true,
                before,
                () -> {}));
        body.end();
        assertThat(ended).isEqualTo(right);
        assertThat(failure == null).isEqualTo(right);
    }

    @Test
    void nothingIsPromisedOfOthers() {
        InboundBody body = expecting(-1);
        body.end();
        assertThat(ended).isTrue();
    }
}
