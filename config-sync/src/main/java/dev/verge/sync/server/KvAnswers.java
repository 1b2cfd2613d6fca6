package dev.verge.sync.server;

import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes that functions of one node make to namespaces. A long value comes in pieces: some are asked for, another one for each that was
 * taken, so that what a node may have on the way is bounded. On the stream's context.
 */
final class KvAnswers {
    /** Changes that one node may have under way. */
    static final int MAX_WRITES = 1_024;

    /** Long values that one node may have under way. */
    static final int MAX_UPLOADS = 8;

    /** Pieces of a value that may be on the way. */
    static final int AHEAD = 4;

    /** Time for a long value from its first message to its end. */
    static final Duration UPLOAD_PATIENCE = Duration.ofSeconds(60);

    private static final int LONGEST_REFUSAL = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(KvAnswers.class);

    private final Vertx vertx;
    private final Context context;
    private final NodeIdentity identity;
    private final Supplier<KvWriter> writer;
    private final Consumer<Frame> send;
    private final Map<Long, Upload> uploads = new HashMap<>();
    private int writes;

    KvAnswers(Vertx vertx, Context context, NodeIdentity identity, Supplier<KvWriter> writer, Consumer<Frame> send) {
        this.vertx = vertx;
        this.context = context;
        this.identity = identity;
        this.writer = writer;
        this.send = send;
    }

    /** A long value on its way. */
    private static final class Upload {
        final String namespace;
        final KvUpload to;
        final long timer;
        int granted = AHEAD;
        int came;

        Upload(String namespace, KvUpload to, long timer) {
            this.namespace = namespace;
            this.to = to;
            this.timer = timer;
        }
    }

    void write(long number, KvWrite write) {
        if (writes >= MAX_WRITES) {
            answer(number, "too many changes at a time");
            return;
        }
        writes++;
        Future<Void> written;
        try {
            written = writer.get().write(identity, write);
        } catch (RuntimeException bug) {
            written = Future.failedFuture(bug);
        }
        written.onComplete(end -> context.runOnContext(v -> {
            writes--;
            answer(number, end.succeeded() ? "" : refusal(write.namespace(), end.cause()));
        }));
    }

    void upload(long number, KvWrite write) {
        if (uploads.containsKey(number)) {
            drop(number, "a number that is in use");
            return;
        }
        if (uploads.size() >= MAX_UPLOADS) {
            answer(number, "too many long values at a time");
            return;
        }
        KvUpload to;
        try {
            to = writer.get().upload(identity, write);
        } catch (RuntimeException refused) {
            answer(number, refusal(write.namespace(), refused));
            return;
        }
        long timer = vertx.setTimer(
                UPLOAD_PATIENCE.toMillis(),
                id -> context.runOnContext(
                        v -> drop(number, "the value was not complete within " + UPLOAD_PATIENCE.toSeconds() + " s")));
        uploads.put(number, new Upload(write.namespace(), to, timer));
        send.accept(new Frame.KvMore(number, AHEAD));
    }

    /** Pieces of a value that has ended are passed over: its node has not heard of that yet. */
    void piece(long number, @Nullable String data) {
        Upload upload = uploads.get(number);
        if (upload == null) {
            return;
        }
        if (data == null) {
            drop(number, "the value was given up");
        } else if (data.isEmpty()) {
            upload.to
                    .finish()
                    .onComplete(end -> context.runOnContext(v -> {
                        if (end.succeeded() && forget(number, upload)) {
                            answer(number, "");
                        } else if (end.failed()) {
                            refuse(number, upload, end.cause());
                        }
                    }));
        } else if (++upload.came > upload.granted) {
            drop(number, "a piece came that was not asked for");
        } else {
            add(number, upload, data);
        }
    }

    private void add(long number, Upload upload, String data) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException wrong) {
            drop(number, "a piece is no base64");
            return;
        }
        upload.to
                .add(Buffer.buffer(bytes))
                .onComplete(taken -> context.runOnContext(v -> {
                    if (taken.failed()) {
                        refuse(number, upload, taken.cause());
                    } else if (uploads.get(number) == upload) {
                        upload.granted++;
                        send.accept(new Frame.KvMore(number, upload.granted));
                    }
                }));
    }

    /** The stream is over: what is not complete will not be. */
    void end() {
        List.copyOf(uploads.entrySet()).forEach(each -> {
            forget(each.getKey(), each.getValue());
            each.getValue().to.giveUp();
        });
    }

    private void drop(long number, String why) {
        Upload upload = uploads.get(number);
        if (upload != null && forget(number, upload)) {
            upload.to.giveUp();
            answer(number, why);
        }
    }

    private void refuse(long number, Upload upload, Throwable cause) {
        if (forget(number, upload)) {
            upload.to.giveUp();
            answer(number, refusal(upload.namespace, cause));
        }
    }

    private boolean forget(long number, Upload upload) {
        vertx.cancelTimer(upload.timer);
        return uploads.remove(number, upload);
    }

    private String refusal(String namespace, Throwable cause) {
        if (cause instanceof KvWriter.Refused refused) {
            return String.valueOf(refused.getMessage());
        }
        LOG.warn("sync: a change of {} from {} failed", namespace, identity.node(), cause);
        return "the change could not be stored";
    }

    private void answer(long number, String refusal) {
        send.accept(new Frame.KvWritten(
                number, refusal.length() > LONGEST_REFUSAL ? refusal.substring(0, LONGEST_REFUSAL) : refusal));
    }
}
