package dev.verge.balancer.health;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.BodyCodec;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a whole body and keeps its first bytes as text, so that no origin can make a probe hold much. */
final class BodyStart implements BodyCodec<String> {
    private final int maxBytes;

    BodyStart(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public BodyStream<String> stream() throws Exception {
        return new Start(maxBytes);
    }

    private static final class Start implements BodyStream<String> {
        private final int maxBytes;
        private final Buffer kept = Buffer.buffer();
        private final Promise<String> result = Promise.promise();

        Start(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public Future<Void> write(Buffer data) {
            int room = maxBytes - kept.length();
            if (room > 0) {
                kept.appendBuffer(data, 0, Math.min(room, data.length()));
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> end() {
            result.tryComplete(kept.toString(StandardCharsets.UTF_8));
            return Future.succeededFuture();
        }

        @Override
        public void handle(Throwable cause) {
            result.tryFail(cause);
        }

        @Override
        public Future<String> result() {
            return result.future();
        }

        @Override
        public BodyStream<String> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public BodyStream<String> setWriteQueueMaxSize(int maxSize) {
            return this;
        }

        @Override
        public boolean writeQueueFull() {
            return false;
        }

        @Override
        public BodyStream<String> drainHandler(@Nullable Handler<Void> handler) {
            return this;
        }
    }
}
