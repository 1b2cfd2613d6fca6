package dev.verge.deploy.local;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of a local log: code of functions and long values, the newest ones up to a bound. The node keeps on its disk what it has
 * fetched, so an old one that is gone here is missed by nobody. Thread-safe.
 */
final class LocalBlobs {
    private static final long MOST_BYTES = 128L << 20;

    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private long bytes;

    synchronized void put(String sha256, byte[] content) {
        byte[] before = contents.remove(sha256);
        bytes += content.length - (before == null ? 0 : before.length);
        contents.put(sha256, content);
        Iterator<byte[]> oldest = contents.values().iterator();
        while (bytes > MOST_BYTES && contents.size() > 1) {
            bytes -= oldest.next().length;
            oldest.remove();
        }
    }

    synchronized Optional<byte[]> find(String sha256) {
        return Optional.ofNullable(contents.get(sha256));
    }

    /** Bytes as a stream of one piece, on the context that reads it. */
    static final class Whole implements ReadStream<Buffer> {
        private final byte[] content;
        private @Nullable Handler<Buffer> handler;
        private @Nullable Handler<Void> end;
        private boolean paused = true;
        private boolean sent;

        Whole(byte[] content) {
            this.content = content;
        }

        @Override
        public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> failed) {
            return this;
        }

        @Override
        public ReadStream<Buffer> handler(@Nullable Handler<Buffer> taker) {
            handler = taker;
            flow();
            return this;
        }

        @Override
        public ReadStream<Buffer> pause() {
            paused = true;
            return this;
        }

        @Override
        public ReadStream<Buffer> resume() {
            paused = false;
            flow();
            return this;
        }

        @Override
        public ReadStream<Buffer> fetch(long amount) {
            return resume();
        }

        @Override
        public ReadStream<Buffer> endHandler(@Nullable Handler<Void> ended) {
            end = ended;
            flow();
            return this;
        }

        private void flow() {
            Handler<Buffer> taker = handler;
            if (!paused && !sent && taker != null) {
                sent = true;
                taker.handle(Buffer.buffer(content));
            }
            Handler<Void> ended = end;
            if (!paused && sent && ended != null) {
                end = null;
                ended.handle(null);
            }
        }
    }
}
