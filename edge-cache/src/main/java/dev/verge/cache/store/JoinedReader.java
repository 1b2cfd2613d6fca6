package dev.verge.cache.store;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several contents with text around them, as one body. Holds one piece at a time. A content is opened before the one ahead of it is
 * closed, so that what both are parts of cannot go away in between.
 */
public final class JoinedReader implements BodyReader {
    private final List<Section> sections;
    private final String end;
    private final Runnable onClose;
    private int section;
    private Next next = Next.TEXT;
    // Guarded by this: close() may come from another thread than the one that brings a piece.
    private @Nullable BodyReader current;
    private boolean closed;

    /** What comes next of a section. */
    private enum Next {
        TEXT,
        OPEN,
        CONTENT
    }

    /**
     * A content and the text before it, a byte a character.
     *
     * @param content opens it; empty when it cannot be had
     */
    public record Section(String before, Supplier<CompletableFuture<Optional<BodyReader>>> content) {}

    /**
     * Joins.
     *
     * @param first the content of the first section, already open and owned by this reader from now on
     * @param onClose run once, after the last content was closed
     */
    public JoinedReader(List<Section> sections, BodyReader first, String end, Runnable onClose) {
        this.sections = List.copyOf(sections);
        this.current = first;
        this.end = end;
        this.onClose = onClose;
    }

    @Override
    public CompletableFuture<ByteBuf> next() {
        if (section > sections.size()) {
            return CompletableFuture.completedFuture(Unpooled.EMPTY_BUFFER);
        }
        return switch (next) {
            case TEXT -> {
                boolean last = section == sections.size();
                String text = last ? end : sections.get(section).before();
                if (last) {
                    section++;
                } else {
                    next = section == 0 ? Next.CONTENT : Next.OPEN;
                }
                yield CompletableFuture.completedFuture(
                        Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
            }
            case OPEN -> sections.get(section).content().get().thenCompose(this::opened);
            case CONTENT -> content();
        };
    }

    private CompletableFuture<ByteBuf> opened(Optional<BodyReader> opened) {
        @Nullable BodyReader before;
        synchronized (this) {
            before = closed ? null : current;
            if (!closed) {
                current = opened.orElse(null);
            }
        }
        if (before == null) {
            opened.ifPresent(BodyReader::close);
            return broken("the reader is closed");
        }
        before.close();
        next = Next.CONTENT;
        return content();
    }

    private CompletableFuture<ByteBuf> content() {
        @Nullable BodyReader reader;
        synchronized (this) {
            reader = current;
        }
        if (reader == null) {
            return broken("a part of the body has gone");
        }
        return reader.next().thenCompose(piece -> {
            if (piece.isReadable()) {
                return CompletableFuture.completedFuture(piece);
            }
            piece.release();
            section++;
            next = Next.TEXT;
            return next();
        });
    }

    private static CompletableFuture<ByteBuf> broken(String why) {
        return CompletableFuture.failedFuture(new BrokenBodyException(why));
    }

    @Override
    public void close() {
        @Nullable BodyReader reader;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            reader = current;
            current = null;
        }
        if (reader != null) {
            reader.close();
        }
        onClose.run();
    }
}
