package dev.verge.sync.client;

import dev.verge.sync.log.ApplyResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the node's applier is asked. */
final class Question {
    private static final Logger LOG = LoggerFactory.getLogger(SyncClient.class);

    private Question() {}

    /** Asks the applier; however it fails, it has answered. */
    static void ask(Context context, Supplier<Future<ApplyResult>> question, String key, Consumer<ApplyResult> then) {
        Future<ApplyResult> answer;
        try {
            answer = question.get();
        } catch (RuntimeException bug) {
            answer = Future.failedFuture(bug);
        }
        answer.onComplete(done -> context.runOnContext(v -> {
            if (done.succeeded()) {
                then.accept(done.result());
            } else {
                LOG.error("sync: applying failed", done.cause());
                then.accept(ApplyResult.refused(
                        key, "applying failed: " + done.cause().getMessage()));
            }
        }));
    }
}
