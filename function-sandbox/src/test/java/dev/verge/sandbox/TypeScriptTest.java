package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.CheckResult.Kind;
import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import dev.verge.sandbox.typescript.Compilation;
import dev.verge.sandbox.typescript.Compiler;
import dev.verge.sandbox.typescript.TypeScript;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** TypeScript from its check, in a locked-down host, to what it answers and to the places of its errors. */
class TypeScriptTest {
    private static final String MAIN = """
            import { greeting, Tone, type Greeting } from "./lib/words.js";
            import { Counter } from "./lib/counter";
            import words from "./words.json" with { type: "json" };
            import type { Nothing } from "./not-there.ts";

            interface Env { readonly KEY: string }
            declare namespace Ambient { const value: number }

            function first<T>(values: readonly T[]): T | undefined { return values[0]; }

            export default {
              async fetch(request: Request, env: Env): Promise<Response> {
                const asked: Greeting = greeting(<string>env.KEY, Tone.Loud);
                if (new URL(request.url).searchParams.has("throw")) {
                  /* here */ const place: number = 1; throw new TypeError(`no ${place as number}`);
                }
                return new Response([asked.text, new Counter(41).next()!, first(words as string[]), Tone[Tone.Calm]].join(" "));
              },
            } satisfies { fetch: unknown };
            """;

    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private static FunctionBundle bundle(String main, Map<String, String> modules) {
        Map<String, byte[]> bytes = new HashMap<>();
        modules.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return FunctionBundle.of(main, bytes);
    }

    private static CheckResult check(FunctionBundle bundle) {
        return Lab.await(lab.runtime.check(bundle, FunctionLimits.DEFAULT));
    }

    /** In the host that all tests share: a check has one of its own, which takes seconds to boot. */
    private static Compilation compiled(FunctionBundle bundle) {
        return Lab.await(Compiler.compile(bundle, question -> {
            Answer answer = lab.ask(Ask.of("")
                    .bundle(Compiler.function())
                    .limits(Compiler.LIMITS)
                    .url(question.url())
                    .post(Source.of(Buffer.buffer(question.text()))));
            return Future.succeededFuture(new Compiler.Answer(answer.record().status(), answer.body()));
        }));
    }

    @Test
    void modulesRunWithoutTheirTypesAndStacksNameTheirLines() {
        Compilation result = compiled(bundle(
                "main.ts",
                Map.of(
                        "main.ts",
                        MAIN,
                        "lib/words.ts",
                        """
                        export enum Tone { Calm, Loud = 5 }
                        export interface Greeting { text: string; tone: Tone }
                        export function greeting(name: string): Greeting;
                        export function greeting(name: string, tone: Tone): Greeting;
                        export function greeting(name: string, tone = Tone.Calm): Greeting {
                          return { text: tone === Tone.Loud ? name.toUpperCase() : name, tone };
                        }
                        """,
                        "lib/counter.ts",
                        """
                        abstract class Base<T> { abstract next(): T | undefined; }
                        export class Counter extends Base<number> {
                          constructor(private value: number, public readonly step: number = 1) { super(); }
                          override next(): number | undefined { return this.value += this.step; }
                        }
                        """,
                        "words.json",
                        "[\"json\"]",
                        "verge.d.ts",
                        "declare class HTMLRewriter {}")));
        assertThat(result).as(result.toString()).isInstanceOf(Compilation.Done.class);
        FunctionBundle whole = ((Compilation.Done) result).bundle();
        assertThat(whole.main()).isEqualTo("main.ts");
        assertThat(new String(whole.module("main.ts"), StandardCharsets.UTF_8))
                .as("what its author wrote is kept")
                .isEqualTo(MAIN);
        assertThat(TypeScript.authored(whole))
                .containsExactly("lib/counter.ts", "lib/words.ts", "main.ts", "verge.d.ts", "words.json");

        Ask ask = Ask.of("").bundle(whole).env(Map.of("KEY", "ada"));
        Answer answer = lab.ask(ask);
        assertThat(answer.body()).as(answer.logs()).isEqualTo("ADA 42 json Calm");

        Answer thrown = lab.ask(ask.url("http://site.example/?throw"));
        assertThat(thrown.record().outcome()).isEqualTo(FunctionOutcome.THREW);
        int column = MAIN.lines().toList().get(14).indexOf("throw") + 1;
        assertThat(thrown.logs())
                .contains("TypeError: no 1")
                .containsPattern("main\\.ts:15:(" + column + "|" + (column + 6) + ")");
    }

    @Test
    void everyMistakeAndEverythingUnsupportedIsToldWithItsPlaceAtOnce() {
        Compilation result = compiled(bundle(
                "main.ts",
                Map.of(
                        "main.ts", "export default {\n  fetch(request: ) { }\n};\n",
                        "a.ts", "const one = 1;\n  @sealed class A {}\n",
                        "b.ts", "namespace Inner { export const value = 1; }\n",
                        "c.mts", "import fs = require(\"fs\");\n",
                        "d.ts", "const fine: string = \"@x namespace Y {\";\nexport = fine;\n")));
        List<CodeError> errors = ((Compilation.Refused) result).errors();
        assertThat(errors)
                .extracting(error -> error.kind() + " " + error.module() + ":" + error.line() + ":" + error.column())
                .containsExactlyInAnyOrder(
                        "SYNTAX main.ts:2:18",
                        "UNSUPPORTED a.ts:2:3",
                        "UNSUPPORTED b.ts:1:1",
                        "UNSUPPORTED c.mts:1:1",
                        "UNSUPPORTED d.ts:2:1");
        assertThat(errors).allSatisfy(error -> assertThat(error.message()).isNotBlank());
    }

    @Test
    void whatTheEngineFindsIsToldWhereItsAuthorWroteIt() {
        CheckResult result = check(bundle("main.ts", Map.of("main.ts", """
                        const settings: Record<string, number> = {};
                        const first: { x: number } | null = null; export const x = (first as any).x;
                        export default { fetch() {} };
                        """)));
        CodeError error = ((CheckResult.Failed) result).errors().getFirst();
        assertThat(error.kind()).isEqualTo(Kind.STARTUP_EXCEPTION);
        assertThat(error.module() + ":" + error.line()).isEqualTo("main.ts:2");
        assertThat(error.column()).isBetween(60, 76);
    }

    @Test
    void namesThatCompiledModulesGetAreRefused() {
        FunctionBundle pushed =
                bundle("main.ts", Map.of("main.ts", "export default { fetch() {} };", "main.ts.js", "1;"));
        Compilation compilation = Lab.await(Compiler.compile(pushed, question -> {
            throw new AssertionError("nothing is compiled");
        }));
        CodeError error = ((Compilation.Refused) compilation).errors().getFirst();
        assertThat(error.kind()).isEqualTo(Kind.UNSUPPORTED);
        assertThat(error.module()).isEqualTo("main.ts.js");
    }
}
