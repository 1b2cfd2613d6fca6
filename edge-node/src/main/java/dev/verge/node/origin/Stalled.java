package dev.verge.node.origin;

/** The content of an answer stopped in the middle for longer than is allowed. */
final class Stalled extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stalled() {
        super("the origin sent nothing for too long", null, false, false);
    }
}
