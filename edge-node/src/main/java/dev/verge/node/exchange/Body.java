package dev.verge.node.exchange;

import dev.verge.cache.store.BodyReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * The content of a message. A stream has exactly one owner at a time, who either reads it to its end or failure, or cancels it.
 */
public sealed interface Body {

    /** Content that is all there; may be read any number of times. */
    record Whole(Buffer bytes) implements Body {
        private static final Whole NONE = new Whole(Buffer.buffer());
    }

    /**
     * Content that arrives.
     *
     * @param stream paused until its owner sets handlers and resumes it; lives on one context. Its exception handler is called at
     *     most once and excludes its end handler
     * @param length exact number of bytes, or -1 when only the end tells
     * @param cancel frees what stands behind the stream (connection, cache reader, function). Idempotent; any thread
     */
    record Streamed(ReadStream<Buffer> stream, long length, Runnable cancel) implements Body {}

    /**
     * Content out of the cache, taken piece by piece.
     *
     * @param reader futures may complete on any thread; each piece belongs to who takes it
     * @param length exact number of bytes, or -1 when only the end tells
     */
    record Pulled(BodyReader reader, long length) implements Body {}

    /** No content. */
    static Body none() {
        return Whole.NONE;
    }

    /** Number of bytes, or -1 when only the end tells. */
    default long length() {
        return switch (this) {
            case Whole whole -> whole.bytes().length();
            case Streamed streamed -> streamed.length();
            case Pulled pulled -> pulled.length();
        };
    }

    /** Gives the content up unread. */
    default void discard() {
        switch (this) {
            case Whole whole -> {}
            case Streamed streamed -> streamed.cancel().run();
            case Pulled pulled -> pulled.reader().close();
        }
    }

    /** The content for readers that know only streams; to be called on an event loop, once, by the owner. */
    default Streamed streamed() {
        return switch (this) {
            case Whole whole -> new Streamed(new WholeStream(whole.bytes()), whole.length(), () -> {});
            case Streamed streamed -> streamed;
            case Pulled pulled -> {
                PulledStream stream = new PulledStream(pulled.reader());
                yield new Streamed(stream, pulled.length(), stream::stop);
            }
        };
    }
}
