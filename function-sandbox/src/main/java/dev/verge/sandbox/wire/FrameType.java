package dev.verge.sandbox.wire;

/**
 * What a frame is. On the wire: u32 length of what follows, u8 type, u32 call (or function) number, payload; big endian. Strings
 * are u32 length and UTF-8; a header list is u16 count and pairs of strings. Channel 0 of a call is its request and response
 * body, channel n the bodies of its n-th subrequest.
 */
public enum FrameType {
    /**
     * Node: a function. name, version, sha256, limits (7 × u64), u16 count of env pairs, u16 count of bindings (u8 kind, name in env),
     * u32 bytes of its bundle.
     */
    LOAD,
    /** Node: the next bytes of that bundle. */
    CODE,
    /** Node: the function is not going to be called any more. */
    UNLOAD,
    /** Node: u32 function, request id, method, url, headers, facts, u8 whether a body follows. */
    CALL,
    /** Node: u32 function, request id, u64 ms since 1970, schedule: a tick of a schedule. */
    TICK,
    /** Node: u32 function; answered by CHECKED. */
    CHECK,
    /** Node: the caller went away. */
    CANCEL,
    /** Node: u16 channel, u16 status, url, u8 redirected, headers, u8 whether a body follows. */
    SUBRESPONSE,
    /** Node: u16 channel, message. */
    SUBFAILED,
    /** Both: u16 channel, bytes of its body, within the credit given. */
    DATA,
    /** Both: u16 channel; its body is complete. */
    END,
    /** Both: u16 channel, reason; its body will not be completed, or it or the answer to a subrequest is not wanted any more. */
    RESET,
    /** Both: u16 channel, u32 more bytes that may be sent. */
    CREDIT,
    /** Host: u64 process id, engine name, u16 bits of the walls that stand, what was refused in words. The first frame. */
    HELLO,
    /** Host: it has exercised its compiler. */
    WARM,
    /** Host: its watchdog is alive; sent while calls are running. */
    PULSE,
    /** Host: u16 status, headers, u8 {@link BodyForm}, and the body if it is inline, or the channel of the one that it is. */
    HEAD,
    /**
     * Host: u16 channel, u8 kind of target ({@link SubrequestKind}), its name, method, url, redirect mode, options, headers, u8 whether a
     * body follows.
     */
    SUBREQUEST,
    /** Host: u16 channel; what it was not yet sent of that body is the rest of the response's, behind what it sends of that itself. */
    PASS,
    /** Host: the call is over a limit and is being stopped. u8 outcome, and that in words. */
    STOPPING,
    /**
     * Host: the call is over. u8 outcome, u8 pass-through, u64 CPU ns, u64 cold start ns, u64 bytes allocated, u64 bytes held at most,
     * u32 subrequests, u32 count of log lines (u64 ms, level, text).
     */
    FINISHED,
    /** Host: u16 count of errors (u8 kind, module, u32 line, u32 column, message). */
    CHECKED;

    private static final FrameType[] ALL = values();

    static FrameType of(int code) {
        if (code < 0 || code >= ALL.length) {
            throw new WireException("unknown frame type " + code);
        }
        return ALL[code];
    }
}
