package dev.verge.node.pipeline;

import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.serve.ByteRange;
import dev.verge.cache.serve.Delivery;
import dev.verge.cache.serve.Multipart;
import dev.verge.cache.store.BodyReader;
import dev.verge.cache.store.Fill;
import dev.verge.cache.store.ForwardCursor;
import dev.verge.cache.store.JoinedReader;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Several parts of a body as one {@code multipart/byteranges} body, read piece by piece. */
final class MultipartBody {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Delivery.Parts parts;
    private final Multipart multipart;

    MultipartBody(Delivery.Parts parts) {
        this.parts = parts;
        this.multipart = parts.multipart(boundary());
    }

    /** Random: a boundary that could be foreseen could be written into a body, and parts be faked. */
    private static String boundary() {
        byte[] random = new byte[Delivery.ANY_BOUNDARY.length() / 2];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    ResponseHead head() {
        return parts.head(multipart);
    }

    /** Bytes of the multipart body. */
    long length() {
        return multipart.length();
    }

    /** Out of a stored body, part by part; empty when the first part cannot be had. */
    CompletableFuture<Optional<BodyReader>> of(Function<ByteRange, CompletableFuture<Optional<BodyReader>>> opening) {
        return opening.apply(parts.ranges().getFirst())
                .thenApply(opened -> opened.map(first -> joined(opening, first, () -> {})));
    }

    /** Out of a body that still arrives, in one pass; the parts lie in its order. Empty when it can no longer be read. */
    Optional<BodyReader> along(Fill fill) {
        ByteRange first = parts.ranges().getFirst();
        long length = parts.ranges().getLast().last() + 1 - first.first();
        return fill.reader(first.first(), length).map(reader -> {
            ForwardCursor cursor = new ForwardCursor(reader, first.first());
            return joined(
                    range -> CompletableFuture.completedFuture(Optional.of(cursor.part(range.first(), range.length()))),
                    cursor.part(first.first(), first.length()),
                    cursor::close);
        });
    }

    private BodyReader joined(
            Function<ByteRange, CompletableFuture<Optional<BodyReader>>> opening, BodyReader first, Runnable onClose) {
        List<JoinedReader.Section> sections = new ArrayList<>(parts.ranges().size());
        for (int i = 0; i < parts.ranges().size(); i++) {
            ByteRange range = parts.ranges().get(i);
            sections.add(new JoinedReader.Section(multipart.before(i), () -> opening.apply(range)));
        }
        return new JoinedReader(sections, first, multipart.end(), onClose);
    }
}
