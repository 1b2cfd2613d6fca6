package dev.verge.sandbox.process;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a host was not sent of a body, for who reads it without the host. Keeps what comes until somebody does. Used on the call's context
 * only.
 */
final class Rest {
    private final ReadStream<Buffer> from;
    private final Queue<Buffer> held;
    private final long before;
    private final Runnable over;
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * The rest of a paused stream, with what was already taken from it.
     *
     * @param before bytes that the host was sent
     * @param over told when it has ended or broken off
     */
    Rest(ReadStream<Buffer> from, Queue<Buffer> held, boolean ended, long before, Runnable over) {
        this.from = from;
        this.held = held;
        this.ended = ended;
        this.before = before;
        this.over = over;
        if (ended) {
            over.run();
            return;
        }
        from.handler(held::add);
        read(failed -> failure = failed, nothing -> this.ended = true);
    }

    private void read(Handler<Throwable> failed, Handler<Void> end) {
        from.exceptionHandler(cause -> {
            over.run();
            failed.handle(cause);
        });
        from.endHandler(nothing -> {
            over.run();
            end.handle(null);
        });
    }

    /** The bytes of the body that come before it. */
    long before() {
        return before;
    }

    /** What there is already. */
    Queue<Buffer> held() {
        return held;
    }

    boolean ended() {
        return ended;
    }

    /** Why it broke off, or null. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The stream of what is not there yet, paused, once that is all. */
    ReadStream<Buffer> open(@Nullable Handler<Buffer> data, Handler<Throwable> failed, Handler<Void> end) {
        from.handler(data);
        read(failed, end);
        return from;
    }
}
