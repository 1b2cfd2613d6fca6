package dev.verge.node;

/** A node could not start. The message is one line for people: what stands in the way, at which setting, and the way out. */
public final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
