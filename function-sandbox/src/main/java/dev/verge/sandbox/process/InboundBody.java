package dev.verge.sandbox.process;

import io.vertx.core.Handler;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes from a host, as a stream, and may go on with the rest of another one. Used on the call's context only. Starts
 * paused; what it holds is bounded by the credit the host has, which is given back as the reader takes buffers.
 */
final class InboundBody implements ReadStream<Buffer> {
    private final Deque<Buffer> held = new ArrayDeque<>();
    private final IntConsumer taken;
    private long demand;
    private long expected = -1;
    private long bytes;
    private boolean ended;
    private @Nullable Rest rest;
    private boolean passedOn;
    /** The rest, as soon as its reader has it for himself. */
    private @Nullable ReadStream<Buffer> direct;

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

    /** What comes is another body's, with so many bytes; -1 for any number. What differs fails. */
    void expect(long length) {
        expected = length;
    }

    void arrived(Buffer data) {
        if (!ended && !passedOn && failure == null) {
            bytes += data.length();
            if (expected >= 0 && bytes > expected) {
                fail(new VertxException("the host sent another body than it said", true));
                return;
            }
            held.add(data);
            deliver();
        }
    }

    /** When the host ends it, that follows. */
    void follow(Rest next) {
        if (!passedOn) {
            rest = next;
        }
    }

    /** Whether the host has no more to do with it, though it may go on. */
    boolean isPassedOn() {
        return passedOn;
    }

    void end() {
        if (passedOn) {
            return;
        }
        Rest next = rest;
        if (expected >= 0 && bytes != (next == null ? expected : next.before())) {
            fail(new VertxException("the host sent another body than it said", true));
            return;
        }
        passedOn = next != null;
        ended = !passedOn;
        deliver();
    }

    /** The rest will not come; without effect after the end. */
    void fail(Throwable cause) {
        if (!ended && !passedOn && failure == null) {
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
                if (!passedOn) {
                    taken.accept(next.length());
                }
                to.handle(next);
                to = handler;
            }
        } finally {
            delivering = false;
        }
        Rest following = rest;
        if (passedOn && following != null && held.isEmpty() && handler != null) {
            rest = null;
            goOn(following);
        } else {
            tell();
        }
    }

    private void goOn(Rest with) {
        held.addAll(with.held());
        failure = with.failure();
        ended = with.ended();
        if (failure != null) {
            held.clear();
        }
        if (!held.isEmpty()) {
            rest = ended ? null : with;
            with.held().clear();
            deliver();
        } else if (failure != null || ended) {
            tell();
        } else {
            ReadStream<Buffer> stream = with.open(
                    handler,
                    cause -> {
                        failure = cause;
                        tell();
                    },
                    nothing -> {
                        ended = true;
                        tell();
                    });
            direct = stream;
            want(stream, demand);
        }
    }

    private static void want(ReadStream<Buffer> stream, long amount) {
        if (amount == Long.MAX_VALUE) {
            stream.resume();
        } else if (amount > 0) {
            stream.fetch(amount);
        }
    }

    private void tell() {
        Handler<Throwable> failed = exceptionHandler;
        Handler<Void> over = endHandler;
        if (told || delivering || !held.isEmpty()) {
            return;
        }
        if (failure != null && failed != null) {
            told = true;
            failed.handle(failure);
        } else if (ended && (demand > 0 || direct != null) && over != null) {
            told = true;
            over.handle(null);
        }
    }

    @Override
    public InboundBody exceptionHandler(@Nullable Handler<Throwable> value) {
        exceptionHandler = value;
        tell();
        return this;
    }

    @Override
    public InboundBody handler(@Nullable Handler<Buffer> value) {
        handler = value;
        if (direct != null) {
            direct.handler(value);
        } else {
            deliver();
        }
        return this;
    }

    @Override
    public InboundBody pause() {
        demand = 0;
        if (direct != null) {
            direct.pause();
        }
        return this;
    }

    @Override
    public InboundBody resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public InboundBody fetch(long amount) {
        if (direct != null) {
            want(direct, amount);
        } else {
            demand = amount > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + amount;
            deliver();
        }
        return this;
    }

    @Override
    public InboundBody endHandler(@Nullable Handler<Void> value) {
        endHandler = value;
        tell();
        return this;
    }
}
