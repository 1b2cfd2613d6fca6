package dev.verge.node.observe;

import java.util.Locale;

/** Where a request may have to wait. The word is the label {@code phase} of {@code verge_request_phase_seconds}. */
public enum Stage {
    /** For what is stored: the disk. */
    LOOKUP,
    /** For what another request fetches. */
    COLLAPSE,
    /** For the head of a function's answer: a host for it, and its run so far. */
    FUNCTION,
    /** For the head of an origin's answer: all tries together, and pauses between them. */
    ORIGIN;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
