package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A few kilobytes that become ten gibibytes: they cost whoever collects them, and nobody who reads on and lets go. */
class DecompressionBombTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int MEBIBYTES = 10 << 10;
    private static final String TWICE =
            "request.body.pipeThrough(new DecompressionStream('deflate-raw')).pipeThrough(new DecompressionStream('deflate-raw'))";

    private static Lab lab;
    private static byte[] bomb;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
        bomb = deflated(tenGibibytesDeflated());
    }

    /** Zeros, deflated; ten thousand times the same mebibyte, each of it ending at a byte. */
    private static byte[] tenGibibytesDeflated() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] room = new byte[MEBIBYTE];
        deflater.setInput(new byte[MEBIBYTE]);
        int length = deflater.deflate(room, 0, room.length, Deflater.FULL_FLUSH);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < MEBIBYTES; i++) {
            out.write(room, 0, length);
        }
        deflater.finish();
        out.write(room, 0, deflater.deflate(room));
        deflater.end();
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(bytes);
        deflater.finish();
        byte[] room = new byte[MEBIBYTE];
        int length = deflater.deflate(room);
        deflater.end();
        return java.util.Arrays.copyOf(room, length);
    }

    private static Answer ask(String body) {
        boolean[] sent = {false};
        Source source = new Source(() -> {
            Buffer next = sent[0] ? null : Buffer.buffer(bomb);
            sent[0] = true;
            return next;
        });
        return lab.ask(Ask.of("export default { async fetch(request) { " + body + " } };")
                .account("bombs")
                .limits(FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(2)))
                .post(source));
    }

    @Test
    void aReaderThatLetsGoReadsOnAndOneThatStopsIsDone() {
        assertThat(bomb.length).isLessThan(64 << 10);
        Answer answer = ask("""
                const reader = %s.getReader();
                let bytes = 0;
                let longest = 0;
                while (bytes < 100 << 20) { const { value } = await reader.read(); bytes += value.length; longest = Math.max(longest, value.length); }
                await reader.cancel();
                return new Response(`${bytes >= 100 << 20} ${longest}`);""".formatted(TWICE));
        assertThat(answer.body()).as(answer.logs()).isEqualTo("true 65536");
    }

    @Test
    void whoCollectsItEndsAtALimitOfItsOwn() {
        Answer answer = ask("return new Response((await new Response(" + TWICE + ").arrayBuffer()).byteLength);");
        assertThat(answer.result().outcome())
                .isIn(FunctionOutcome.OVER_MEMORY, FunctionOutcome.OVER_CPU, FunctionOutcome.KILLED);
        assertThat(lab.ask(Ask.of("export default { fetch: () => new Response('fine') };")
                                .account("neighbour"))
                        .body())
                .isEqualTo("fine");
    }
}
