package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a function can import besides JavaScript: bytes, WebAssembly, and modules of Node.js. */
class ModulesTest {
    /** Exports {@code add}, {@code spin} (an endless loop), {@code grow} and the memory {@code m} of one page. */
    private static final byte[] WASM = HexFormat.of()
            .parseHex("0061736d01000000" + "010f0360027f7f017f60000060017f017f" + "0304030001020503010001"
                    + "071904016d020003616464000004737069" + "6e000104" + "67726f770002"
                    + "0a180307002000" + "20016a0b07000340" + "0c000b0b0600" + "200040000b");

    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private static Ask function(String source) {
        return Ask.of(source)
                .bundle(FunctionBundle.of(
                        "main.js",
                        Map.of(
                                "main.js",
                                source.getBytes(StandardCharsets.UTF_8),
                                "lib/code.wasm",
                                WASM,
                                "data.bin",
                                new byte[] {0, -1, 2})));
    }

    private static Answer ask(String imports, String body) {
        return lab.ask(function(imports + " export default { async fetch(request) { " + body + " } };"));
    }

    @Test
    void bytesAreAnArrayBuffer() {
        Answer answer = ask(
                "import data from './data.bin';",
                "return new Response([data instanceof ArrayBuffer, ...new Uint8Array(data)].join());");
        assertThat(answer.body()).as(answer.logs()).isEqualTo("true,0,255,2");
    }

    @Test
    void webAssemblyIsAModuleToInstantiate() {
        Answer answer = ask(
                "import code from './lib/code.wasm';",
                "const { exports } = await WebAssembly.instantiate(code); const { exports: again } = new WebAssembly.Instance(code);"
                        + "return new Response([code instanceof WebAssembly.Module, exports.add(2, 3), again.add(4, 5), exports.m.buffer.byteLength].join());");
        assertThat(answer.body()).as(answer.logs()).isEqualTo("true,5,9,65536");
    }

    @Test
    void webAssemblyIsCompiledFromAResponse() {
        Answer answer = ask(
                "import code from './lib/code.wasm'; const bytes = Uint8Array.from('"
                        + HexFormat.of().formatHex(WASM)
                        + "'.match(/../g), (pair) => parseInt(pair, 16));",
                "const type = (value) => ({ headers: { 'content-type': value } }); const out = [];"
                        + "out.push((await WebAssembly.instantiateStreaming(new Response(bytes, type('application/wasm')))).instance.exports.add(1, 1));"
                        + "out.push(await WebAssembly.compileStreaming(Promise.resolve(new Response(bytes, type('application/wasm')))) instanceof WebAssembly.Module);"
                        + "for (const bad of [new Response(bytes), new Response(bytes, { status: 404, ...type('application/wasm') }), 5, new Response('x', type('application/wasm'))])"
                        + " out.push(await WebAssembly.compileStreaming(bad).catch((e) => e.name)); return new Response(out.join());");
        assertThat(answer.body()).as(answer.logs()).isEqualTo("2,true,TypeError,TypeError,TypeError,CompileError");
    }

    @Test
    void webAssemblyGrowsNoFurtherThanTheHeapAndLoopsNoLongerThanItsLimit() {
        String imports = "import code from './lib/code.wasm'; const { exports } = new WebAssembly.Instance(code);";
        assertThat(ask(imports, "return new Response(String(exports.grow(65535)));")
                        .body())
                .isIn("-1", "");
        String spin = imports + " export default { fetch() { exports.spin(); } };";
        long start = System.nanoTime();
        Answer spun = lab.ask(function(spin).limits(FunctionLimits.DEFAULT.withCpu(Duration.ofMillis(200))));
        assertThat(spun.record().outcome()).isEqualTo(FunctionOutcome.OVER_CPU);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(ask(imports, "return new Response(String(exports.add(20, 22)));")
                        .body())
                .isEqualTo("42");
    }

    @Test
    void aModuleThatIsNoWebAssemblyIsToldAtTheStart() {
        Answer answer = lab.ask(function("import code from './bad.wasm'; export default { fetch() {} };")
                .bundle(FunctionBundle.of(
                        "main.js",
                        Map.of(
                                "main.js",
                                "import code from './bad.wasm'; export default { fetch() {} };"
                                        .getBytes(StandardCharsets.UTF_8),
                                "bad.wasm",
                                new byte[] {1, 2, 3, 4}))));
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.THREW);
        assertThat(answer.logs()).contains("CompileError");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "import { Buffer } from 'node:buffer'; | Buffer.from('héllo').toString('base64') + Buffer.from('aGk', 'base64') + Buffer.concat([Buffer.from([1]), Buffer.from('ff', 'hex')]).toString('hex') | aMOpbGxvhi01ff",
                "import { Buffer } from 'node:buffer'; | (() => { const b = Buffer.alloc(8); b.writeUInt32BE(258, 2); return b.toString('hex') + b.readUInt16BE(4) + b.indexOf('\\x01') + Buffer.isBuffer(b.subarray(1)) + b.equals(Buffer.alloc(8)); })() | 00000000010200002584truefalse",
                "import crypto, { createHash, createHmac } from 'node:crypto'; | createHash('sha256').update('a').update('bc').digest('hex').slice(0, 8) + createHmac('sha1', 'key').update('').digest('base64').slice(0, 8) + crypto.randomBytes(5).length | ba7816bf9Cuw7rAY5",
                "import { EventEmitter } from 'node:events'; | (() => { const e = new EventEmitter(); const got = []; e.once('x', (v) => got.push(v)); e.emit('x', 1); e.emit('x', 2); return got.join() + e.listenerCount('x'); })() | 10",
                "import { promisify, inspect } from 'node:util'; | (await promisify((v, done) => done(null, v + 1))(1)) + inspect({ a: [1, 'x'] }) | 2{ a: [ 1, 'x' ] }",
                "import assert from 'node:assert'; | (() => { try { assert.deepEqual({ a: 1 }, { a: 2 }); } catch (e) { return e.code; } })() | ERR_ASSERTION",
                // RFC 6070, the second of its vectors.
                "import { pbkdf2Sync, pbkdf2 } from 'node:crypto'; | pbkdf2Sync('password', 'salt', 2, 20, 'sha1').toString('hex') + (await new Promise((r) => pbkdf2('a', 'b', 1, 3, 'sha256', (e, k) => r(k.length)))) | ea6c014dc72d6f8ccd1ed92ace1d41f0d8de89573",
                "import { AsyncLocalStorage } from 'node:async_hooks'; const s = new AsyncLocalStorage(); const later = async () => { await null; await new Promise((r) => setTimeout(r, 1)); return s.getStore(); }; | (await Promise.all([s.run(1, later), s.run(2, later), later()])).join() + s.getStore() + typeof AsyncContext | 1,2,undefinedundefined",
                "import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'; const s = new AsyncLocalStorage(); | (() => { const [bound, shot, timed] = s.run('a', () => [AsyncLocalStorage.bind(() => s.getStore()), AsyncLocalStorage.snapshot(), new AsyncResource('x')]); return s.run('b', () => bound() + shot(() => s.getStore()) + timed.runInAsyncScope(() => s.getStore()) + s.exit(() => s.getStore()) + s.getStore()); })() | aaaundefinedb",
                "import { AsyncLocalStorage } from 'node:async_hooks'; const s = new AsyncLocalStorage(); | await new Promise((r) => s.run('kept', () => { const t = setInterval(() => { clearInterval(t); queueMicrotask(() => r(s.getStore())); }, 1); })) | kept",
                "import path, { join, posix } from 'node:path'; | [join('/a', '..', '../b//c/.', 'd/'), path.resolve('x', '../y'), path.resolve('/a', 'b', '/c'), path.relative('/a/b/c', '/a/d'), path.dirname('/a/b//'), path.dirname('a'), path.basename('/x/y.html', '.html'), path.basename('.js', '.js'), path.extname('.x.y'), path.extname('.x'), path.extname('a.'), path.normalize('./..//a/../'), JSON.stringify(path.parse('/home/a.tar.gz')), path.format({ dir: '/d', name: 'n', ext: 'e' }), posix === path].join(' ') | /b/c/d/ /y /c ../../d /a . y .js .y  . ../ {\"root\":\"/\",\"dir\":\"/home\",\"base\":\"a.tar.gz\",\"ext\":\".gz\",\"name\":\"a.tar\"} /d/n.e true",
                "import url, { fileURLToPath, pathToFileURL } from 'node:url'; | [fileURLToPath('file:///a%20b'), pathToFileURL('/a b%?').href, url.format(new URL('http://u:p@h.example/x?y#z'), { auth: false, search: false, fragment: false }), url.resolve('/one/two', 'three?x'), url.resolve('http://e.example/a', '/b'), url.urlToHttpOptions(new URL('http://u@h.example:81/x?y')).path, url.domainToASCII('ü.example')].join(' ') | /a b file:///a%20b%25%3F http://h.example/x /one/three?x http://e.example/b /x?y xn--tda.example",
                "import qs from 'node:querystring'; | JSON.stringify(qs.parse('a=1&b=x+y&a=2&c&=d&%zz=%41')) + qs.stringify({ a: [1, 'ü'], b: true, c: null, d: 'x y' }) + qs.parse('a:1;b:2', ';', ':').b | {\"a\":[\"1\",\"2\"],\"b\":\"x y\",\"c\":\"\",\"\":\"d\",\"%zz\":\"A\"}a=1&a=%C3%BC&b=true&c=&d=x%20y2",
                "import { setImmediate } from 'node:timers'; import { setTimeout as wait, setInterval as every } from 'node:timers/promises'; | (await wait(1, 'w')) + (await wait(9e6, 0, { signal: AbortSignal.abort('stop') }).catch((e) => e)) + (await new Promise((r) => setImmediate(r, 'i'))) + (await (async () => { let n = 0; for await (const v of every(1, 'v')) if (++n === 2) return v + n; })()) | wstopiv2",
                "import { StringDecoder } from 'node:string_decoder'; | (() => { const u = new StringDecoder(), b = new StringDecoder('base64'); return u.write(new Uint8Array([0xe2, 0x82])) + u.write(new Uint8Array([0xac])) + u.end(new Uint8Array([0xe2])) + b.write(new Uint8Array([1])) + b.write(new Uint8Array([2, 3, 4])) + b.end(); })() | €�AQIDBA==",
                "import process from 'node:process'; import * as web from 'node:stream/web'; | [Object.keys(process.env).length, process.cwd(), await new Promise((r) => process.nextTick(r, 'next')), web.ReadableStream === ReadableStream, typeof web.DecompressionStream].join() | 0,/,next,true,function",
                "import { timingSafeEqual } from 'node:crypto'; | [timingSafeEqual(new Uint8Array(2), new Uint8Array(2)), timingSafeEqual(new Uint8Array([1]), new Uint8Array(1))].join() | true,false",
            })
    void modulesOfNodeCanBeImported(String imports, String expression, String expected) {
        Answer answer = ask(imports, "return new Response(String(" + expression + "));");
        assertThat(answer.body()).as(answer.logs()).isEqualTo(expected);
    }

    @Test
    void asManyModulesAsThereMayBeInOneChainOrAllImportingAllEndWithinTheLimits() {
        Map<String, byte[]> chain = new HashMap<>();
        Map<String, byte[]> web = new HashMap<>();
        int most = 1000;
        for (int i = 1; i < most; i++) {
            String next = i + 1 == most ? "export const end = 42;" : "export * from './m" + (i + 1) + ".js';";
            chain.put("m" + i + ".js", next.getBytes(StandardCharsets.UTF_8));
            StringBuilder all = new StringBuilder();
            for (int other = 1; other < 300 && i < 300; other++) {
                all.append("import './m").append(other).append(".js';\n");
            }
            web.put("m" + i + ".js", all.toString().getBytes(StandardCharsets.UTF_8));
        }
        chain.put(
                "main.js",
                "import { end } from './m1.js'; export default { fetch: () => new Response(String(end)) };"
                        .getBytes(StandardCharsets.UTF_8));
        web.put(
                "main.js",
                "import './m1.js'; export default { fetch: () => new Response('42') };"
                        .getBytes(StandardCharsets.UTF_8));
        for (Map<String, byte[]> modules : List.of(chain, web)) {
            Answer answer = lab.ask(Ask.of("").bundle(FunctionBundle.of("main.js", modules)));
            assertThat(answer.record().outcome())
                    .as(answer.logs())
                    .isIn(
                            FunctionOutcome.OK,
                            FunctionOutcome.THREW,
                            FunctionOutcome.OVER_CPU,
                            FunctionOutcome.OVER_MEMORY);
            if (answer.record().outcome() == FunctionOutcome.OK) {
                assertThat(answer.body()).isEqualTo("42");
            }
        }
        assertThat(ask("", "return new Response('alive');").body()).isEqualTo("alive");
    }

    @Test
    void aModuleOfNodeThatIsNotThereIsToldAtTheStart() {
        Answer answer = ask("import fs from 'node:fs';", "return new Response('x');");
        assertThat(answer.record().outcome()).isEqualTo(FunctionOutcome.THREW);
        assertThat(answer.logs()).contains("node:fs");
    }
}
