package dev.verge.sandbox.wire;

/** How the body of a message comes: as the last field of its head. */
public enum BodyForm {
    /** There is none. */
    NONE,
    /** In DATA frames, to an END. */
    FOLLOWS,
    /**
     * As {@link #FOLLOWS}, and its bytes are those of the body on another channel, whose number (u16) is the head's very last field: a body that
     * the function passes on as it came.
     */
    SAME,
    /** Whole, as the rest of the frame; at most {@link WireLimits#MAX_DATA_BYTES}. */
    INLINE;

    private static final BodyForm[] ALL = values();

    /** Reads a head's last field. */
    public static BodyForm of(int code) {
        if (code >= ALL.length) {
            throw new WireException("body form " + code);
        }
        return ALL[code];
    }
}
