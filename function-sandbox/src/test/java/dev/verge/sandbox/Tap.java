package dev.verge.sandbox;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A body whose pieces come when a test says so. Used on the context of the call. */
final class Tap implements ReadStream<Buffer> {
    private final Deque<Buffer> held = new ArrayDeque<>();
    private long demand;
    private boolean ended;
    private boolean told;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    void give(Buffer data) {
        held.add(data);
        flow();
    }

    void end() {
        ended = true;
        flow();
    }

    void breakOff(String why) {
        held.clear();
        Handler<Throwable> to = exceptionHandler;
        if (to != null) {
            to.handle(new IllegalStateException(why));
        }
    }

    private void flow() {
        while (demand > 0 && !held.isEmpty() && handler != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            handler.handle(held.remove());
        }
        if (ended && !told && held.isEmpty() && demand > 0 && endHandler != null) {
            told = true;
            endHandler.handle(null);
        }
    }

    @Override
    public Tap exceptionHandler(@Nullable Handler<Throwable> value) {
        exceptionHandler = value;
        return this;
    }

    @Override
    public Tap handler(@Nullable Handler<Buffer> value) {
        handler = value;
        return this;
    }

    @Override
    public Tap endHandler(@Nullable Handler<Void> value) {
        endHandler = value;
        return this;
    }

    @Override
    public Tap pause() {
        demand = 0;
        return this;
    }

    @Override
    public Tap resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public Tap fetch(long amount) {
        demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
        flow();
        return this;
    }
}
