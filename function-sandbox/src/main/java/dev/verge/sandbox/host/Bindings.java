package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.ScheduledEvent;
import dev.verge.sandbox.wire.BodyForm;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The two sides of a context's boundary: the primitives that the web API calls, and the entries that events come in by. Strings, numbers
 * and byte buffers cross it, nothing else. Owner thread only.
 */
final class Bindings {
    /** Of a body that follows in pieces. */
    private static final int PUMPED = 3;

    /** Whose context it is. */
    private record Home(Isolate isolate, Outbox out) {}

    private final Context context;
    private final ContextFactory contexts;
    private final ModuleSlot modules = new ModuleSlot();
    private final BodyPrimitives bodies = new BodyPrimitives(this);
    private final SubrequestPrimitives subrequests = new SubrequestPrimitives(this);
    private final CompressionPrimitives compression = new CompressionPrimitives();
    private final Value program;
    private final Value call;
    private final Value tick;
    private final Value timer;
    private final Value drop;
    private double clockMillis = System.currentTimeMillis();
    private @Nullable Home home;

    /** A context of its own with the web API in it, which is nobody's yet. */
    Bindings(ContextFactory contexts) {
        this.contexts = contexts;
        this.context = contexts.create(modules);
        this.program = context.eval(contexts.bootstrap()).execute(ProxyObject.fromMap(primitives()));
        this.call = program.getMember("call");
        this.tick = program.getMember("tick");
        this.timer = program.getMember("timer");
        bodies.enterBy(program);
        subrequests.enterBy(program);
        this.drop = program.getMember("drop");
    }

    /** Gives the context to an isolate, whose thread owns it from now on. */
    Context adopt(Isolate isolate, Outbox out) {
        home = new Home(isolate, out);
        return context;
    }

    private Home home() {
        Home known = home;
        if (known == null) {
            throw new IllegalStateException("The context is nobody's yet");
        }
        return known;
    }

    Isolate isolate() {
        return home().isolate();
    }

    Outbox out() {
        return home().out();
    }

    /** Evaluates a function's main module and hands its exports to the program. */
    void load(LoadedFunction function) {
        modules.fill(function.modules());
        List<String> env = new ArrayList<>();
        function.env.forEach((name, value) -> {
            env.add(name);
            env.add(value);
        });
        List<String> bound = new ArrayList<>();
        function.bindings.forEach((name, kind) -> {
            bound.add(name);
            bound.add(kind.name());
        });
        Value exports = context.eval(function.entry()).getMember("main");
        String problem = program.getMember("load")
                .execute(exports, env.size(), new Strings(env), bound.size(), new Strings(bound))
                .asString();
        if (!problem.isEmpty()) {
            throw new StartFailure(problem);
        }
    }

    /** The first turn of a call. */
    void begin(HostCall of) {
        ScheduledEvent event = of.tick;
        if (event != null) {
            isolate().run(of, tick, of.id, event.cron(), event.time().toEpochMilli());
        } else {
            isolate().run(of, call, of.id, of.method, of.url, HeaderLines.join(of.headers), of.hasBody, of.facts);
        }
    }

    SubrequestPrimitives subrequests() {
        return subrequests;
    }

    Value timer() {
        return timer;
    }

    BodyPrimitives bodies() {
        return bodies;
    }

    void drop(int id) {
        compression.drop(id);
        drop.executeVoid(id);
    }

    /** Time stands still inside a turn. */
    void advanceClock() {
        clockMillis = System.currentTimeMillis();
    }

    /** A list of strings as a function of the index, which needs no access to the host. */
    private record Strings(List<String> list) implements ProxyExecutable {
        @Override
        public Object execute(Value... arguments) {
            return list.get(arguments[0].asInt());
        }
    }

    private Map<String, Object> primitives() {
        Map<String, Object> host = new HashMap<>();
        add(host, "now", a -> clockMillis);
        add(host, "log", this::log);
        add(host, "respond", this::respond);
        subrequests.addTo(host);
        bodies.addTo(host);
        add(host, "finish", this::finish);
        add(host, "setTimer", a -> {
            HostCall of = isolate().callOf(a[0].asInt());
            return of != null && isolate().timers().set(of, a[1].asInt(), Math.max(0, a[2].asLong()));
        });
        add(host, "clearTimer", a -> {
            HostCall of = isolate().callOf(a[0].asInt());
            if (of != null) {
                isolate().timers().clear(of, a[1].asInt());
            }
            return true;
        });
        add(host, "part", a -> context.eval(contexts.part(a[0].asString())));
        new TextPrimitives().addTo(host);
        new EncodingPrimitives().addTo(host);
        compression.addTo(host);
        new CryptoPrimitives().addTo(host);
        return host;
    }

    static void add(Map<String, Object> host, String name, ProxyExecutable primitive) {
        host.put(name, primitive);
    }

    static byte[] bytes(Value buffer, Value offset, Value length) {
        byte[] bytes = new byte[length.asInt()];
        buffer.readBuffer(offset.asLong(), bytes, 0, bytes.length);
        return bytes;
    }

    /** (call, level, text) */
    private Object log(Value... a) {
        HostCall of = isolate().callOf(a[0].asInt());
        if (of != null) {
            of.log(a[1].asString(), a[2].asString());
        }
        return true;
    }

    /** A body given at once: (kind, value, offset, length) where kind is 0 none, 1 string, 2 bytes, 3 streamed later. */
    static byte @Nullable [] wholeBody(int kind, Value value, Value offset, Value length) {
        return switch (kind) {
            case 1 -> value.asString().getBytes(StandardCharsets.UTF_8);
            case 2 -> bytes(value, offset, length);
            default -> null;
        };
    }

    /** (call, status, headers, kind, value, offset, length, channel of the body that it passes on as it came, or -1) */
    private Object respond(Value... a) {
        HostCall of = isolate().callOf(a[0].asInt());
        if (of == null || of.responded || !HeaderLines.fit(a[2].asString())) {
            return false;
        }
        of.responded = true;
        int kind = a[3].asInt();
        FrameWriter frames = new FrameWriter()
                .frame(FrameType.HEAD, of.id)
                .u16(a[1].asInt())
                .headers(HeaderLines.split(a[2].asString()));
        BodyIn same = of.bodiesIn.get(a[7].asInt());
        if (kind == PUMPED && same != null && same.isUntouched()) {
            out().send(frames.constant(BodyForm.SAME).u16(a[7].asInt()).take());
            of.bodyOut(0, out());
            return true;
        }
        byte[] body = wholeBody(kind, a[4], a[5], a[6]);
        boolean inline = body != null && body.length <= WireLimits.MAX_DATA_BYTES;
        frames.constant(kind == 0 ? BodyForm.NONE : inline ? BodyForm.INLINE : BodyForm.FOLLOWS);
        if (body != null && inline) {
            out().send(frames.bytes(body, 0, body.length).take());
            return true;
        }
        out().send(frames.take());
        if (body != null) {
            BodyOut whole = of.bodyOut(0, out());
            whole.write(body);
            whole.end();
        } else if (kind != 0) {
            of.bodyOut(0, out());
        }
        return true;
    }

    /** (call, outcome word, pass through) */
    private Object finish(Value... a) {
        HostCall of = isolate().callOf(a[0].asInt());
        if (of != null) {
            FunctionOutcome outcome = switch (a[1].asString()) {
                case "ok" -> FunctionOutcome.OK;
                case "bad-response" -> FunctionOutcome.BAD_RESPONSE;
                case "over-subrequests" -> FunctionOutcome.OVER_SUBREQUESTS;
                default -> FunctionOutcome.THREW;
            };
            Isolate.conclude(of, outcome, a[2].asBoolean());
        }
        return true;
    }
}
