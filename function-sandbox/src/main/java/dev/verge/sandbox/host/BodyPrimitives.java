package dev.verge.sandbox.host;

import dev.verge.sandbox.FunctionOutcome;
import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What scripts do with bodies: read those that arrive, write those they send, pass one on as the other. Owner thread only. */
final class BodyPrimitives {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Bindings home;
    private final ContentDecoder.Room decoders = new ContentDecoder.Room();
    private @Nullable Value chunk;
    private @Nullable Value drain;

    BodyPrimitives(Bindings home) {
        this.home = home;
    }

    void addTo(Map<String, Object> host) {
        Bindings.add(host, "write", this::write);
        Bindings.add(host, "end", this::endBody);
        Bindings.add(host, "abort", this::abortBody);
        Bindings.add(host, "read", this::read);
        Bindings.add(host, "collect", this::collect);
        Bindings.add(host, "cancelBody", this::cancelBody);
        Bindings.add(host, "splice", this::splice);
    }

    /** The program's entries for the events of bodies. */
    void enterBy(Value program) {
        chunk = program.getMember("chunk");
        drain = program.getMember("drain");
    }

    private static Value entry(@Nullable Value entry) {
        if (entry == null) {
            throw new IllegalStateException("The program has not started");
        }
        return entry;
    }

    /** (call, channel, buffer, offset, length) → whether there is room for more; if not, `drain` follows. */
    private Object write(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        if (of == null) {
            return true;
        }
        BodyOut body = of.bodyOut(a[1].asInt(), home.out());
        if (body.write(Bindings.bytes(a[2], a[3], a[4])) || body.draining) {
            return !body.draining;
        }
        body.draining = true;
        of.pending++;
        return false;
    }

    private Object endBody(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        if (of != null) {
            of.bodyOut(a[1].asInt(), home.out()).end();
        }
        return true;
    }

    private Object abortBody(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        if (of != null) {
            of.bodyOut(a[1].asInt(), home.out()).reset("the function gave up");
        }
        return true;
    }

    /** (call, channel, coding of its content or ''): `chunk` follows. */
    private Object read(Value... a) {
        return want(a, BodyIn.Wanted.CHUNK, false);
    }

    /** (call, channel, coding of its content or '', as text): `chunk` follows with all of the body. */
    private Object collect(Value... a) {
        return want(a, BodyIn.Wanted.ALL, a[3].asBoolean());
    }

    private Object want(Value[] a, BodyIn.Wanted what, boolean text) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        int channel = a[1].asInt();
        BodyIn body = of == null ? null : of.bodiesIn.get(channel);
        if (of == null || body == null) {
            return false;
        }
        String coding = a[2].asString();
        if (!coding.isEmpty()) {
            body.decode(coding, decoders);
        }
        body.open();
        body.wanted = what;
        body.wantsText = text;
        of.pending++;
        home.isolate().post(() -> feed(of, channel));
        return true;
    }

    /** Gives the script what it waits for, if it is there. */
    void feed(HostCall of, int channel) {
        BodyIn body = of.bodiesIn.get(channel);
        if (of.finished || body == null) {
            return;
        }
        if (body.splice != null) {
            move(of, body.splice);
            return;
        }
        long cpu = body.isDecoded() ? THREADS.getCurrentThreadCpuTime() : 0;
        byte[] next = body.wanted == BodyIn.Wanted.CHUNK ? body.next() : null;
        boolean fits = body.wanted != BodyIn.Wanted.ALL || body.collect(of.limits.memoryBytes() / 2);
        if (cpu > 0) {
            of.charge(THREADS.getCurrentThreadCpuTime() - cpu, 0);
        }
        if (!fits) {
            body.cancel();
            body.fail("The body is too large to be read at once; stream it.");
        }
        if (next == null && !body.ready()) {
            return;
        }
        BodyIn.Wanted wanted = body.wanted;
        body.wanted = BodyIn.Wanted.NOTHING;
        of.pending--;
        String error = body.error();
        if (wanted == BodyIn.Wanted.ALL && error == null) {
            Object all = body.wantsText
                    ? body.collected().toString(StandardCharsets.UTF_8)
                    : ByteBuffer.wrap(body.collected().toByteArray());
            home.isolate().run(of, entry(chunk), of.id, channel, all, false, "");
        } else {
            if (next != null) {
                home.isolate().run(of, entry(chunk), of.id, channel, ByteBuffer.wrap(next), false, "");
            } else {
                home.isolate().run(of, entry(chunk), of.id, channel, "", true, error == null ? "" : error);
            }
        }
    }

    /** The node takes more of a body. */
    void credit(HostCall of, int channel, int bytes) {
        BodyOut body = of.bodiesOut.get(channel);
        if (of.finished || body == null) {
            return;
        }
        boolean room = body.credit(bytes);
        if (body.splice != null) {
            move(of, body.splice);
        } else if (room && body.draining) {
            body.draining = false;
            of.pending--;
            home.isolate().run(of, entry(drain), of.id, channel, true);
        } else {
            home.isolate().settle(of);
        }
    }

    /** The node does not want the rest of a body. */
    void unwanted(HostCall of, int channel) {
        BodyOut body = of.bodiesOut.get(channel);
        if (of.finished || body == null) {
            return;
        }
        body.discard();
        Splice splice = body.splice;
        if (splice != null) {
            splice.stop();
            over(of, splice, false);
        } else if (body.draining) {
            body.draining = false;
            of.pending--;
            home.isolate().run(of, entry(drain), of.id, channel, false);
        } else {
            home.isolate().settle(of);
        }
    }

    private Object cancelBody(Value... a) {
        int channel = a[1].asInt();
        HostCall of = home.isolate().callOf(a[0].asInt());
        BodyIn body = of == null ? null : of.bodiesIn.get(channel);
        if (of != null && body != null) {
            if (body.wanted != BodyIn.Wanted.NOTHING) {
                body.wanted = BodyIn.Wanted.NOTHING;
                of.pending--;
            }
            body.cancel();
            if (body.splice != null) {
                // What was sent of it so far is not all: it must not look complete.
                body.fail("aborted");
                home.isolate().post(() -> feed(of, channel));
            }
        }
        return true;
    }

    /**
     * (call, from channel, to channel, whether nothing can stop it) → whether the body that arrives on the one is now sent on the other,
     * without another word of the script; `drain` follows at its end. The rest of a response need not come here at all.
     */
    private Object splice(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        BodyIn from = of == null ? null : of.bodiesIn.get(a[1].asInt());
        if (of == null || from == null || !from.isUntouched()) {
            return false;
        }
        int source = a[1].asInt();
        int sink = a[2].asInt();
        Splice.tie(from, of.bodyOut(sink, home.out()), sink);
        of.pending++;
        if (sink == 0 && a[3].asBoolean() && from.isUnderWay()) {
            home.out()
                    .send(new FrameWriter()
                            .frame(FrameType.PASS, of.id)
                            .u16(source)
                            .take());
        } else {
            from.open();
        }
        home.isolate().post(() -> feed(of, source));
        return true;
    }

    private void move(HostCall of, Splice splice) {
        switch (splice.move()) {
            case WAITS -> home.isolate().settle(of);
            case DONE -> over(of, splice, true);
            case FAILED -> {
                if (splice.channel() == 0) {
                    home.isolate()
                            .abandon(of, FunctionOutcome.THREW, "The response's body broke off: " + splice.error());
                } else {
                    over(of, splice, false);
                }
            }
        }
    }

    private void over(HostCall of, Splice splice, boolean sent) {
        splice.unlink();
        of.pending--;
        home.isolate().run(of, entry(drain), of.id, splice.channel(), sent);
    }
}
