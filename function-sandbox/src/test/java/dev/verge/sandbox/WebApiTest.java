package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The web API as a script sees it: an expression, and what it must give. */
class WebApiTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // Headers
                "[...new Headers({b: '1', A: ' 2 '})].join(';')                                        | a,2;b,1",
                "{ const h = new Headers([['x', '1'], ['X', '2']]); h.append('x', '3'); return h.get('X'); } | 1, 2, 3",
                "{ const h = new Headers(); h.append('Set-Cookie', 'a'); h.append('set-cookie', 'b'); return h.getSetCookie().length + ' ' + [...h].length; } | 2 2",
                "new Headers({'a b': '1'})                                                             | TypeError",
                "new Headers({a: 'x\\ny'})                                                             | TypeError",
                "new Headers({a: '€'})                                                                 | TypeError",
                "new Headers([['a']])                                                                  | TypeError",
                "new Headers(null)                                                                     | TypeError",
                "request.headers.set('a', '1')                                                         | TypeError",
                // Request and Response
                "new Response(null, {status: 204}).body                                                | null",
                "new Response('x', {status: 204})                                                      | TypeError",
                "new Response('', {status: 99})                                                        | RangeError",
                "Response.redirect('http://x.example/y', 307).headers.get('location')                  | http://x.example/y",
                "Response.redirect('http://x.example/', 200)                                           | RangeError",
                "Response.json({a: 1}).headers.get('content-type')                                     | application/json",
                "new Request('http://x.example/', {body: 'x'})                                         | TypeError",
                "new Request('http://x.example/', {method: 'connect'})                                 | TypeError",
                "new Request('http://u:p@x.example/')                                                  | TypeError",
                "{ const r = new Response('abc'), c = r.clone(); return await r.text() + await c.text() + r.bodyUsed; } | abcabctrue",
                "{ const r = new Response('abc'); await r.text(); return r.text(); }                   | TypeError",
                "(await new Response(new Uint8Array([104, 105])).arrayBuffer()).byteLength             | 2",
                "await new Response(new Response('piped').body.pipeThrough(new TransformStream())).text() | piped",
                "await new Response(ReadableStream.from([new TextEncoder().encode('a'), new TextEncoder().encode('b')])).text() | ab",
                // URLs
                "new URL('../b?x=1#y', 'http://h.example/a/c/').href                                   | http://h.example/a/b?x=1#y",
                "{ const u = new URL('http://h.example/'); u.searchParams.append('q', 'a b&c~'); return u.href; } | http://h.example/?q=a+b%26c%7E",
                "new URLSearchParams('?a=1&b=%C3%BC+x&a=2').getAll('a') + new URLSearchParams('b=%C3%BC+x').get('b') | 1,2ü x",
                "new URLSearchParams('a=%zz%ff').get('a')                                              | %zz\ufffd",
                "new URL('nope')                                                                       | TypeError",
                // Others
                "btoa(atob('aGk='))                                                                    | aGk=",
                "atob('a')                                                                             | InvalidCharacterError",
                "crypto.randomUUID().length + ' ' + crypto.getRandomValues(new Uint8Array(4)).length   | 36 4",
                "[...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc')))].slice(0, 3).join() | 186,120,22",
                "{ const o = {d: new Date(5), m: new Map([[1, {}]])}; o.self = o; const c = structuredClone(o); return c.self === c && +c.d === 5 && c.m.size; } | 1",
                "structuredClone(() => {})                                                             | DataCloneError",
                "{ const c = new AbortController(); c.abort(); c.signal.throwIfAborted(); }            | AbortError",
                "await new Promise((r) => { const a = []; setTimeout(() => { a.push(2); r(a.join()); }, 1); queueMicrotask(() => a.push(1)); }) | 1,2",
                "{ let n = 0; return await new Promise((r) => { const t = setInterval(() => { if (++n === 3) { clearInterval(t); r(n); } }, 1); }); } | 3",
                "await new Promise((r) => { let n = 0; const t = setInterval(() => n++, 0); setTimeout(() => { clearInterval(t); r(n); }, 0); }) | 1",
                "Object.prototype.toString.call(new Headers())                                         | [object Headers]",
                // Interfaces (WebIDL)
                "[console.table, console.dir, console.count, console.timeLog].map((one) => one.length).join() | 0,0,0,0",
                "TextEncoder()                                                                         | TypeError",
                "{ class Own extends TextEncoder {} return Object.keys(TextEncoder.prototype).length + ' ' + new Own().encode('x').length + (new Own() instanceof Own); } | 3 1true",
                "ReadableStreamDefaultReader.prototype.read.call(null).catch((e) => 'rejected ' + e.name)   | rejected TypeError",
                "WritableStreamDefaultWriter.prototype.write.call(undefined).catch((e) => 'rejected ' + e.name) | rejected TypeError",
            })
    void gives(String expression, String expected) {
        String body = expression.startsWith("{") ? expression : "{ return " + expression + "; }";
        String answer = lab.ask(
                        "export default { async fetch(request) { try { return new Response(String(await (async () => "
                                + body + ")())); } catch (e) { return new Response(e.name); } } };")
                .body();
        assertThat(answer).isEqualTo(expected);
    }
}
