package dev.verge.sandbox.host;

import dev.verge.sandbox.CheckResult.CodeError;
import dev.verge.sandbox.FunctionBinding;
import dev.verge.sandbox.FunctionBundle;
import dev.verge.sandbox.FunctionLimits;
import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.ScheduledEvent;
import dev.verge.sandbox.wire.Frame;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireException;
import dev.verge.sandbox.wire.WireLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sorts what the node sends: functions to keep, calls to start, parts of bodies to the owners of their calls. Reader thread only. */
final class CallDesk {
    private static final int MAX_FUNCTIONS = 4096;
    private static final FunctionBinding.Kind[] BINDINGS = FunctionBinding.Kind.values();

    private final ContextFactory contexts;
    private final Outbox out;
    private final Map<Integer, LoadedFunction> functions = new HashMap<>();
    private final Map<Integer, CallRoute> calls = new ConcurrentHashMap<>();

    CallDesk(ContextFactory contexts, Outbox out) {
        this.contexts = contexts;
        this.out = out;
    }

    /** The calls that are not over; a live view for any thread. */
    Collection<CallRoute> running() {
        return Collections.unmodifiableCollection(calls.values());
    }

    void receive(Frame frame) {
        switch (frame.type()) {
            case LOAD -> load(frame);
            case CODE -> function(frame.id()).code(frame.rest());
            case UNLOAD -> {
                LoadedFunction function = functions.remove(frame.id());
                if (function != null) {
                    function.retire();
                }
            }
            case CALL -> call(frame);
            case TICK -> tick(frame);
            case CHECK -> check(frame);
            case CANCEL -> {
                CallRoute route = calls.get(frame.id());
                if (route != null) {
                    route.isolate().cancel(route.call());
                }
            }
            case SUBRESPONSE, SUBFAILED, DATA, END, RESET, CREDIT -> event(frame);
            case HELLO, WARM, PULSE, HEAD, SUBREQUEST, PASS, STOPPING, FINISHED, CHECKED ->
                throw new WireException(frame.type() + " comes from a host only");
        }
    }

    private LoadedFunction function(int id) {
        LoadedFunction function = functions.get(id);
        if (function == null) {
            throw new WireException("there is no function " + id);
        }
        return function;
    }

    private void load(Frame frame) {
        if (functions.size() >= MAX_FUNCTIONS) {
            throw new WireException("too many functions");
        }
        String name = frame.string();
        String version = frame.string();
        String sha256 = frame.string();
        FunctionLimits limits = new FunctionLimits(
                Duration.ofNanos(frame.u64()),
                Duration.ofNanos(frame.u64()),
                frame.u64(),
                frame.u64(),
                (int) frame.u64(),
                // The node's affair, as the size of the code is.
                FunctionLimits.DEFAULT.concurrentSubrequests(),
                frame.u64(),
                Duration.ofNanos(frame.u64()),
                FunctionLimits.DEFAULT.codeBytes());
        Map<String, String> env = new HashMap<>();
        for (int left = frame.u16(); left > 0; left--) {
            env.put(frame.string(), frame.string());
        }
        Map<String, FunctionBinding.Kind> bindings = new HashMap<>();
        for (int left = frame.u16(); left > 0; left--) {
            FunctionBinding.Kind kind = BINDINGS[frame.u8()];
            bindings.put(frame.string(), kind);
        }
        int bundleBytes = frame.count(2 * FunctionBundle.MAX_BYTES);
        functions.put(
                frame.id(),
                new LoadedFunction(
                        name + " " + version,
                        sha256,
                        limits,
                        env,
                        bindings,
                        bundleBytes,
                        call -> calls.remove(call.id)));
    }

    private void call(Frame frame) {
        LoadedFunction function = functions.get(frame.u32());
        if (function == null) {
            gone(frame.id());
            return;
        }
        give(
                function,
                new HostCall(
                        frame.id(),
                        frame.string(),
                        frame.string(),
                        frame.string(),
                        frame.headers(),
                        frame.string(),
                        frame.flag(),
                        function.limits,
                        null));
    }

    /** The node took the function out to make room while the call was on its way. */
    private void gone(int id) {
        new HostCall(id, "", "", "", List.of(), "", false, FunctionLimits.DEFAULT, null)
                .finish(out, FunctionOutcome.KILLED, false);
    }

    private void tick(Frame frame) {
        LoadedFunction function = functions.get(frame.u32());
        if (function == null) {
            gone(frame.id());
            return;
        }
        String requestId = frame.string();
        Instant time = Instant.ofEpochMilli(frame.u64());
        ScheduledEvent event = new ScheduledEvent(frame.string(), time);
        give(function, new HostCall(frame.id(), requestId, "", "", List.of(), "", false, function.limits, event));
    }

    private void give(LoadedFunction function, HostCall call) {
        if (calls.size() >= WireLimits.MAX_CALLS) {
            throw new WireException("too many calls");
        }
        function.give(call, contexts, out, given -> calls.put(call.id, new CallRoute(call, given)));
        FunctionHost.watchdog().wake();
    }

    private void check(Frame frame) {
        LoadedFunction function = function(frame.u32());
        int id = frame.id();
        AtomicReference<@Nullable Isolate> checked = new AtomicReference<>();
        Isolate isolate = new Isolate(function, contexts, out, () -> {
            Isolate ended = checked.get();
            CodeError error = ended == null ? null : ended.problem();
            FrameWriter answer = new FrameWriter().frame(FrameType.CHECKED, id).u16(error == null ? 0 : 1);
            if (error != null) {
                answer.constant(error.kind())
                        .string(error.module())
                        .u32(error.line())
                        .u32(error.column());
                answer.string(error.message());
            }
            out.send(answer.take());
        });
        checked.set(isolate);
        isolate.retire();
        isolate.start();
    }

    private void event(Frame frame) {
        CallRoute route = calls.get(frame.id());
        if (route == null) {
            return;
        }
        HostCall call = route.call();
        Isolate isolate = route.isolate();
        int channel = frame.channel();
        switch (frame.type()) {
            case DATA -> {
                byte[] data = frame.rest();
                body(isolate, call, channel, body -> body.arrived(data));
            }
            case END -> body(isolate, call, channel, BodyIn::end);
            case RESET -> {
                String reason = frame.string();
                body(isolate, call, channel, body -> body.fail(reason));
                isolate.post(() -> with(isolate, bindings -> bindings.bodies().unwanted(call, channel)));
            }
            case CREDIT -> {
                int bytes = frame.count(Integer.MAX_VALUE);
                isolate.post(() -> with(isolate, bindings -> bindings.bodies().credit(call, channel, bytes)));
            }
            case SUBRESPONSE -> {
                int status = frame.u16();
                String url = frame.string();
                boolean redirected = frame.flag();
                String headers = HeaderLines.join(frame.headers());
                boolean hasBody = frame.flag();
                isolate.post(() -> with(
                        isolate,
                        bindings -> bindings.subrequests()
                                .answered(call, channel, status, url, redirected, headers, hasBody)));
            }
            case SUBFAILED -> {
                String message = frame.string();
                isolate.post(
                        () -> with(isolate, bindings -> bindings.subrequests().refused(call, channel, message)));
            }
            case LOAD,
                    CODE,
                    UNLOAD,
                    CALL,
                    TICK,
                    CHECK,
                    CANCEL,
                    HELLO,
                    WARM,
                    PULSE,
                    HEAD,
                    SUBREQUEST,
                    PASS,
                    STOPPING,
                    FINISHED,
                    CHECKED -> throw new WireException(frame.type() + " is not an event of a call");
        }
    }

    private static void body(Isolate isolate, HostCall call, int channel, Consumer<BodyIn> change) {
        isolate.post(() -> with(isolate, bindings -> {
            BodyIn body = call.bodiesIn.get(channel);
            if (body != null) {
                change.accept(body);
                bindings.bodies().feed(call, channel);
            }
        }));
    }

    private static void with(Isolate isolate, Consumer<Bindings> step) {
        Bindings bindings = isolate.bindings();
        if (bindings != null) {
            step.accept(bindings);
        }
    }
}
