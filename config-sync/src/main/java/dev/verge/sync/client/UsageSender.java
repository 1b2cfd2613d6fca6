package dev.verge.sync.client;

import dev.verge.sync.client.UsageSource.Batch;
import dev.verge.sync.client.UsageSource.Place;
import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.wire.Frame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what the node counted on to the control plane: some messages may be under way, the next ones wait for answers. After a break, and
 * when no answer comes, all that was not answered goes again; the control plane knows what it has. On the client's context, where nothing
 * else is said.
 */
public final class UsageSender {
    /** Messages without an answer. */
    private static final int WINDOW = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(UsageSender.class);

    private final Context context;
    private final ControlPlaneLink link;
    private UsageSource source = UsageSource.NONE;
    private volatile Consumer<Map<String, QuotaShare>> shares = parts -> {};
    private final Map<String, Long> previous = new HashMap<>();
    private @Nullable Place sent;
    private int unanswered;
    private long stream;
    private long lastAnswer;
    private boolean greeted;
    private boolean reading;

    UsageSender(Context context, ControlPlaneLink link) {
        this.context = context;
        this.link = link;
    }

    /** From any thread: what is sent from now on. */
    public void from(UsageSource from) {
        context.runOnContext(v -> {
            source = from;
            again();
            pump();
        });
    }

    /** From any thread: who hears of this node's parts of quotas; on the client's context, which it must not block. */
    public void onShares(Consumer<Map<String, QuotaShare>> listener) {
        shares = listener;
    }

    /** From any thread: the source has more than before. */
    public void more() {
        context.runOnContext(v -> pump());
    }

    /** The control plane has answered on a new stream. */
    void greeted() {
        if (!greeted) {
            greeted = true;
            again();
            pump();
        }
    }

    void down() {
        greeted = false;
        again();
    }

    private void again() {
        stream++;
        sent = null;
        previous.clear();
        unanswered = 0;
        lastAnswer = System.nanoTime();
    }

    void taken(Frame.UsageTaken taken) {
        unanswered = Math.max(0, unanswered - 1);
        lastAnswer = System.nanoTime();
        shares.accept(taken.shares());
        blocking(() -> source.taken(new Place(taken.boot(), taken.sequence())))
                .onFailure(e -> LOG.warn("sync: usage that was handed on could not be removed", e));
        pump();
    }

    private void pump() {
        if (greeted && unanswered > 0 && System.nanoTime() - lastAnswer > PATIENCE.toNanos()) {
            again();
        }
        if (!greeted || reading || unanswered >= WINDOW) {
            return;
        }
        reading = true;
        long of = stream;
        Place after = sent;
        context.executeBlocking(() -> Optional.ofNullable(source.next(after)), true)
                .onComplete(read -> context.runOnContext(v -> {
                    reading = false;
                    if (read.failed()) {
                        LOG.warn("sync: usage could not be read", read.cause());
                    } else if (of != stream) {
                        pump();
                    } else {
                        read.result().ifPresent(this::send);
                    }
                }));
    }

    private void send(Batch batch) {
        sent = batch.end();
        unanswered++;
        link.send(new Frame.Usage(batch.boot(), previous.getOrDefault(batch.boot(), 0L), batch.intervals()));
        previous.put(batch.boot(), batch.end().sequence());
        pump();
    }

    private Future<Void> blocking(Runnable action) {
        return context.<Boolean>executeBlocking(
                        () -> {
                            action.run();
                            return true;
                        },
                        true)
                .mapEmpty();
    }
}
