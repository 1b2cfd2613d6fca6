package dev.verge.node.pipeline;

import dev.verge.node.kv.KvStore;
import dev.verge.sandbox.SubrequestSignal;
import dev.verge.sync.log.KvEntry;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A function's value on its way to the control plane: a short one in one message, a longer one piece by piece as it comes, so that the
 * node never holds more of it than a piece and what the host may send ahead. On the loop.
 */
final class KvPut {
    private final KvStore store;
    private final KvWrite write;
    private final Loop loop;
    private final Promise<Void> done = Promise.promise();
    private Buffer held = Buffer.buffer();
    private long came;
    private @Nullable ReadStream<Buffer> body;
    private @Nullable KvUpload upload;
    private boolean ended;
    private boolean sending;

    /** @param write the change, without its value */
    KvPut(KvStore store, KvWrite write, Loop loop) {
        this.store = store;
        this.write = write;
        this.loop = loop;
    }

    /** Reads the value to its end; completes when the change stands in the log. */
    Future<Void> from(@Nullable ReadStream<Buffer> value, SubrequestSignal signal) {
        signal.onAbort(() -> fail("the value was given up"));
        if (value == null) {
            ended = true;
            next();
            return done.future();
        }
        body = value;
        value.exceptionHandler(broken -> fail("the body was not completed"));
        value.endHandler(end -> {
            ended = true;
            next();
        });
        value.handler(this::arrived);
        value.resume();
        return done.future();
    }

    private void arrived(Buffer data) {
        came += data.length();
        if (came > KvEntry.MAX_BYTES) {
            fail("the value is longer than " + KvEntry.MAX_BYTES + " bytes, the most that a key may have");
            return;
        }
        held.appendBuffer(data);
        next();
    }

    private void next() {
        if (sending || done.future().isComplete()) {
            return;
        }
        boolean isLong = came > KvEntry.MAX_INLINE_BYTES;
        if (ended && !isLong) {
            String value = Base64.getEncoder().encodeToString(held.getBytes());
            end(store.write(KvCalls.with(write, value)));
        } else if (isLong && (held.length() >= KvUpload.MAX_PIECE_BYTES || (ended && held.length() > 0))) {
            sendPiece();
        } else if (ended) {
            end(to().finish().toCompletionStage().toCompletableFuture());
        } else if (body != null) {
            body.resume();
        }
    }

    private void sendPiece() {
        int length = Math.min(held.length(), KvUpload.MAX_PIECE_BYTES);
        Buffer piece = held.getBuffer(0, length);
        held = held.getBuffer(length, held.length());
        sending = true;
        if (body != null && !ended) {
            body.pause();
        }
        loop.bring(to().add(piece).toCompletionStage().toCompletableFuture())
                .onSuccess(taken -> {
                    sending = false;
                    next();
                })
                .onFailure(refused -> fail(String.valueOf(refused.getMessage())));
    }

    private KvUpload to() {
        KvUpload open = upload;
        if (open == null) {
            open = store.upload(write);
            upload = open;
        }
        return open;
    }

    private void end(CompletableFuture<Void> written) {
        sending = true;
        loop.bring(written)
                .onSuccess(done::tryComplete)
                .onFailure(refused -> done.tryFail(new Fetches.Refused(String.valueOf(refused.getMessage()))));
    }

    /** Nobody reads on: the sender gets no more credit, and the answer ends the subrequest. */
    private void fail(String why) {
        if (!done.tryFail(new Fetches.Refused(why))) {
            return;
        }
        held = Buffer.buffer();
        if (body != null) {
            body.pause();
        }
        if (upload != null) {
            upload.giveUp();
        }
    }
}
