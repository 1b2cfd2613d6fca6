package dev.verge.sandbox.process;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes from a host, as a stream. Used on the call's context only. Starts paused; what it holds is bounded by the credit
 * the host has, which is given back as the reader takes buffers.
 */
final class InboundBody implements ReadStream<Buffer> {
    private final Deque<Buffer> held = new ArrayDeque<>();
    private final IntConsumer taken;
    private long demand;
    private boolean ended;
    private boolean told;
    private boolean delivering;
    private @Nullable Throwable failure;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    /**
     * A stream.
     *
     * @param taken told how many bytes the reader took
     */
    InboundBody(IntConsumer taken) {
        this.taken = taken;
    }

    /** All of a body. */
    static InboundBody of(Buffer whole) {
        InboundBody body = new InboundBody(bytes -> {});
        if (whole.length() > 0) {
            body.held.add(whole);
        }
        body.ended = true;
        return body;
    }

    void arrived(Buffer data) {
        if (!ended && failure == null) {
            held.add(data);
            deliver();
        }
    }

    void end() {
        ended = true;
        deliver();
    }

    /** The rest will not come; without effect after the end. */
    void fail(Throwable cause) {
        if (!ended && failure == null) {
            failure = cause;
            held.clear();
            deliver();
        }
    }

    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            Handler<Buffer> to = handler;
            while (demand > 0 && to != null && !held.isEmpty()) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                Buffer next = held.remove();
                taken.accept(next.length());
                to.handle(next);
                to = handler;
            }
        } finally {
            delivering = false;
        }
        Handler<Throwable> failed = exceptionHandler;
        Handler<Void> over = endHandler;
        if (told || !held.isEmpty()) {
            return;
        }
        if (failure != null && failed != null) {
            told = true;
            failed.handle(failure);
        } else if (ended && demand > 0 && over != null) {
            told = true;
            over.handle(null);
        }
    }

    @Override
    public InboundBody exceptionHandler(@Nullable Handler<Throwable> value) {
        exceptionHandler = value;
        deliver();
        return this;
    }

    @Override
    public InboundBody handler(@Nullable Handler<Buffer> value) {
        handler = value;
        deliver();
        return this;
    }

    @Override
    public InboundBody pause() {
        demand = 0;
        return this;
    }

    @Override
    public InboundBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public InboundBody fetch(long amount) {
        demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
        deliver();
        return this;
    }

    @Override
    public InboundBody endHandler(@Nullable Handler<Void> value) {
        endHandler = value;
        deliver();
        return this;
    }
}
