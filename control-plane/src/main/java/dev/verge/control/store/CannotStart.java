package dev.verge.control.store;

/** Something the process needs cannot be had: one line for the person who started it. */
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure that the message explains in full. */
    public CannotStart(String message) {
        super(message);
    }

    /** A failure with what caused it. */
    public CannotStart(String message, Throwable cause) {
        super(message, cause);
    }
}
