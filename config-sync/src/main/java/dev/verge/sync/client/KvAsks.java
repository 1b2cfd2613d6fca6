package dev.verge.sync.client;

import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes that functions make to namespaces, on their way to the control plane: short ones in one message, long values in pieces as the
 * control plane asks for them. On the client's context, where nothing else is said.
 */
final class KvAsks {
    /** Changes that may wait for their answer. */
    static final int MAX_WRITES = 1_024;

    /** Long values under way; as many as the control plane takes from one node. */
    static final int MAX_UPLOADS = 8;

    /** Those of one account: who lets others wait must not hold all of them. */
    static final int MAX_UPLOADS_OF_ACCOUNT = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Context context;
    private final ControlPlaneLink link;
    private final Map<Long, Promise<Void>> writes = new HashMap<>();
    private final Map<Long, Upload> uploads = new ConcurrentHashMap<>();
    private long last;

    KvAsks(Vertx vertx, Context context, ControlPlaneLink link) {
        this.vertx = vertx;
        this.context = context;
        this.link = link;
    }

    /** From any thread. */
    Future<Void> write(KvWrite write) {
        Promise<Void> answer = Promise.promise();
        context.runOnContext(v -> {
            if (link.connectedTo() == null) {
                answer.fail("the control plane cannot be reached now");
                return;
            }
            if (writes.size() >= MAX_WRITES) {
                answer.fail("too many changes at a time");
                return;
            }
            long number = ++last;
            writes.put(number, answer);
            link.send(new Frame.KvAsked(number, write));
            after(() -> {
                Promise<Void> late = writes.remove(number);
                if (late != null) {
                    late.fail(noAnswer());
                }
            });
        });
        return answer.future();
    }

    /** From any thread, as are the calls of what it returns. */
    KvUpload upload(KvWrite write) {
        Upload upload = new Upload(write);
        context.runOnContext(v -> upload.begin());
        return upload;
    }

    /** From any thread: long values under way. */
    int uploads() {
        return uploads.size();
    }

    void written(long number, String refusal) {
        Promise<Void> answer = writes.remove(number);
        Upload upload = uploads.get(number);
        if (upload != null) {
            upload.end(refusal);
        } else if (answer != null && refusal.isEmpty()) {
            answer.complete();
        } else if (answer != null) {
            answer.fail(refusal);
        }
    }

    void more(long number, int pieces) {
        Upload upload = uploads.get(number);
        if (upload != null) {
            upload.granted = pieces;
            upload.sendNext();
        }
    }

    void down() {
        List<Promise<Void>> left = List.copyOf(writes.values());
        writes.clear();
        left.forEach(each -> each.tryFail("the stream ended: whether the change was made is not known"));
        List.copyOf(uploads.values())
                .forEach(each -> each.end(
                        each.finished
                                ? "the stream ended: whether the change was made is not known"
                                : "the stream ended before the value was complete"));
    }

    private void after(Runnable action) {
        vertx.setTimer(PATIENCE.toMillis(), id -> context.runOnContext(v -> action.run()));
    }

    private static String noAnswer() {
        return "no answer within " + PATIENCE.toSeconds() + " s: whether the change was made is not known";
    }

    /** A long value. One piece at a time waits to be asked for. */
    private final class Upload implements KvUpload {
        private final KvWrite write;
        private final Promise<Void> answer = Promise.promise();
        private long number;
        private int granted;
        private int sent;
        private @Nullable Buffer waiting;
        private @Nullable Promise<Void> room;
        private boolean finished;

        Upload(KvWrite write) {
            this.write = write;
        }

        private void begin() {
            if (link.connectedTo() == null) {
                end("the control plane cannot be reached now");
                return;
            }
            long ofAccount = uploads.values().stream()
                    .filter(each -> each.write.account().equals(write.account()))
                    .count();
            if (uploads.size() >= MAX_UPLOADS || ofAccount >= MAX_UPLOADS_OF_ACCOUNT) {
                end("too many long values at a time: a node sends " + MAX_UPLOADS + ", of one account "
                        + MAX_UPLOADS_OF_ACCOUNT);
                return;
            }
            number = ++last;
            uploads.put(number, this);
            link.send(new Frame.KvUploadAsked(number, write));
        }

        @Override
        public Future<Void> add(Buffer piece) {
            Promise<Void> taken = Promise.promise();
            context.runOnContext(v -> {
                if (answer.future().isComplete()) {
                    answer.future().onComplete(taken);
                    return;
                }
                waiting = piece;
                room = taken;
                sendNext();
                after(() -> {
                    if (!taken.future().isComplete()) {
                        end("no piece was asked for within " + PATIENCE.toSeconds() + " s");
                    }
                });
            });
            return taken.future();
        }

        private void sendNext() {
            Buffer piece = waiting;
            Promise<Void> taken = room;
            if (piece == null || taken == null || sent >= granted) {
                return;
            }
            sent++;
            waiting = null;
            room = null;
            link.send(new Frame.KvPiece(number, Base64.getEncoder().encodeToString(piece.getBytes())));
            taken.complete();
        }

        @Override
        public Future<Void> finish() {
            context.runOnContext(v -> {
                if (!answer.future().isComplete()) {
                    finished = true;
                    link.send(new Frame.KvPiece(number, ""));
                    after(() -> end(noAnswer()));
                }
            });
            return answer.future();
        }

        @Override
        public void giveUp() {
            context.runOnContext(v -> {
                if (uploads.containsKey(number)) {
                    link.send(new Frame.KvPiece(number, null));
                    end("the value was given up");
                }
            });
        }

        /** Ends it, if it has not ended: with a change when there is no refusal. */
        private void end(String refusal) {
            uploads.remove(number);
            Promise<Void> waits = room;
            waiting = null;
            room = null;
            if (refusal.isEmpty()) {
                answer.tryComplete();
            } else {
                answer.tryFail(refusal);
            }
            if (waits != null) {
                answer.future().onComplete(waits);
            }
        }
    }
}
