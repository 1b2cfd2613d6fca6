package dev.verge.sandbox.process;

import dev.verge.sandbox.FunctionCall;
import dev.verge.sandbox.HeaderField;
import dev.verge.sandbox.Subrequest;
import dev.verge.sandbox.SubrequestResponse;
import dev.verge.sandbox.SubrequestSignal;
import dev.verge.sandbox.SubrequestTarget;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.SubrequestKind;
import dev.verge.sandbox.wire.WireException;
import dev.verge.sandbox.wire.WireLimits;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The bodies and subrequests of one call. Used on the call's context, but for {@link #read}, which only takes a frame apart.
 *
 * <p>A subrequest is somebody's work as long as its answer, or that answer's body, is under way: then its signal is kept here, and told
 * when the host does not want it any more, or the call ends.
 */
final class CallChannels {
    private final FunctionCall call;
    private final Consumer<byte[]> out;
    private final Map<Integer, InboundBody> bodiesIn = new HashMap<>();
    private final Map<Integer, OutboundBody> bodiesOut = new HashMap<>();
    private final Map<Integer, SubrequestSignal> underWay = new HashMap<>();
    private int id;
    private final Queue<Queued> queued = new ArrayDeque<>();
    private int subrequests;
    /** The channel whose body's rest is the response's; without meaning before there is one. */
    private int passed;

    private final Set<Integer> unanswered = new HashSet<>();
    private boolean starting;
    private boolean over;

    /** A subrequest that waits for one before it to be answered. */
    private record Queued(int channel, Subrequest request) {}

    CallChannels(FunctionCall call, Consumer<byte[]> out) {
        this.call = call;
        this.out = out;
    }

    /** The call has its number. */
    void begin(int number) {
        id = number;
    }

    int subrequests() {
        return subrequests;
    }

    /** Whether it sends, or has sent, a body. */
    boolean sending() {
        return !bodiesOut.isEmpty();
    }

    /** The bytes of a body that is or was sent, or -1 when only its end tells. */
    long length(int channel) {
        OutboundBody sending = bodiesOut.get(channel);
        return sending == null ? -1 : sending.length();
    }

    /** @param length its bytes, or -1 when only its end tells */
    void send(int channel, ReadStream<Buffer> body, long length) {
        OutboundBody sending = new OutboundBody(id, channel, body, length, out, () -> underWay.remove(channel));
        bodiesOut.put(channel, sending);
        sending.start();
    }

    InboundBody receive(int channel) {
        InboundBody body = new InboundBody(bytes -> out.accept(new FrameWriter()
                .frame(FrameType.CREDIT, id)
                .u16(channel)
                .u32(bytes)
                .take()));
        bodiesIn.put(channel, body);
        return body;
    }

    /** Reads a frame now, for it is valid only now; what it means is to be run on the call's context. */
    Runnable read(Frame frame) {
        int channel = frame.channel();
        return switch (frame.type()) {
            case SUBREQUEST -> {
                SubrequestTarget target = SubrequestKind.read(frame.u8(), frame.string());
                String method = frame.string();
                String url = frame.string();
                String redirect = frame.string();
                String options = frame.string();
                List<HeaderField> headers = frame.headers();
                boolean hasBody = frame.flag();
                yield () -> subrequest(channel, target, method, url, redirect, options, headers, hasBody);
            }
            case DATA -> {
                Buffer data = Buffer.buffer(frame.rest());
                yield () -> {
                    InboundBody body = bodiesIn.get(channel);
                    if (body != null) {
                        body.arrived(data);
                    }
                };
            }
            case END ->
                () -> {
                    InboundBody body = bodiesIn.get(channel);
                    if (body != null) {
                        body.end();
                    }
                };
            case PASS -> () -> pass(channel);
            case RESET -> () -> reset(channel);
            case CREDIT -> {
                int bytes = frame.count(WireLimits.WINDOW_BYTES);
                yield () -> {
                    OutboundBody body = bodiesOut.get(channel);
                    if (body != null) {
                        body.credit(bytes);
                    }
                };
            }
            default -> throw new WireException(frame.type() + " is about no channel");
        };
    }

    private void pass(int channel) {
        InboundBody response = bodiesIn.get(0);
        OutboundBody sending = bodiesOut.get(channel);
        if (response != null && sending != null) {
            passed = channel;
            sending.passOn(response);
        }
    }

    /** Nobody reads the response any more, of a call that is over. */
    void cancelPassed() {
        SubrequestSignal signal = underWay.remove(passed);
        if (signal != null) {
            signal.abort();
        }
    }

    private void reset(int channel) {
        InboundBody in = bodiesIn.remove(channel);
        if (in != null) {
            in.fail(new VertxException("the function did not complete the body", true));
        }
        OutboundBody sending = bodiesOut.remove(channel);
        if (sending != null) {
            sending.stop();
        }
        SubrequestSignal signal = underWay.remove(channel);
        if (signal != null) {
            signal.abort();
        }
        leave(channel);
    }

    /** Its place is free, whether it was answered or is not wanted any more: who was asked may never say a word. */
    private void leave(int channel) {
        if (unanswered.remove(channel)) {
            startQueued();
        }
    }

    private void subrequest(
            int channel,
            SubrequestTarget target,
            String method,
            String url,
            String redirect,
            String options,
            List<HeaderField> headers,
            boolean hasBody) {
        subrequests++;
        SubrequestSignal signal = new SubrequestSignal();
        underWay.put(channel, signal);
        InboundBody body = hasBody ? receive(channel) : null;
        Subrequest request =
                new Subrequest(call.requestId(), target, method, url, headers, body, redirect, options, signal);
        queued.add(new Queued(channel, request));
        startQueued();
    }

    private void startQueued() {
        if (starting) {
            // An answer that was there at once: the loop below goes on by itself.
            return;
        }
        starting = true;
        while (unanswered.size() < call.function().limits().concurrentSubrequests() && !queued.isEmpty()) {
            Queued next = queued.remove();
            if (!next.request.signal().aborted()) {
                unanswered.add(next.channel);
                start(next.channel, next.request);
            }
        }
        starting = false;
    }

    private void start(int channel, Subrequest request) {
        Future<SubrequestResponse> answer;
        try {
            answer = call.subrequests().handle(request);
        } catch (RuntimeException | LinkageError e) {
            // A class that is missing, too: the function would wait for its last moment.
            answer = Future.failedFuture(e);
        }
        answer.onComplete(
                response -> {
                    leave(channel);
                    answered(channel, request.signal(), response);
                },
                failure -> {
                    leave(channel);
                    failed(channel, request, failure);
                });
    }

    private void answered(int channel, SubrequestSignal signal, SubrequestResponse response) {
        if (over || signal.aborted()) {
            // Who answered has heard the signal, or hears it as soon as he says what to do then.
            return;
        }
        ReadStream<Buffer> body = response.body();
        out.accept(new FrameWriter()
                .frame(FrameType.SUBRESPONSE, id)
                .u16(channel)
                .u16(response.status())
                .string(response.url())
                .flag(response.redirected())
                .headers(response.headers())
                .flag(body != null)
                .take());
        if (body == null) {
            underWay.remove(channel);
        } else {
            send(channel, body, response.length());
        }
    }

    private void failed(int channel, Subrequest request, Throwable failure) {
        underWay.remove(channel);
        if (!over && !request.signal().aborted()) {
            String what = request.target() instanceof SubrequestTarget.Web ? "fetch failed: " : "";
            out.accept(new FrameWriter()
                    .frame(FrameType.SUBFAILED, id)
                    .u16(channel)
                    .string(what + failure.getMessage())
                    .take());
        }
    }

    /** The call is over; the rest of another body that its response goes on with is not. */
    void end(String reason) {
        over = true;
        queued.clear();
        bodiesOut.values().forEach(OutboundBody::stop);
        bodiesIn.values().forEach(body -> body.fail(new VertxException(reason, true)));
        InboundBody response = bodiesIn.get(0);
        SubrequestSignal going = response != null && response.isPassedOn() ? underWay.remove(passed) : null;
        List<SubrequestSignal> left = new ArrayList<>(underWay.values());
        underWay.clear();
        if (going != null) {
            underWay.put(passed, going);
        }
        left.forEach(SubrequestSignal::abort);
    }
}
