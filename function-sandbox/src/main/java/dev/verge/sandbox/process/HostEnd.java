package dev.verge.sandbox.process;

import java.util.Locale;

/** Why the fleet ends or replaces a host: a closed list, for meters and log. */
enum HostEnd {
    /** Its account has not called for long. */
    IDLE,
    /** Another account needs its place, and it was idle longest. */
    EVICTED,
    /** Its account has another one now. */
    REPLACED,
    /** Many contexts were stopped in it. */
    CANCELS,
    /** It holds more of the machine's memory than it should. */
    GROWTH,
    /** It has served very many calls. */
    REQUESTS;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
