package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.FunctionInvocation;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.FunctionResult;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.InvocationRecord;
import dev.verge.sandbox.LogLine;
import dev.verge.sandbox.NoHostException;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sandbox.wire.BodyForm;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import dev.verge.sandbox.wire.WireLimits;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Integer, InboundBody> bodiesIn = new HashMap<>();
    private final Map<Integer, OutboundBody> bodiesOut = new HashMap<>();
    private final long startNanos = System.nanoTime();
    private volatile long deadlineNanos;
    private volatile @Nullable HostProcess host;
    private int id;
    private int status;
    private int subrequests;
    private final Consumer<NodeCall> again;
    private volatile int attempt;
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
                end(CallEnd.untold(FunctionOutcome.CANCELLED, subrequests));
            }
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
            done.complete(CallEnd.untold(FunctionOutcome.KILLED, 0).record(call, 503, startNanos));
        }
    }

    /** Sends it to a host that knows the function. On the context. */
    void send(HostProcess to, int function) {
        if (over) {
            return;
        }
        id = to.nextNumber();
        // From here, as waiting for a host is not the host's fault.
        to.served();
        deadlineNanos = System.nanoTime() + call.function().limits().wall().toNanos() + to.graceNanos();
        if (!to.join(id, this)) {
            if (to.dead()) {
                lostHere(true);
            } else {
                refuse(new NoHostException("the account's function host has too many calls"));
            }
            return;
        }
        host = to;
        ReadStream<Buffer> body = call.body();
        to.send(new FrameWriter()
                .frame(FrameType.CALL, id)
                .u32(function)
                .string(call.requestId())
                .string(call.method())
                .string(call.url())
                .headers(call.headers())
                .flag(body != null)
                .take());
        if (body != null) {
            send(0, body);
        }
    }

    private void send(int channel, ReadStream<Buffer> body) {
        HostProcess to = host;
        if (to != null) {
            OutboundBody out = new OutboundBody(id, channel, body, to::send);
            bodiesOut.put(channel, out);
            out.start();
        }
    }

    private void dropBody() {
        ReadStream<Buffer> body = call.body();
        if (body != null && bodiesOut.isEmpty()) {
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

    private void lostHere(boolean shared) {
        if (!shared || !runAgain()) {
            end(CallEnd.untold(
                    FunctionOutcome.KILLED,
                    subrequests,
                    new LogLine(Instant.now(), "exception", "The function's host process ended under this call.")));
        }
    }

    /** Whether it is run once more: another call ended its context or host, and nobody has seen anything of it. */
    private boolean runAgain() {
        if (over || attempt > 0 || status != 0 || !call.repeatable()) {
            return false;
        }
        attempt = 1;
        leaveHost();
        host = null;
        subrequests = 0;
        bodiesIn.clear();
        bodiesOut.clear();
        again.accept(this);
        return true;
    }

    private void leaveHost() {
        HostProcess at = host;
        if (at != null) {
            at.leave(id);
        }
        bodiesOut.values().forEach(OutboundBody::stop);
    }

    @Override
    public void receive(Frame frame) {
        Runnable event = read(frame);
        if (context.equals(Vertx.currentContext())) {
            event.run();
        } else {
            int of = attempt;
            context.runOnContext(nothing -> {
                if (of == attempt) {
                    event.run();
                }
            });
        }
    }

    private Runnable read(Frame frame) {
        return switch (frame.type()) {
            case HEAD -> {
                int code = frame.u16();
                List<HeaderField> headers = frame.headers();
                BodyForm form = BodyForm.of(frame.u8());
                Buffer whole = form == BodyForm.INLINE ? Buffer.buffer(frame.rest()) : null;
                if (code < 200 || code > 599) {
                    throw new WireException("status " + code);
                }
                yield () -> head(code, headers, form, whole);
            }
            case SUBREQUEST -> {
                int channel = frame.channel();
                String method = frame.string();
                String url = frame.string();
                String redirect = frame.string();
                List<HeaderField> headers = frame.headers();
                boolean hasBody = frame.flag();
                yield () -> subrequest(channel, method, url, redirect, headers, hasBody);
            }
            case DATA -> {
                int channel = frame.channel();
                Buffer data = Buffer.buffer(frame.rest());
                yield () -> {
                    InboundBody body = bodiesIn.get(channel);
                    if (body != null) {
                        body.arrived(data);
                    }
                };
            }
            case END -> {
                int channel = frame.channel();
                yield () -> {
                    InboundBody body = bodiesIn.get(channel);
                    if (body != null) {
                        body.end();
                    }
                };
            }
            case RESET -> {
                int channel = frame.channel();
                yield () -> reset(channel);
            }
            case CREDIT -> {
                int channel = frame.channel();
                int bytes = frame.count(WireLimits.WINDOW_BYTES);
                yield () -> {
                    OutboundBody body = bodiesOut.get(channel);
                    if (body != null) {
                        body.credit(bytes);
                    }
                };
            }
            case STOPPING -> {
                HostProcess at = host;
                deadlineNanos = System.nanoTime() + (at == null ? 0 : at.graceNanos());
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
            case HELLO, WARM, PULSE, CHECKED, LOAD, CODE, UNLOAD, CALL, CHECK, CANCEL, SUBRESPONSE, SUBFAILED ->
                throw new WireException(frame.type() + " for a call");
        };
    }

    private void head(int code, List<HeaderField> headers, BodyForm form, @Nullable Buffer whole) {
        if (over || status != 0) {
            return;
        }
        status = code;
        InboundBody body = null;
        if (whole != null) {
            body = InboundBody.of(whole);
        } else if (form == BodyForm.FOLLOWS) {
            body = new InboundBody(bytes -> credit(0, bytes));
            bodiesIn.put(0, body);
        }
        result.complete(new FunctionResult(FunctionOutcome.OK, code, headers, body, whole, false, done.future()));
    }

    private void credit(int channel, int bytes) {
        HostProcess to = host;
        if (to != null && !over) {
            to.send(new FrameWriter()
                    .frame(FrameType.CREDIT, id)
                    .u16(channel)
                    .u32(bytes)
                    .take());
        }
    }

    private void reset(int channel) {
        InboundBody in = bodiesIn.remove(channel);
        if (in != null) {
            in.fail(new VertxException("the function did not complete the body", true));
        }
        OutboundBody out = bodiesOut.remove(channel);
        if (out != null) {
            out.stop();
        }
    }

    private void subrequest(
            int channel, String method, String url, String redirect, List<HeaderField> headers, boolean hasBody) {
        if (over) {
            return;
        }
        subrequests++;
        InboundBody body = null;
        if (hasBody) {
            body = new InboundBody(bytes -> credit(channel, bytes));
            bodiesIn.put(channel, body);
        }
        Subrequest request = new Subrequest(call.requestId(), method, url, headers, body, redirect);
        Future<SubrequestResponse> answer;
        try {
            answer = call.subrequests().handle(request);
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.onComplete(response -> answered(channel, response), failure -> failed(channel, failure));
    }

    private void answered(int channel, SubrequestResponse response) {
        HostProcess to = host;
        if (over || to == null) {
            return;
        }
        ReadStream<Buffer> body = response.body();
        to.send(new FrameWriter()
                .frame(FrameType.SUBRESPONSE, id)
                .u16(channel)
                .u16(response.status())
                .string(response.url())
                .flag(response.redirected())
                .headers(response.headers())
                .flag(body != null)
                .take());
        if (body != null) {
            send(channel, body);
        }
    }

    private void failed(int channel, Throwable failure) {
        HostProcess to = host;
        if (!over && to != null) {
            to.send(new FrameWriter()
                    .frame(FrameType.SUBFAILED, id)
                    .u16(channel)
                    .string("fetch failed: " + failure.getMessage())
                    .take());
        }
    }

    private void end(CallEnd end) {
        if (over) {
            return;
        }
        over = true;
        FunctionOutcome outcome = end.outcome();
        leaveHost();
        int answered = status == 0 ? outcome.status() : status;
        bodiesIn.forEach(
                (channel, body) -> body.fail(new VertxException("the function ended: " + outcome.word(), true)));
        if (host == null) {
            dropBody();
        }
        result.tryComplete(
                new FunctionResult(outcome, answered, List.of(), null, null, end.passThrough(), done.future()));
        done.complete(end.record(call, answered, startNanos));
    }
}
