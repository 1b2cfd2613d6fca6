package dev.verge.control;

/** Why the control plane could not start, as one line for the person who started it. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure that the message explains in full. */
    public StartFailure(String message) {
        super(message);
    }

    /** A failure with what caused it. */
    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
