package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InvocationTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = new Lab();
    }

    @AfterAll
    static void close() {
        lab.close();
    }

    @Test
    void answersHello() {
        Answer answer = lab.ask("export default { fetch(request) { return new Response('hello ' + request.url); } }");
        System.out.println(answer.logs());
        assertThat(answer.body()).isEqualTo("hello http://site.example/path?a=1");
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.OK);
        assertThat(answer.header("content-type")).isEqualTo("text/plain;charset=UTF-8");
    }

    @Test
    void stopsAnEndlessLoopAtItsCpuLimit() {
        Answer answer =
                lab.ask(Ask.of("export default { fetch() { while (true) {} } }").limits(FunctionLimits.DEFAULT));
        assertThat(answer.result().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(answer.result().status()).isEqualTo(503);
    }
}
