package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** HTMLRewriter: what handlers see, what becomes of it, and that neither depends on how the document arrives. */
class HtmlRewriterTest {
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private static String source(String name) {
        try (InputStream in = HtmlRewriterTest.class.getResourceAsStream("/rewriter/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String ask(String source, String query) {
        Answer answer = lab.ask(Ask.of(source).url("https://rewriter.example/?" + query));
        assertThat(answer.result().outcome()).as(answer.logs()).isEqualTo(FunctionOutcome.OK);
        return answer.body();
    }

    /** Runs statements that return a text. */
    private static String run(String statements) {
        return ask(
                """
                const rewrite = (html, change, type = 'text/html') =>
                  change(new HTMLRewriter()).transform(new Response(html, {headers: {'content-type': type}})).text();
                export default { async fetch() { %s } };
                """.formatted(
                        statements.replace("return ", "return new Response(").replace(";;", ");")),
                "");
    }

    @Test
    void aDocumentIsRewrittenAsItsHandlersSay() {
        assertThat(ask(source("cuts.js"), "whole")).isEqualTo(source("cuts.expected"));
    }

    @Test
    void howADocumentIsCutMakesNoDifference() {
        String cuts = source("cuts.js");
        // Cut at all bytes at once, and in two at every seventh.
        int calls = 12;
        int length = Integer.MAX_VALUE;
        for (int from = 0; from < Math.min(length, calls * 63); from += 63) {
            String answer = ask(cuts, "from=" + from + "&to=" + (from + 63) + "&by=7" + (from == 63 ? "&single" : ""));
            assertThat(answer).startsWith("same ");
            length = Integer.parseInt(answer.substring("same ".length()));
        }
    }

    @Test
    void manySmallPiecesThatMakeNothingYetDoNotPileUp() {
        assertThat(run("""
                const bytes = new TextEncoder().encode('<p title="' + 'x'.repeat(2_000) + '"></p>');
                const pieces = new ReadableStream({start(c) { for (const byte of bytes) c.enqueue(new Uint8Array([byte])); c.close(); }});
                const text = await new HTMLRewriter().on('p', {}).transform(new Response(pieces, {headers: {'content-type': 'text/html'}})).text();
                return String(text.length);;
                """)).isEqualTo("2016");
    }

    @Test
    void selectorsMatchAsAPlainMatcherOverATreeDoes() {
        String selectors = source("selectors.js");
        for (int seed = 1; seed <= 6; seed++) {
            assertThat(ask(selectors, "seed=" + seed)).isEqualTo("same true");
        }
    }

    @Test
    void contentIsPutWhereItIsAskedFor() {
        assertThat(run("""
                return await rewrite('<p>x</p><br>', (r) => r
                  .on('p', {element(e) { e.before('b1').before('b2').after('a1').after('a2').prepend('p1').prepend('p2').append('e1').append('e2'); }})
                  .on('br', {element(e) { e.before('1').after('2').prepend('no').append('no'); }}));;""")).isEqualTo("b1b2<p>p2p1xe1e2</p>a2a11<br>2");
        assertThat(run("""
                return await rewrite('<p>x<b>y</b></p>z', (r) => r
                  .on('p', {element(e) { e.setInnerContent('<in>').append('more'); e.setAttribute('t', 'a"<'); }})
                  .on('b', {element(e) { e.after('hidden'); }})
                  .onDocument({text(t) { if (t.text === 'z') t.replace('<z>', {html: true}); }}));;""")).isEqualTo("<p t=\"a&quot;<\">&lt;in&gt;more</p><z>");
        assertThat(run("""
                return await rewrite('<ul><li>a<li>b</ul><p>c', (r) => r
                  .on('li', {element(e) { e.append('!'); e.after('|'); }}).on('p', {element(e) { e.append('?'); }}));;""")).isEqualTo("<ul><li>a<li>b!|!|</ul><p>c?");
    }

    @Test
    void contentMayBeAStreamOrAResponse() {
        assertThat(run("""
                const bytes = (...all) => ReadableStream.from(all.map((one) => new Uint8Array(one)));
                const parts = [];
                const out = await rewrite('<p>x</p><i>y</i><q>z</q>', (r) => r
                  .on('p', {element(e) { e.before(new Response('<b>ü'), {html: true}).append(bytes([60, 0xe2], [], [0x82, 0xac])).after(new Response(null)).after('.'); }})
                  .on('i', {element(e) { e.replace(bytes()); }})
                  .on('q', {element(e) { e.setInnerContent(new Response('never read')).setInnerContent('w');
                    const body = new ReadableStream(); body.getReader();
                    for (const bad of [body, body]) try { e.before(bad); } catch (error) { parts.push(error.name); } }}));
                const failed = await rewrite('<p>', (r) => r.on('p', {element(e) { e.append(new ReadableStream({pull(c) { c.error(new RangeError('mine')); }})); }})).catch((e) => e.message);
                const text = await rewrite('<p>', (r) => r.on('p', {element(e) { e.append(ReadableStream.from(['text'])); }})).catch((e) => e.name);
                return [out, parts, failed, text].join(' ');;""")).isEqualTo("<b>ü<p>x&lt;€</p>.<q>w</q> TypeError,TypeError mine TypeError");
        assertThat(run("""
                let made = 0;
                const many = () => new ReadableStream({start(c) { for (let i = 0; i < 2000; i++) c.enqueue(new Uint8Array(0)); c.close(); }});
                const endless = new ReadableStream({pull(c) { made++; c.enqueue(new Uint8Array(65536).fill(97)); }, cancel() { made = -made; }}, {highWaterMark: 0});
                const empty = await rewrite('<p>', (r) => r.on('p', {element(e) { e.before(many()); }}));
                const reader = new HTMLRewriter().on('p', {element(e) { e.before(endless); }}).transform(new Response('<p>')).body.getReader();
                const {value} = await reader.read();
                await reader.cancel();
                return [empty, value.length, made].join();;""")).startsWith("<p>,65536,-").matches(".*-[123]");
        // Streams that it was not their turn yet to be read are given up like the one that is.
        assertThat(run("""
                const given = [];
                const source = (name) => new ReadableStream({pull(c) { c.enqueue(new Uint8Array(1)); }, cancel() { given.push(name); }}, {highWaterMark: 0});
                const reader = new HTMLRewriter().on('p', {element(e) { e.before(source('first')).after(source('second')); }}).transform(new Response('<p>x</p>')).body.getReader();
                await reader.read();
                await reader.cancel();
                return given.join();;""")).isEqualTo("first,second");
        assertThat(run("""
                return await rewrite('<p>'.repeat(1001), (r) => r.on('p', {element(e) { e.before(new Response('x')); }})).catch((e) => e.message);;""")).contains("more than 1000 streams");
    }

    @Test
    void mistakesAreToldAndTokensAreGoodInTheirHandlersOnly() {
        assertThat(run("""
                const told = [];
                const t = (f) => { try { f(); told.push('none'); } catch (e) { told.push(e.name); } };
                let kept;
                for (const bad of ['', 'p >', 'a:hover', 'a + b', '[x', 'p:nth-child(x)', ':not(a b)', '::before', '5']) t(() => new HTMLRewriter().on(bad, {}));
                t(() => new HTMLRewriter().on('a', null));
                t(() => new HTMLRewriter().transform('x'));
                t(() => new HTMLRewriter().transform(new Response('x', {headers: {'content-type': 'text/html; charset=utf-16'}})));
                await rewrite('<p><!--c-->', (r) => r.on('p', {
                  element(e) { kept = e; t(() => e.setAttribute('a b', '')); t(() => { e.tagName = '1'; }); },
                  comments(c) { t(() => { c.text = 'x-->y'; }); }}));
                t(() => kept.remove());
                const failed = await rewrite('<p>', (r) => r.on('p', {element() { throw new RangeError('mine'); }})).catch((e) => e.message);
                const later = await rewrite('<p>', (r) => r.on('p', {async element() { await null; throw new RangeError('later'); }})).catch((e) => e.message);
                return [new Set(told).size, told[0], told.length, failed, later].join();;""")).isEqualTo("1,TypeError,16,mine,later");
    }

    @Test
    void otherEncodingsGoThroughByteForByte() {
        assertThat(run("""
                const bytes = new Uint8Array([60, 112, 62, 0xfc, 0x80, 60, 47, 112, 62, 0xff]);
                let seen = '';
                const out = new Uint8Array(await new HTMLRewriter()
                  .on('p', {text(t) { seen += t.text; }, element(e) { e.append('€&'); }})
                  .transform(new Response(bytes, {headers: {'content-type': 'text/html; charset=windows-1252'}})).arrayBuffer());
                return seen + [...out].map((b) => b < 128 ? String.fromCharCode(b) : '%' + b.toString(16)).join('');;""")).isEqualTo("ü€<p>%fc%80&#8364;&amp;</p>%ff");
    }

    @Test
    void readsNoFartherThanItsReaderAndBoundsATag() {
        // A reader that stops stops the source.
        assertThat(run("""
                const piece = new TextEncoder().encode('<p class=x>' + 'text '.repeat(13000) + '</p>');
                let made = 0;
                const source = () => new Response(new ReadableStream({pull(c) { if (made++ < 60) c.enqueue(piece); else c.close(); }}, {highWaterMark: 0}));
                let count = 0;
                const r = new HTMLRewriter().on('p.x', {element(e) { count++; e.removeAttribute('class'); }});
                let bytes = 0;
                for await (const chunk of r.transform(source()).body) bytes += chunk.length;
                made = 0;
                const reader = r.transform(source()).body.getReader();
                await reader.read();
                await reader.cancel();
                return [count, bytes === 60 * (piece.length - 8), made].join();;""")).startsWith("61,true,").matches(".*,[12]");
        assertThat(run("""
                const many = new ReadableStream({pull(c) { c.enqueue(new TextEncoder().encode('<p a="' + 'x'.repeat(1 << 20))); }});
                return await rewrite(many, (r) => r).catch((e) => e.message);;""")).contains("more than 1048576 bytes");
    }
}
