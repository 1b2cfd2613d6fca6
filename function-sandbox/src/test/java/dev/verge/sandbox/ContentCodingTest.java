package dev.verge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sandbox.Lab.Answer;
import dev.verge.sandbox.Lab.Ask;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of {@code Content-Encoding} between an origin, a function and its client (Fetch Standard, HTTP-network fetch). */
class ContentCodingTest {
    private static final String TEXT = "a text that is worth to be compressed; ".repeat(4_000);
    private static Lab lab;

    @BeforeAll
    static void boot() {
        lab = Lab.shared();
    }

    private interface Coder {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] coded(Coder coder, byte[] bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (OutputStream out = coder.over(all)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    private static byte[] text(String path) {
        byte[] plain = TEXT.getBytes(StandardCharsets.UTF_8);
        return switch (path) {
            case "deflate" -> coded(DeflaterOutputStream::new, plain);
            case "bomb" -> coded(GZIPOutputStream::new, new byte[100 << 20]);
            case "broken" -> Arrays.copyOf(coded(GZIPOutputStream::new, plain), 200);
            case "members" ->
                Buffer.buffer(coded(GZIPOutputStream::new, "one, ".getBytes(StandardCharsets.UTF_8)))
                        .appendBytes(coded(GZIPOutputStream::new, new byte[0]))
                        .appendBytes(coded(GZIPOutputStream::new, "two".getBytes(StandardCharsets.UTF_8)))
                        .getBytes();
            case "garbage" ->
                Buffer.buffer(coded(GZIPOutputStream::new, plain))
                        .appendString("x")
                        .getBytes();
            case "wrong" -> plain;
            case "br" -> "not decoded".getBytes(StandardCharsets.UTF_8);
            default -> coded(GZIPOutputStream::new, plain);
        };
    }

    /** An origin that answers in the coding its path names. */
    private static Future<SubrequestResponse> origin(Subrequest asked) {
        String path = asked.url().replaceFirst(".*/", "");
        String coding = path.equals("deflate") || path.equals("br") ? path : "GZip";
        Buffer body = Buffer.buffer(text(path));
        return Future.succeededFuture(new SubrequestResponse(
                200,
                asked.url(),
                false,
                java.util.List.of(
                        new HeaderField("Content-Encoding", coding),
                        new HeaderField("Content-Length", Integer.toString(body.length())),
                        new HeaderField("X-Kept", "yes")),
                Source.of(body)));
    }

    private static Answer ask(String body) {
        return lab.ask(Ask.of("const from = (what) => fetch('http://origin.example/' + what);"
                        + "export default { async fetch(request) { " + body + " } };")
                .subrequests(ContentCodingTest::origin));
    }

    @Test
    void whatAScriptReadsIsDecodedWholeAndInPieces() {
        Answer answer = ask("""
                const seen = [];
                for (const what of ['gzip', 'deflate']) {
                  const response = await from(what);
                  seen.push(response.headers.get('content-encoding').toLowerCase(), (await response.text()).length);
                }
                let streamed = '';
                for await (const piece of (await from('gzip')).body.pipeThrough(new TextDecoderStream())) streamed += piece;
                seen.push(streamed.length, streamed.endsWith('compressed; '), (await (await from('gzip')).arrayBuffer()).byteLength);
                const two = (await from('gzip')).clone();
                seen.push((await two.text()).length, await (await from('br')).text(), await (await from('members')).text());
                return new Response(seen.join());""");
        int length = TEXT.length();
        assertThat(answer.body())
                .as(answer.logs())
                .isEqualTo("gzip,%1$d,deflate,%1$d,%1$d,true,%1$d,%1$d,not decoded,one, two".formatted(length));
    }

    @Test
    void whatIsOnlyPassedOnKeepsItsBytesAndItsCoding() {
        for (String answer : new String[] {
            "return from('gzip');",
            "const r = await from('gzip'); return new Response(r.body, r);",
            "const r = await from('gzip'); const h = new Headers(r.headers); h.set('x-more', '1'); return new Response(r.body, { headers: h });"
        }) {
            Answer passed = ask(answer);
            assertThat(passed.header("content-encoding")).as(answer).isEqualToIgnoringCase("gzip");
            assertThat(passed.header("x-kept")).isEqualTo("yes");
            assertThat(passed.record().status()).isEqualTo(200);
            assertThat(passed.body())
                    .as(answer)
                    .isEqualTo(Buffer.buffer(text("gzip")).toString());
        }
    }

    @Test
    void whatWasDecodedIsNotSentAsIfItWereCoded() {
        for (String answer : new String[] {
            "const r = await from('gzip'); return new Response((await r.text()).slice(0), r);",
            "const r = await from('gzip'); return new Response(r.body.pipeThrough(new TransformStream()), r);",
            "const r = await from('gzip'); const h = new Headers(r.headers); h.delete('content-encoding');"
                    + " return new Response(r.body, { headers: h });",
            "const r = await from('gzip'); return new Response(r.body);"
        }) {
            Answer decoded = ask(answer);
            assertThat(decoded.header("content-encoding")).as(answer).isNull();
            assertThat(decoded.body()).as(answer).isEqualTo(TEXT);
        }
        Answer own = ask("const r = await from('gzip');"
                + " return new Response(new Response(await r.text()).body.pipeThrough(new CompressionStream('gzip')),"
                + " { headers: { 'content-encoding': 'gzip' } });");
        assertThat(own.header("content-encoding")).as("a coding of its own").isEqualTo("gzip");
    }

    @Test
    void damagedContentIsATypeErrorAndABombTakesNoMoreThanWhoReadsIt() {
        Answer answer = ask("""
                const seen = [];
                for (const what of ['broken', 'wrong', 'garbage']) {
                  try { seen.push(await (await from(what)).text()); } catch (error) { seen.push(error.name); }
                }
                const reader = (await from('bomb')).body.getReader();
                let longest = 0;
                for (let i = 0; i < 100; i++) longest = Math.max(longest, (await reader.read()).value.length);
                await reader.cancel();
                try { await (await from('bomb')).text(); } catch (error) { seen.push(error.message); }
                return new Response([...seen, longest <= 65536].join());""");
        assertThat(answer.body())
                .as(answer.logs())
                .isEqualTo("TypeError,TypeError,TypeError,The body is too large to be read at once; stream it.,true");
    }
}
