package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Web Cryptography API as a script sees it, in one host. */
class WebCryptoTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private static String cases() throws IOException {
        try (InputStream in = WebCryptoTest.class.getResourceAsStream("crypto-cases.js")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void givesTheKnownAnswersAndRefusesAsTheStandardSays() throws IOException {
        FunctionLimits patient = FunctionLimits.DEFAULT.withCpu(Duration.ofSeconds(20));
        Answer answer = lab.ask(Ask.of(cases()).limits(patient));
        assertThat(answer.record().outcome()).as(answer.logs()).isEqualTo(FunctionOutcome.OK);
        JsonObject result = new JsonObject(answer.body());
        assertThat(result.getJsonArray("failures")).isEmpty();
        assertThat(result.getJsonArray("ran")).hasSizeGreaterThan(130);
    }

    @Test
    void digestsAStream() {
        Answer answer = lab.ask("export default { async fetch() { const stream = new crypto.DigestStream('SHA-256');"
                + " const writer = stream.getWriter(); writer.write('a'); writer.write(new TextEncoder().encode('bc')); writer.close();"
                + " return new Response([...new Uint8Array(await stream.digest)].slice(0, 3).join()); } };");
        assertThat(answer.body()).isEqualTo("186,120,22");
    }

    @Test
    void comparesInConstantTime() {
        Answer answer = lab.ask(
                "export default { async fetch() { const [a, b] = [new Uint8Array([1, 2]), new Uint8Array([1, 3])];"
                        + " let long = ''; try { crypto.subtle.timingSafeEqual(a, new Uint8Array(3)); } catch (e) { long = e.name; }"
                        + " return new Response([crypto.subtle.timingSafeEqual(a, a.slice()), crypto.timingSafeEqual(a, b), long].join()); } };");
        assertThat(answer.body()).isEqualTo("true,false,TypeError");
    }

    private static List<Long> hosts() {
        return lab.runtime.status().hosts().stream()
                .map(RuntimeStatus.Host::pid)
                .toList();
    }

    @Test
    void stopsADerivationThatTakesForeverAndNothingElse() {
        String source =
                "export default { async fetch(request) { const key = await crypto.subtle.importKey('raw', new Uint8Array(8), 'PBKDF2', false, ['deriveBits']);"
                        + " const iterations = Number(new URL(request.url).searchParams.get('n'));"
                        + " await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-512', salt: new Uint8Array(8), iterations }, key, 512);"
                        + " return new Response('done'); } };";
        Ask ask = Ask.of(source).limits(FunctionLimits.DEFAULT.withCpu(Duration.ofMillis(500)));
        assertThat(lab.ask(ask.url("http://site.example/?n=1000")).body()).isEqualTo("done");
        List<Long> hosts = hosts();
        long start = System.nanoTime();
        Answer answer = lab.ask(ask.url("http://site.example/?n=100000000"));
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(lab.ask(ask.url("http://site.example/?n=1000")).body()).isEqualTo("done");
        assertThat(hosts()).isEqualTo(hosts);
    }
}
