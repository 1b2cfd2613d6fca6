package dev.verge.sandbox.host;

import dev.verge.sandbox.wire.FrameType;
import dev.verge.sandbox.wire.FrameWriter;
import dev.verge.sandbox.wire.WireLimits;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** What a script asks of the node: {@code fetch()}, other functions, namespaces, caches. Owner thread only. */
final class SubrequestPrimitives {
    private final Bindings home;
    private @Nullable Value subResponse;
    private @Nullable Value subFailed;

    SubrequestPrimitives(Bindings home) {
        this.home = home;
    }

    void addTo(Map<String, Object> host) {
        Bindings.add(host, "subrequest", this::subrequest);
        Bindings.add(host, "abortFetch", this::abort);
    }

    /** The entries that answers come in by. */
    void enterBy(Value program) {
        subResponse = program.getMember("subResponse");
        subFailed = program.getMember("subFailed");
    }

    private static Value entry(@Nullable Value entry) {
        if (entry == null) {
            throw new IllegalStateException("The context has not started");
        }
        return entry;
    }

    /**
     * (call, method, url, redirect, headers, kind, value, offset, length, options, kind of target, its name) → channel, or 0 when there
     * were too many. The last ones may be left out.
     */
    private Object subrequest(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        if (of == null || of.subrequests >= of.limits.subrequests()) {
            return 0;
        }
        if (a[2].asString().length() > WireLimits.MAX_URL_LENGTH || !HeaderLines.fit(a[4].asString())) {
            return -1;
        }
        int channel = ++of.subrequests;
        of.pending++;
        of.answersDue.add(channel);
        int kind = a[5].asInt();
        home.out()
                .send(new FrameWriter()
                        .frame(FrameType.SUBREQUEST, of.id)
                        .u16(channel)
                        .u8(a.length > 10 ? a[10].asInt() : 0)
                        .string(a.length > 11 ? a[11].asString() : "")
                        .string(a[1].asString())
                        .string(a[2].asString())
                        .string(a[3].asString())
                        .string(a.length > 9 ? a[9].asString() : "")
                        .headers(HeaderLines.split(a[4].asString()))
                        .flag(kind != 0)
                        .take());
        byte[] body = Bindings.wholeBody(kind, a[6], a[7], a[8]);
        if (body != null) {
            BodyOut whole = of.bodyOut(channel, home.out());
            whole.write(body);
            whole.end();
        }
        return channel;
    }

    void answered(HostCall of, int channel, int status, String url, boolean redirected, String headers, boolean body) {
        if (of.finished || !of.answersDue.remove(channel)) {
            return;
        }
        of.pending--;
        if (body) {
            of.bodiesIn.put(channel, new BodyIn(of.id, channel, home.out()));
        }
        home.isolate().run(of, entry(subResponse), of.id, channel, status, url, redirected, headers, body);
    }

    void refused(HostCall of, int channel, String message) {
        if (!of.finished && of.answersDue.remove(channel)) {
            of.pending--;
            home.isolate().run(of, entry(subFailed), of.id, channel, message);
        }
    }

    /** (call, channel): the script does not wait for the answer any more. */
    private Object abort(Value... a) {
        HostCall of = home.isolate().callOf(a[0].asInt());
        if (of != null) {
            int channel = a[1].asInt();
            BodyOut sending = of.bodiesOut.get(channel);
            if (sending != null) {
                sending.discard();
            }
            if (of.answersDue.remove(channel)) {
                of.pending--;
            }
            home.out()
                    .send(new FrameWriter()
                            .frame(FrameType.RESET, of.id)
                            .u16(channel)
                            .string("aborted")
                            .take());
        }
        return true;
    }
}
