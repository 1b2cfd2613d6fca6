package dev.verge.node.pipeline;

import dev.verge.node.quota.Admission;
import dev.verge.node.usage.CountedStream;
import dev.verge.node.usage.UsageMeter;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.InvocationRecord;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a run of a function takes: the content bytes that go in and come out, and its place among its account's. */
final class RunMeter {
    private final Admission.Place place;
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicLong in = new AtomicLong();
    private @Nullable LongConsumer late;
    private long out;

    /** A run that may begin. */
    RunMeter(Admission.Admitted admitted) {
        this.place = admitted.place();
    }

    /** It has ended. */
    synchronized void ended(InvocationRecord run, UsageMeter usage) {
        leave(run.cpu().toNanos());
        usage.ran(run, in.get(), out);
        // Its host is done when it has handed over the response; who reads it may not be.
        late = bytes -> usage.sent(run, bytes);
    }

    /** There was no host for it. */
    void notRun() {
        leave(0);
    }

    /** Begins the run; its place is free again when that fails. */
    FunctionInvocation begin(Supplier<FunctionInvocation> start) {
        try {
            return start.get();
        } catch (RuntimeException fault) {
            notRun();
            throw fault;
        }
    }

    private synchronized void sent(long bytes) {
        LongConsumer told = late;
        if (told == null) {
            out += bytes;
        } else {
            told.accept(bytes);
        }
    }

    private void leave(long cpuNanos) {
        if (left.compareAndSet(false, true)) {
            place.ended(cpuNanos);
        }
    }

    /** The request's content, counted as it is read; null for none. */
    @Nullable
    ReadStream<Buffer> in(@Nullable ReadStream<Buffer> body) {
        return body == null ? null : new CountedStream(body, in::addAndGet);
    }

    /**
     * The response's content, counted as it is read; null for none.
     *
     * @param whole all of it, if it is there already and taken instead of the stream
     */
    @Nullable
    ReadStream<Buffer> out(@Nullable ReadStream<Buffer> body, @Nullable Buffer whole) {
        if (whole != null) {
            sent(whole.length());
            return body;
        }
        return body == null ? null : new CountedStream(body, this::sent);
    }
}
