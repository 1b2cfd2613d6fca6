package dev.verge.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedReaderTest {
    private static final int LARGE = 20 << 20;

    @TempDir
    Path folder;

    private record Span(int first, int length) {
        byte[] of(byte[] body) {
            return Arrays.copyOfRange(body, first, first + length);
        }
    }

    /** Parts of bodies in memory and of such as are only on disk. */
    @Test
    void joinsPartsOfAStoredBodyInAnyOrder() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            for (int size : List.of(50_000, LARGE)) {
                byte[] body = CacheFixture.body(size, size);
                fixture.store("/" + size, body);
                List<Span> spans =
                        List.of(new Span(size - 1_000, 1_000), new Span(0, 10), new Span(size / 2, size / 4));

                byte[] read = CacheFixture.drain(stored(fixture, "/" + size, spans));

                assertThat(read).isEqualTo(expected(body, spans));
            }
        }
    }

    /** The next part is opened before the last one is let go, so nothing that happens in between takes the body away. */
    @Test
    void goesOnWhenTheEntryIsPurgedUnderIt() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = CacheFixture.body(1, LARGE);
            fixture.store("/purged", body);
            List<Span> spans = List.of(new Span(0, 300_000), new Span(1_000_000, 300_000), new Span(5_000_000, 10));
            BodyReader reader = stored(fixture, "/purged", spans);
            CacheFixture.await(reader.next()).release();
            CacheFixture.await(reader.next()).release();

            CacheFixture.await(fixture.cache.purge(List.of(PurgeMark.everything(CacheFixture.SCOPE, false))));
            assertThat(fixture.read("/purged")).isEmpty();
            byte[] rest = CacheFixture.drain(reader);

            byte[] all = expected(body, spans);
            assertThat(all).endsWith(rest);
            assertThat(rest.length).isGreaterThan(300_000);
        }
    }

    @Test
    void aPartThatHasGoneBreaksTheBody() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            fixture.store("/p", CacheFixture.body(1, 100));
            Lookup lookup = fixture.lookup("/p");
            var response = lookup.variants().getFirst();
            BodyReader first = CacheFixture.await(fixture.cache.open(lookup, response, 0, 5))
                    .orElseThrow();
            var closed = new AtomicInteger();
            var gone = new JoinedReader.Section("x", () -> CompletableFuture.completedFuture(Optional.empty()));
            var reader = new JoinedReader(List.of(gone, gone), first, "", closed::incrementAndGet);

            assertThatThrownBy(() -> CacheFixture.drain(reader)).hasRootCauseInstanceOf(BrokenBodyException.class);
            reader.close();
            assertThat(closed).hasValue(1);
        }
    }

    /** Bytes between the parts pass by, however many, and what was not read is given back. */
    @Test
    void readsPartsOfAFillInOnePass() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            byte[] body = CacheFixture.body(7, LARGE);
            List<Span> spans = List.of(new Span(10, 5), new Span(15, 5), new Span(LARGE - 700_000, 600_000));
            Fill fill = fixture.begin("/fill");
            BodyReader reader = onePass(fill, spans);
            var read = CompletableFuture.supplyAsync(() -> CacheFixture.drain(reader));
            fixture.write(fill, body).complete();
            assertThat(CacheFixture.await(read)).isEqualTo(expected(body, spans));

            Fill second = fixture.begin("/given-up");
            BodyReader early = onePass(second, spans);
            CacheFixture.await(early.next()).release();
            CompletableFuture<ByteBuf> waiting = early.next();
            early.close();
            assertThatThrownBy(() -> CacheFixture.await(waiting)).hasRootCauseInstanceOf(BrokenBodyException.class);
            fixture.write(second, body).complete();
            fixture.awaitIdle();
        }
    }

    @Test
    void aFillThatBreaksOffBreaksItsParts() throws Exception {
        try (var fixture = CacheFixture.open(folder)) {
            Fill fill = fixture.begin("/fill");
            BodyReader reader = onePass(fill, List.of(new Span(0, 10), new Span(50_000, 10)));
            fixture.write(fill, CacheFixture.body(1, 20_000));
            fill.abort();
            assertThatThrownBy(() -> CacheFixture.drain(reader)).hasRootCauseInstanceOf(BrokenBodyException.class);
        }
    }

    private static BodyReader stored(CacheFixture fixture, String path, List<Span> spans) {
        Lookup lookup = fixture.lookup(path);
        var response = lookup.variants().getFirst();
        List<JoinedReader.Section> sections = new ArrayList<>();
        for (Span span : spans) {
            sections.add(new JoinedReader.Section(
                    "<" + span.first() + ">", () -> fixture.cache.open(lookup, response, span.first(), span.length())));
        }
        Span first = spans.getFirst();
        BodyReader opened = CacheFixture.await(fixture.cache.open(lookup, response, first.first(), first.length()))
                .orElseThrow();
        return new JoinedReader(sections, opened, "<end>", () -> {});
    }

    private static BodyReader onePass(Fill fill, List<Span> spans) {
        long start = spans.getFirst().first();
        var cursor = new ForwardCursor(fill.reader(start).orElseThrow(), start);
        List<JoinedReader.Section> sections = new ArrayList<>();
        for (Span span : spans) {
            sections.add(new JoinedReader.Section(
                    "<" + span.first() + ">",
                    () -> CompletableFuture.completedFuture(Optional.of(cursor.part(span.first(), span.length())))));
        }
        Span first = spans.getFirst();
        return new JoinedReader(sections, cursor.part(first.first(), first.length()), "<end>", cursor::close);
    }

    private static byte[] expected(byte[] body, List<Span> spans) {
        var bytes = new java.io.ByteArrayOutputStream();
        for (Span span : spans) {
            bytes.writeBytes(text("<" + span.first() + ">"));
            bytes.writeBytes(span.of(body));
        }
        bytes.writeBytes(text("<end>"));
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
