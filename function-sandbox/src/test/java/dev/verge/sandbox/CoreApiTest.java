package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web API's core by the checks in the resource folder {@code webapi}: each file is a function that tells which of them failed. */
class CoreApiTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "events", "arrays", "text", "compression", "messages"})
    void keepsEveryCheck(String topic) throws IOException {
        assertThat(lab.ask(resource("harness.js") + resource(topic + ".js")).body())
                .startsWith("passed ");
    }

    @Test
    void consoleWritesLinesWithTheirLevel() {
        String logs = lab.ask("""
                        export default { fetch() {
                          console.warn('%s is %d', 'a', 1.5, { b: 2, get c() { return console.error('called'); } });
                          console.group('outer'); console.info('inner'); console.groupEnd();
                          console.count(); console.count(); console.assert(false, 'no');
                          console.table([{ a: 1, b: 'x' }, { a: 22 }]);
                          Promise.reject(new Error('unseen'));
                          return new Response('');
                        } };""").logs();
        assertThat(logs)
                .contains(
                        "warn: a is 1 { b: 2, c: [getter] }",
                        "log: outer",
                        "info:   inner",
                        "info: default: 2",
                        "error: Assertion failed: no")
                .contains("| 1       | 22 |     |")
                .doesNotContain("called")
                .contains("exception: Unhandled rejection: Error: unseen");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = CoreApiTest.class.getResourceAsStream("webapi/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
