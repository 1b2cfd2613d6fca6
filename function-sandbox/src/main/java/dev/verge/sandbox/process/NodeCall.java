package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.LogLine;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.ScheduledEvent;
import dev.verge.sandbox.wire.BodyForm;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call as the node keeps it. Its state is touched on the context of the call only; what the host says arrives on the socket's loop,
 * is read there and carried over.
 */
final class NodeCall implements FunctionInvocation, HostProcess.Listener {
    private final FunctionCall call;
    private final Context context;
    private final Promise<FunctionResult> result = Promise.promise();
    private final Promise<InvocationRecord> done = Promise.promise();
    private final Consumer<NodeCall> again;
    private final long startNanos = System.nanoTime();
    private volatile long deadlineNanos;
    private volatile @Nullable HostProcess host;
    private volatile int attempt;
    private volatile @Nullable CallEnd stopping;
    private CallChannels channels;
    private int id;
    private int status;
    private long waitedNanos;
    private boolean over;

    /**
     * A call that has not been sent.
     *
     * @param again called at most once, to have it sent to a host again after its first one ended under it
     */
    NodeCall(FunctionCall call, Context context, Consumer<NodeCall> again) {
        this.call = call;
        this.context = context;
        this.again = again;
        this.deadlineNanos = startNanos;
        this.channels = new CallChannels(call, this::send);
    }

    private void send(byte[] frames) {
        HostProcess to = host;
        if (to != null && !over) {
            to.send(frames);
        }
    }

    @Override
    public Future<FunctionResult> result() {
        return result.future();
    }

    Future<InvocationRecord> done() {
        return done.future();
    }

    @Override
    public void cancel() {
        context.runOnContext(nothing -> {
            if (!over) {
                HostProcess at = host;
                if (at != null) {
                    at.send(new FrameWriter().frame(FrameType.CANCEL, id).take());
                }
                end(CallEnd.untold(FunctionOutcome.CANCELLED, channels.subrequests()));
            }
            channels.cancelPassed();
        });
    }

    /** There is no host for it. */
    void refuse(Throwable failure) {
        if (!over) {
            over = true;
            result.fail(
                    failure instanceof NoHostException
                            ? failure
                            : new NoHostException("the function cannot be loaded: " + failure.getMessage()));
            dropBody();
            done.complete(record(CallEnd.untold(FunctionOutcome.KILLED, 0), 503));
        }
    }

    /** Sends it to a host that knows the function. On the context. */
    void send(HostProcess to, int function) {
        if (over) {
            return;
        }
        id = to.nextNumber();
        waitedNanos = System.nanoTime() - startNanos;
        // From here, as waiting for a host is not the host's fault.
        to.served();
        deadlineNanos = System.nanoTime() + call.function().limits().wall().toNanos() + HostProcess.GRACE_NANOS;
        if (!to.join(id, this)) {
            if (to.dead()) {
                lostHere(true);
            } else {
                refuse(new NoHostException("the account's function host has too many calls"));
            }
            return;
        }
        host = to;
        channels.begin(id);
        ReadStream<Buffer> body = call.body();
        ScheduledEvent tick = call.scheduled();
        if (tick != null) {
            to.send(new FrameWriter()
                    .frame(FrameType.TICK, id)
                    .u32(function)
                    .string(call.requestId())
                    .u64(tick.time().toEpochMilli())
                    .string(tick.cron())
                    .take());
            return;
        }
        to.send(new FrameWriter()
                .frame(FrameType.CALL, id)
                .u32(function)
                .string(call.requestId())
                .string(call.method())
                .string(call.url())
                .headers(call.headers())
                .string(call.facts())
                .flag(body != null)
                .take());
        if (body != null) {
            channels.send(0, body, -1);
        }
    }

    private void dropBody() {
        ReadStream<Buffer> body = call.body();
        if (body != null && !channels.sending()) {
            body.exceptionHandler(failure -> {});
        }
    }

    // --- from the host ---

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void lost(boolean shared) {
        int of = attempt;
        context.runOnContext(nothing -> {
            if (of == attempt) {
                lostHere(shared);
            }
        });
    }

    @Override
    public void overstayed() {
        int of = attempt;
        context.runOnContext(nothing -> {
            if (of != attempt) {
                return;
            }
            CallEnd told = stopping;
            end(
                    told != null
                            ? told
                            : CallEnd.untold(
                                    FunctionOutcome.OVER_WALL,
                                    channels.subrequests(),
                                    new LogLine(
                                            Instant.now(),
                                            "exception",
                                            "Did not end within limits.wall, and its host had to be ended.")));
        });
    }

    private void lostHere(boolean shared) {
        CallEnd told = stopping;
        if (told != null) {
            end(told);
        } else if (!shared || !runAgain()) {
            end(CallEnd.untold(
                    FunctionOutcome.KILLED,
                    channels.subrequests(),
                    new LogLine(Instant.now(), "exception", "The function's host process ended under this call.")));
        }
    }

    /** Whether it is run once more: another call ended its context or host, and nobody has seen anything of it. */
    private boolean runAgain() {
        if (over || attempt > 0 || status != 0 || !call.repeatable()) {
            return false;
        }
        attempt = 1;
        leaveHost("it runs again");
        host = null;
        channels = new CallChannels(call, this::send);
        again.accept(this);
        return true;
    }

    private void leaveHost(String reason) {
        HostProcess at = host;
        if (at != null) {
            at.leave(id);
        }
        channels.end(reason);
    }

    @Override
    public void receive(Frame frame) {
        Runnable event = read(frame);
        if (context.equals(Vertx.currentContext())) {
            event.run();
        } else {
            context.runOnContext(nothing -> event.run());
        }
    }

    private Runnable read(Frame frame) {
        return switch (frame.type()) {
            case HEAD -> {
                int code = frame.u16();
                List<HeaderField> headers = frame.headers();
                BodyForm form = BodyForm.of(frame.u8());
                Buffer whole = form == BodyForm.INLINE ? Buffer.buffer(frame.rest()) : null;
                int same = form == BodyForm.SAME ? frame.u16() : -1;
                if (code < 200 || code > 599) {
                    throw new WireException("status " + code);
                }
                yield () -> head(code, headers, form, whole, same);
            }
            case SUBREQUEST, PASS, DATA, END, RESET, CREDIT -> {
                Runnable event = channels.read(frame);
                yield () -> {
                    if (!over) {
                        event.run();
                    }
                };
            }
            case STOPPING -> {
                stopping = CallEnd.stopped(frame, channels.subrequests());
                deadlineNanos = System.nanoTime() + HostProcess.GRACE_NANOS;
                yield () -> {};
            }
            case FINISHED -> {
                CallEnd end = CallEnd.read(frame);
                yield () -> {
                    if (end.outcome() != FunctionOutcome.KILLED || !runAgain()) {
                        end(end);
                    }
                };
            }
            case HELLO, WARM, PULSE, CHECKED, LOAD, CODE, UNLOAD, CALL, TICK, CHECK, CANCEL, SUBRESPONSE, SUBFAILED ->
                throw new WireException(frame.type() + " for a call");
        };
    }

    private void head(int code, List<HeaderField> headers, BodyForm form, @Nullable Buffer whole, int same) {
        if (over || status != 0) {
            return;
        }
        status = code;
        InboundBody body = null;
        long length = -1;
        if (whole != null) {
            body = InboundBody.of(whole);
            length = whole.length();
        } else if (form == BodyForm.FOLLOWS) {
            body = channels.receive(0);
        } else if (form == BodyForm.SAME) {
            length = channels.length(same);
            body = channels.receive(0);
            body.expect(length);
        }
        result.complete(
                new FunctionResult(FunctionOutcome.OK, code, headers, body, whole, length, false, done.future()));
    }

    private void end(CallEnd end) {
        if (over) {
            return;
        }
        over = true;
        FunctionOutcome outcome = end.outcome();
        int answered = status == 0 ? outcome.status() : status;
        leaveHost("the function ended: " + outcome.word());
        if (host == null) {
            dropBody();
        }
        result.tryComplete(
                new FunctionResult(outcome, answered, List.of(), null, null, 0, end.passThrough(), done.future()));
        done.complete(record(end, answered));
    }

    private InvocationRecord record(CallEnd end, int answered) {
        long wall = System.nanoTime() - startNanos;
        return end.record(call, answered, wall, waitedNanos == 0 ? wall : waitedNanos);
    }
}
