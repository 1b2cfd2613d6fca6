package dev.verge.sandbox.host;

import org.jspecify.annotations.Nullable;

/**
 * A body that arrives on one channel of a call and is sent on another, inside the host: as much is taken of the one as the other has room
 * for, so that back-pressure reaches from end to end. Owner thread only.
 */
final class Splice {
    /** How far it is. */
    enum Progress {
        WAITS,
        DONE,
        FAILED
    }

    private final BodyIn from;
    private final BodyOut to;
    private final int channel;

    private Splice(BodyIn from, BodyOut to, int channel) {
        this.from = from;
        this.to = to;
        this.channel = channel;
    }

    /**
     * Ties the two together: from now on their events move it.
     *
     * @param channel of {@code to}
     */
    static void tie(BodyIn from, BodyOut to, int channel) {
        Splice splice = new Splice(from, to, channel);
        from.splice = splice;
        to.splice = splice;
    }

    int channel() {
        return channel;
    }

    /** Why it failed, or null. */
    @Nullable
    String error() {
        return from.error();
    }

    /** Moves what there is and what there is room for. */
    Progress move() {
        while (to.empty()) {
            byte[] next = from.next();
            if (next != null) {
                to.write(next);
                continue;
            }
            String error = from.error();
            if (error != null) {
                to.reset(error);
                return Progress.FAILED;
            }
            if (from.ended()) {
                to.end();
                return Progress.DONE;
            }
            return Progress.WAITS;
        }
        return Progress.WAITS;
    }

    /** The reader does not want the rest. */
    void stop() {
        from.cancel();
    }

    /** It is over: later events are not for it. */
    void unlink() {
        from.splice = null;
        to.splice = null;
    }
}
